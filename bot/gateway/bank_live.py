"""The FAQ bank's files and its version in use, read again only where they changed.

Keys are contents, not times, so nothing shown is ever stale.
"""

from __future__ import annotations

import threading
from collections import ChainMap
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import DataError
from bot.faq.bank import Bank, SourceFile, assemble, digest_of, read_file

if TYPE_CHECKING:
    import numpy as np

    from bot.faq.encoder import Encoder
    from bot.faq.index import Index

T = TypeVar("T")

# Vectors kept of texts that are not published, such as what is being typed.
MOST_LATER = 20_000


class Kept(Generic[T]):
    """One value and what it was made of; made again for another key, by one caller at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: Hashable = None
        self._value: T | None = None

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value for this key; raises what ``make`` raises."""
        with self._lock:
            if self._value is None or key != self._key:
                self._value = make()
                self._key = key
            return self._value


class LiveBank:
    """The bank as its files are now, though one of them be broken.

    What cannot be read is in :attr:`Bank.errors`, which stops publishing; the rest can be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._files: dict[Path, tuple[str, SourceFile | DataError]] = {}
        self._bank: Bank | None = None
        self._warmed = False

    def warm(self) -> None:
        """Begin reading, so that it is done by the time somebody has signed in; only once."""
        if not self._warmed:
            self._warmed = True
            threading.Thread(target=self.current, daemon=True).start()

    def current(self) -> Bank:
        """The same object as before while no file changed."""
        with self._lock:
            files = {path: self._file(path) for path in sorted(self._folder.glob("*.yml"))}
            if self._bank is None or files != self._files:
                self._files, self._bank = files, self._assemble(files)
            return self._bank

    def _file(self, path: Path) -> tuple[str, SourceFile | DataError]:
        try:
            content = path.read_bytes()
        except OSError as error:
            return "", DataError(f"{path}: 读不了（{error.strerror}）")
        digest = digest_of(content)
        known = self._files.get(path)
        if known is not None and known[0] == digest:
            return known
        try:
            return digest, read_file(path, content)
        except DataError as error:
            return digest, error

    def _assemble(self, files: dict[Path, tuple[str, SourceFile | DataError]]) -> Bank:
        found = [each for _, each in files.values()]
        errors = [each for each in found if isinstance(each, DataError)]
        if not files:
            errors = [DataError(f"{self._folder}: 没有 FAQ 文件（*.yml）")]
        bank = assemble(each for each in found if isinstance(each, SourceFile))
        return Bank(bank.entries, bank.places, bank.files, (*errors, *bank.errors))


def remembering(encoder: Encoder, index: Index | None) -> Encoder:
    """The same encoder, which looks up what an index or an earlier call has encoded already."""
    import numpy as np

    from bot.faq.encoder import Encoder

    published = dict(zip(index.texts, index.vectors, strict=True)) if index else {}
    later: dict[str, np.ndarray] = {}

    def encode(texts: Sequence[str]) -> np.ndarray:
        # Another thread's clearing must not take away what this one has found.
        known = ChainMap(dict(later), published)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, encoder.encode(new), strict=True))
            if len(later) > MOST_LATER:
                later.clear()
            later.update((text, known[text]) for text in new)
        return np.stack([known[text] for text in texts])

    return Encoder(encode, encoder.fingerprint)
