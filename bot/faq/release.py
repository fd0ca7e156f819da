"""Publishing as a maintainer does it: checked, approved, through the gate, on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.errors import ConfigError, Conflict, Invalid
from bot.faq.bank import Bank
from bot.faq.changes import person
from bot.faq.checks import Finding, errors_in
from bot.faq.differences import EntryChange, compare_banks
from bot.faq.files import locked
from bot.faq.gate import Outcome, Verdict, Worse, judge
from bot.faq.publication import (
    CURRENT,
    SYSTEM,
    Publication,
    about,
    current_folder,
    current_version,
    discard,
    entries_of,
    find,
    next_number,
    number_of,
    point,
    prune,
    store,
)
from bot.faq.refusal import NotPublished
from bot.faq.review import Reviews
from bot.faq.tables import faq_publications
from bot.storage import Database
from bot.text.clock import Clock, shanghai, utc_now

if TYPE_CHECKING:
    from bot.faq.encoder import Encoder
    from bot.faq.publish import Built


@dataclass(frozen=True)
class Released:
    """A publication just made, and what the gate said of it."""

    publication: Publication
    verdict: Verdict


@dataclass(frozen=True)
class Record:
    """One row of the publications' history; ``kind`` is ``publish`` or ``rollback``."""

    id: int
    at: datetime
    by: str
    kind: str
    number: int
    version: str
    why: str
    entries: int
    override: str | None
    worse: tuple[Worse, ...] = field(default=())


class Releases:
    """Publications of one folder, recorded in the project's database.

    Args:
        encoder: called when one is needed; reading the history needs none.
    """

    def __init__(
        self, folder: Path, db: Database, encoder: Callable[[], Encoder], clock: Clock = utc_now
    ) -> None:
        self._folder = folder
        self._db = db
        self._encoder = encoder
        self._clock = clock
        # The version last read or made, which the next one takes from; and what it made of the
        # regression questions on a day.
        self._known: Built | None = None
        self._outcomes: tuple[date, tuple[Outcome, ...]] | None = None

    def publish(
        self,
        bank: Bank,
        findings: Sequence[Finding],
        off_topic: Sequence[str],
        *,
        by: str = SYSTEM,
        why: str = "",
        override: str | None = None,
    ) -> Released:
        """Publish every approved entry, if nothing stands against it.

        Args:
            findings: what :func:`bot.faq.checks.check_bank` said of ``bank``.
            off_topic: texts that are none of a bank's business, for calibration.
            override: why it is published though the gate found something worse.

        Raises:
            NotPublished: errors, changes that nobody else approved, or worse answers.
            ConfigError: nothing is approved.
        """
        from bot.faq.publish import build

        who = person(by)
        if override is not None and not override.strip():
            raise Invalid("--override 不能为空：请写明为什么仍要发布")
        self._refuse_unsound(bank, findings)
        in_use = self._in_use()
        built = build(bank, self._encoder(), off_topic, in_use)
        verdict = self._judge(built, in_use)
        if verdict.worse and verdict.compared and override is None:
            raise NotPublished(
                "worse",
                f"{len(verdict.worse)} 个回归问法变差，没有发布（改好后再发布，或用 --override 写明理由）",
                [str(each) for each in verdict.worse],
            )
        made = self._switch(built, who, why, override, verdict)
        self._known = replace(built, version=made.version)
        self._outcomes = self._today(), verdict.outcomes
        return Released(made, verdict)

    def _refuse_unsound(self, bank: Bank, findings: Sequence[Finding]) -> None:
        errors = errors_in(findings)
        if errors:
            raise NotPublished(
                "unsound",
                f"共 {len(errors)} 处需要修改，未发布任何内容",
                [str(error) for error in errors],
            )
        waiting = [p for p in Reviews(self._db).pending(bank) if p.stops_publishing]
        if waiting:
            raise NotPublished(
                "waiting",
                f"{len(waiting)} 个条目改过但没有别人复核通过，没有发布（用 bankbot faq review 处理）",
                [f"{p.entry_id}：{'、'.join(p.authors)} 改过，{p.standing}" for p in waiting],
            )

    def trial(self, bank: Bank, off_topic: Sequence[str]) -> Verdict:
        """What the gate would say of a bank, without publishing it."""
        from bot.faq.publish import build

        in_use = self._in_use()
        return self._judge(build(bank, self._encoder(), off_topic, in_use), in_use)

    def _in_use(self) -> Built | None:
        """The version in use; ``None`` where there is none that answers."""
        from bot.faq.publish import load_version

        version = current_version(self._folder)
        if version is None or not (self._folder / version).is_dir():
            return None
        encoder = self._encoder()
        if self._known is None or (self._known.version, self._known.encoder) != (version, encoder):
            self._outcomes = None
            try:
                self._known = load_version(self._folder, version, encoder)
            except ConfigError:
                # Another encoder's vectors: that version answers nobody any more.
                return None
        return self._known

    def _judge(self, built: Built, in_use: Built | None) -> Verdict:
        today = self._today()
        known = {entry.id for entry in in_use.entries} if in_use else ()
        before = in_use.retriever() if in_use else None
        former = self._outcomes[1] if self._outcomes and self._outcomes[0] == today else ()
        return judge(built.retriever(), before, built.entries, known, today, former)

    def _today(self) -> date:
        return shanghai(self._clock()).date()

    def _switch(
        self, built: Built, by: str, why: str, override: str | None, verdict: Verdict
    ) -> Publication:
        with locked(self._folder):
            before = current_version(self._folder)
            made = store(
                self._folder, built.save, list(built.entries),
                next_number(self._folder, self._last_number()),
                at=self._clock(), by=by, why=why, encoder=self._encoder().fingerprint,
            )  # fmt: skip
            try:
                self._use(made, "publish", by, why, override, verdict.worse)
            except BaseException as error:
                self._undo(made, before)
                if isinstance(error, IntegrityError):
                    raise Conflict("另一处刚刚发布了同号的版本，没有发布：请再试一次") from None
                raise
            prune(self._folder)
        return made

    def _undo(self, made: Publication, before: str | None) -> None:
        """Leave the folder as it was before a version that could not be recorded."""
        if before is not None:
            point(self._folder, before)
        else:
            (self._folder / CURRENT).unlink(missing_ok=True)
        discard(self._folder, made.version)

    def _use(
        self,
        version: Publication,
        kind: str,
        by: str,
        why: str,
        override: str | None = None,
        worse: Sequence[Worse] = (),
    ) -> None:
        with self._db.begin() as tx:
            tx.execute(
                insert(faq_publications).values(
                    at=self._clock(),
                    by=by,
                    kind=kind,
                    number=version.number,
                    version=version.version,
                    why=why.strip(),
                    entries=version.entries,
                    override=override,
                    worse=[each.to_json() for each in worse],
                )
            )
            # Last, so that nothing comes into use that could not be recorded.
            point(self._folder, version.version)

    def rollback(
        self, number: int | None = None, *, by: str = SYSTEM, why: str = ""
    ) -> Publication:
        """Use an earlier version again; ``None``: the one used before the present one.

        Raises:
            NotFound: it is not kept.
            ConfigError: it holds another encoder's vectors, so it could not answer.
            Conflict: it is the one in use.
        """
        from bot.faq.publish import load_version

        who = person(by)
        with locked(self._folder):
            wanted = find(self._folder, number)
            if wanted.version == current_version(self._folder):
                raise Conflict(f"{wanted.title}正在使用，不用退回")
            load_version(self._folder, wanted.version, self._encoder())
            self._use(wanted, "rollback", who, why)
        return wanted

    def in_use(self) -> Publication:
        """The version in use; :class:`ConfigError` when nothing is published."""
        return about(self._folder, current_folder(self._folder).name)

    def diff(self, bank: Bank) -> list[EntryChange]:
        """What publishing ``bank`` would change against the version in use."""
        version = current_version(self._folder)
        before = entries_of(self._folder, version) if version else []
        return compare_banks(before, [e for e in bank.entries if e.status == "approved"])

    def history(self, limit: int | None = None) -> list[Record]:
        """Publications and roll-backs, oldest first; the last ``limit`` of them."""
        query = select(faq_publications).order_by(faq_publications.c.id.desc())
        with self._db.read() as tx:
            rows = tx.execute(query.limit(limit) if limit is not None else query).all()
        return [
            Record(**{**row._mapping, "worse": tuple(Worse(**each) for each in row.worse)})
            for row in reversed(rows)
        ]

    def _last_number(self) -> int:
        with self._db.read() as tx:
            found = tx.execute(select(func.max(faq_publications.c.number))).scalar_one()
        return max(found or 0, number_of(current_version(self._folder) or ""))
