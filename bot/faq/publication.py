"""Where publications lie: ``FOLDER/<version>/`` each, and ``FOLDER/CURRENT`` naming the one in use.

A version is written aside and renamed, the pointer replaced in one step: a reader sees the old or
the new. Versions are numbered 1, 2, 3 …, and a number is never given twice.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import ConfigError, NotFound
from bot.faq.entry import Entry

# Who publishes when nobody is at the keyboard.
SYSTEM = "system"

CURRENT, ENTRIES, ABOUT = "CURRENT", "entries.json", "publication.json"
# Versions kept for going back to; older ones are removed, the one in use never.
KEPT = 5
_NAME = re.compile(r"(\d{6,})-\d{8}-\d{6}$")


@dataclass(frozen=True)
class Publication:
    """One version: its running number, its folder's name, who made it when and why.

    ``previous`` is the number that was in use before it; 0: none. ``encoder`` is the fingerprint
    of the encoder whose vectors it holds.
    """

    number: int
    version: str
    at: datetime
    by: str
    why: str
    entries: int
    encoder: str = ""
    previous: int = 0

    @property
    def title(self) -> str:
        """As a maintainer calls it."""
        unnumbered = "" if self.number else "没有编号的"
        return unnumbered + title_of(self.number, self.version)

    def to_json(self) -> dict[str, object]:
        """Plain values that :meth:`from_json` reads back."""
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Publication:
        return cls(**{**plain, "at": datetime.fromisoformat(plain["at"])})


def title_of(number: int, version: str) -> str:
    """A version's name in a list of them."""
    return f"第 {number} 版" if number else f"旧版 {version}"


def versions(folder: Path) -> list[str]:
    """Versions in the folder, oldest first."""
    names = [path.name for path in folder.glob("[0-9]*") if path.is_dir()]
    return sorted(names, key=lambda name: (number_of(name), name))


def number_of(version: str) -> int:
    """A version's number; 0 for one that was made before there were numbers."""
    found = _NAME.match(version)
    return int(found[1]) if found else 0


def next_number(folder: Path, used: int = 0) -> int:
    """A number above all in the folder and above ``used``."""
    return max([used, *map(number_of, versions(folder))]) + 1


def current_version(folder: Path) -> str | None:
    """The name of the version in use."""
    pointer = folder / CURRENT
    return pointer.read_text().strip() if pointer.exists() else None


def current_folder(folder: Path) -> Path:
    """The folder of the version in use; :class:`ConfigError` when nothing is published."""
    version = current_version(folder)
    if version is None:
        raise ConfigError(f"{folder} 里没有已发布的知识库：请运行 bankbot faq publish")
    return folder / version


def about(folder: Path, version: str) -> Publication:
    """What is known of a version that is kept."""
    path = folder / version / ABOUT
    if path.exists():
        return Publication.from_json(json.loads(path.read_text()))
    made = datetime.fromtimestamp((folder / version).stat().st_mtime).astimezone()
    return Publication(number_of(version), version, made, "", "", len(entries_of(folder, version)))


def entries_of(folder: Path, version: str) -> list[Entry]:
    """The entries of a version that is kept."""
    plain = json.loads((folder / version / ENTRIES).read_text())
    return [Entry.from_json(each) for each in plain]


def kept(folder: Path) -> list[Publication]:
    """Every version that can be gone back to, oldest first."""
    return [about(folder, version) for version in versions(folder)]


def find(folder: Path, number: int | None) -> Publication:
    """The version of that number; ``None``: the one used before the present one.

    Raises:
        NotFound: it is not kept, or there is none before.
    """
    known = {each.number: each for each in kept(folder)}
    if number is None:
        present = about(folder, current_folder(folder).name)
        older = [each for each in known if each < present.number]
        wanted = present.previous if present.previous in known else max(older, default=None)
        if wanted is None or wanted == present.number:
            raise NotFound(f"{present.title}之前没有保留的版本，无法退回")
        return known[wanted]
    if number not in known:
        able = "、".join(str(each) for each in sorted(known)) or "没有"
        raise NotFound(f"第 {number} 版没有保留（可退回的版本：{able}）")
    return known[number]


def store(
    folder: Path,
    save: Callable[[Path], None],
    entries: list[Entry],
    number: int,
    *,
    at: datetime,
    by: str,
    why: str,
    encoder: str,
) -> Publication:
    """Write a version whole, not yet in use; ``save`` writes what answers into its folder."""
    version = f"{number:06d}-{at:%Y%m%d-%H%M%S}"
    present = current_version(folder)
    made = Publication(
        number, version, at, by, why, len(entries), encoder, number_of(present) if present else 0
    )
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
    try:
        plain = [entry.to_json() for entry in entries]
        # Indented, a large bank would take twice as long to write.
        (draft / ENTRIES).write_text(json.dumps(plain, ensure_ascii=False))
        (draft / ABOUT).write_text(json.dumps(made.to_json(), ensure_ascii=False))
        save(draft)
        draft.chmod(0o755)
        draft.rename(folder / version)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return made


def point(folder: Path, version: str) -> None:
    """Use a version from now on."""
    handle, name = tempfile.mkstemp(prefix=".current-", dir=folder)
    with os.fdopen(handle, "w") as file:
        file.write(version)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o644)
    Path(name).replace(folder / CURRENT)


def discard(folder: Path, version: str) -> None:
    """Remove a version that never came into use."""
    shutil.rmtree(folder / version, ignore_errors=True)


def prune(folder: Path) -> None:
    """Remove all but the last :data:`KEPT` versions and the one in use."""
    present = current_version(folder)
    for old in versions(folder)[:-KEPT]:
        if old != present:
            shutil.rmtree(folder / old)
