"""Changing entries: into the files and into the audit trail, both or neither.

Nothing is saved that would add an error of :mod:`bot.faq.checks`. The trail is written before
the files: a crash in between leaves a change on record that waits for review, never one in the
files that nobody has to look at.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from bot.errors import Conflict, Invalid
from bot.faq.bank import Bank, SourceFile, assemble, digest_of, load_bank, read_file
from bot.faq.changes import Action, Change, ChangeLog, Edit, person
from bot.faq.checks import check_bank, errors_in
from bot.faq.differences import changed_fields
from bot.faq.entry import Entry
from bot.faq.files import check_unchanged, locked, replace_all
from bot.faq.refusal import Refused
from bot.faq.yaml_text import FileText, heading
from bot.storage import Database
from bot.text.clock import Clock, shanghai, utc_now


class Editor:
    """The one way in which tools change the bank's files.

    Every method takes the ``bank`` that the person was looking at. If a file it would write has
    changed since, by whomever, it raises :class:`bot.errors.Conflict` and writes nothing.

    Args:
        folder: of the YAML files.
        intents: business intents that a quick reply may lead to.
    """

    def __init__(
        self, folder: Path, db: Database, intents: Collection[str], clock: Clock = utc_now
    ) -> None:
        self._folder = folder
        self._intents = intents
        self._clock = clock
        self._log = ChangeLog(db, clock)

    def load(self) -> Bank:
        """The bank as it is now."""
        return load_bank(self._folder)

    def add(self, bank: Bank, entry: Entry, *, by: str, why: str) -> Change:
        """Add an entry to its topic's file; a new topic gets a file of its own.

        Raises:
            Conflict: the id is taken, or the file has changed.
            Refused: the bank would have an error more.
        """
        if bank.find(entry.id) is not None:
            raise Conflict(f"编号 {entry.id} 已有条目（请换一个，或用 edit 修改它）")
        return self.save(bank, [Edit(None, entry)], "add", by=by, why=why)[0]

    def edit(self, bank: Bank, entry: Entry, *, by: str, why: str) -> Change:
        """Make the entry with this id read so; its id and topic stay.

        Raises:
            NotFound: there is no such entry.
            Invalid: nothing changes.
            Conflict, Refused: as :meth:`add`.
        """
        edit = Edit(bank.get(entry.id), entry)
        return self._one(bank, edit, "edit", by, why)

    def withdraw(self, bank: Bank, entry_id: str, *, by: str, why: str) -> Change:
        """Take an answer back: it is not published any more. The reason is needed."""
        if not why.strip():
            raise Invalid("--why 不能为空：请写明为什么撤下")
        entry = bank.get(entry_id)
        return self._one(bank, Edit(entry, replace(entry, status="withdrawn")), "withdraw", by, why)

    def revert(self, bank: Bank, entry_id: str, base: Entry | None, *, by: str, why: str) -> Change:
        """Put back what an entry was before it was changed (``Pending.base``); one that was
        added becomes a draft, which is never published."""
        entry = bank.get(entry_id)
        return self._one(
            bank, Edit(entry, base or replace(entry, status="draft")), "revert", by, why
        )

    def _one(self, bank: Bank, edit: Edit, action: Action, by: str, why: str) -> Change:
        if edit.before == edit.after:
            raise Invalid(f"条目 {edit.after.id} 没有任何变化，没有写入")
        return self.save(bank, [edit], action, by=by, why=why)[0]

    def save(
        self, bank: Bank, edits: Sequence[Edit], action: Action, *, by: str, why: str
    ) -> list[Change]:
        """Write all edits, or none; see the class about conflicts."""
        who = person(by)
        if not edits:
            return []
        with locked(self._folder):
            files = self._rewritten(bank, edits)
            self._verify(bank, edits, files)
            changes = self._log.record(edits, action, who, why)
            try:
                replace_all({path: source.text.encode() for path, source in files.items()})
            except OSError as error:
                self._log.undo(changes, f"写文件失败：{error.strerror}")
                raise Conflict(
                    f"{self._folder} 写不进去（{error.strerror}），没有任何改动"
                ) from None
        return changes

    def _rewritten(self, bank: Bank, edits: Sequence[Edit]) -> dict[Path, SourceFile]:
        texts: dict[Path, FileText] = {}
        for edit in edits:
            source = self._file_for(bank, edit)
            if source.path not in texts:
                check_unchanged(source)
                texts[source.path] = FileText(source.text)
            values = changed_fields(edit.before, edit.after)
            if edit.before is None:
                texts[source.path].add(values)
            else:
                texts[source.path].change(edit.after.id, values)
        return {path: read_file(path, text.text.encode()) for path, text in texts.items()}

    def _file_for(self, bank: Bank, edit: Edit) -> SourceFile:
        if edit.before is not None:
            if edit.after.topic != edit.before.topic:
                raise Invalid(
                    f"'topic' 条目 {edit.after.id} 的主题由文件决定，不能改成 {edit.after.topic!r}"
                )
            return bank.file_of(edit.after.id)
        for source in bank.files:
            if source.topic == edit.after.topic:
                return source
        path = self._folder / f"{edit.after.id.split('.')[0]}.yml"
        if path.exists():
            taken = next((source.topic for source in bank.files if source.path == path), "")
            raise Invalid(
                f"'topic' {edit.after.topic!r} 没有文件，而 {path} 的主题是 {taken!r}"
                "（改用已有主题，或换一个编号开头）"
            )
        return SourceFile(path, edit.after.topic, heading(edit.after.topic), digest_of(b""), (), {})

    def _verify(self, bank: Bank, edits: Sequence[Edit], files: dict[Path, SourceFile]) -> None:
        """What will be in the files is what was asked for, and breaks nothing."""
        others = [source for source in bank.files if source.path not in files]
        after = assemble([*others, *files.values()])
        today = shanghai(self._clock()).date()
        known = {_without_line(str(each)) for each in check_bank(bank, self._intents, today)}
        new = [
            str(finding)
            for finding in errors_in(check_bank(after, self._intents, today))
            if _without_line(str(finding)) not in known
        ]
        if new:
            raise Refused(new)
        wanted = {entry.id: entry for entry in bank.entries}
        wanted.update({edit.after.id: edit.after for edit in edits})
        wrong = [key for key, entry in wanted.items() if after.find(key) != entry]
        if wrong or len(after.entries) != len(wanted):
            raise Conflict(
                f"条目 {'、'.join(wrong[:3])} 的写法无法自动修改，没有写入任何内容（请手工改文件）"
            )


def _without_line(finding: str) -> str:
    """A finding that does not change when lines above it do."""
    path, _, rest = finding.partition(":")
    return f"{path}:{rest.partition(':')[2]}"
