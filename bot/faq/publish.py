"""Publications: a bank made ready to answer, switched over in one step.

``FOLDER/<version>/`` holds entries, index and calibration; ``FOLDER/CURRENT`` names the version in
use. A new one is written aside and the pointer replaced, so a reader sees the old or the new.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.errors import ConfigError
from bot.faq.bank import Bank
from bot.faq.calibration import Calibration, calibrate
from bot.faq.encoder import Encoder
from bot.faq.entry import Entry
from bot.faq.index import Index
from bot.faq.retriever import Retriever
from bot.text.clock import Clock, utc_now

CURRENT, ENTRIES = "CURRENT", "entries.json"
# Versions kept for going back to; older ones are removed.
KEPT = 5


def publish(
    bank: Bank, folder: Path, encoder: Encoder, off_topic: Sequence[str], clock: Clock = utc_now
) -> str:
    """Publish every approved entry; returns the version's name. Trains nothing."""
    entries = [entry for entry in bank.entries if entry.status == "approved"]
    if not entries:
        raise ConfigError("知识库里没有已审核（approved）的条目，没有可发布的内容")
    index = Index.build([(q, entry.id) for entry in entries for q in entry.questions], encoder)
    calibration = calibrate(index, encoder, off_topic)
    folder.mkdir(parents=True, exist_ok=True)
    version = _next_version(folder, clock())
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
    try:
        plain = [entry.to_json() for entry in entries]
        (draft / ENTRIES).write_text(json.dumps(plain, ensure_ascii=False, indent=1))
        index.save(draft, encoder)
        calibration.save(draft)
        draft.chmod(0o755)
        draft.rename(folder / version)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _point(folder, version)
    for old in versions(folder)[:-KEPT]:
        shutil.rmtree(folder / old)
    return version


def versions(folder: Path) -> list[str]:
    """Versions in the folder, oldest first."""
    return sorted(path.name for path in folder.glob("[0-9]*") if path.is_dir())


def _next_version(folder: Path, now: datetime) -> str:
    base = now.strftime("%Y%m%d-%H%M%S")
    # Behind every other of this second: a name must never sort before an older version's.
    numbers = [int(name[len(base) + 1 :]) for name in versions(folder) if name.startswith(base)]
    return f"{base}-{max(numbers, default=-1) + 1:03d}"


def _point(folder: Path, version: str) -> None:
    handle, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "w") as file:
        file.write(version)
    Path(name).chmod(0o644)
    Path(name).replace(folder / CURRENT)


def load_publication(folder: Path, encoder: Encoder) -> Retriever:
    """The publication in use.

    Raises:
        ConfigError: nothing is published, or by another encoder.
    """
    pointer = folder / CURRENT
    if not pointer.exists():
        raise ConfigError(f"{folder} 里没有已发布的知识库：请运行 bankbot faq publish")
    version = folder / pointer.read_text().strip()
    plain = json.loads((version / ENTRIES).read_text())
    entries = {entry.id: entry for entry in map(Entry.from_json, plain)}
    return Retriever(entries, Index.load(version, encoder), Calibration.load(version), encoder)


class LiveRetriever:
    """The publication in use, now: a new one is noticed at the next search."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._folder = folder
        self._encoder = encoder
        self._seen: tuple[int, int] | None = None
        self._retriever: Retriever | None = None

    def current(self) -> Retriever:
        """The retriever of the present publication; one ``stat`` when nothing changed."""
        try:
            stat = (self._folder / CURRENT).stat()
            seen = (stat.st_mtime_ns, stat.st_ino)
        except FileNotFoundError:
            seen = None
        if self._retriever is None or seen != self._seen:
            self._retriever = load_publication(self._folder, self._encoder)
            self._seen = seen
        return self._retriever
