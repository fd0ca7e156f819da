"""Writing the bank's files so that nobody reads half of one and nobody's work is lost."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.errors import Conflict, DataError
from bot.faq.bank import SourceFile, digest_of


def decoded(path: Path) -> str:
    """The text of a file in UTF-8, or in GB18030, which Excel saves under a Chinese Windows.

    Raises:
        DataError: it is neither, or cannot be read.
    """
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"{path}: 读不了（{error.strerror or error}）") from None
    except UnicodeDecodeError:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError:
            raise DataError(
                f"{path}:1: 既不是 UTF-8 也不是 GBK（请另存为 UTF-8，在 Excel 里选“CSV UTF-8”）"
            ) from None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer of a folder at a time, among processes; the lock leaves no file behind."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def check_unchanged(source: SourceFile) -> None:
    """Raises :class:`Conflict` if the file is no longer what it was when it was read."""
    digest = digest_of(source.path.read_bytes()) if source.path.exists() else digest_of(b"")
    if digest != source.digest:
        raise Conflict(f"{source.path} 刚被别人改过，本次修改没有写入：请重新读取后再改一次")


def replace_all(contents: Mapping[Path, bytes]) -> None:
    """Replace every file, each in one step; if one cannot be, those before it are put back."""
    drafts: dict[Path, Path] = {}
    done: dict[Path, bytes | None] = {}
    try:
        for path, content in contents.items():
            drafts[path] = _draft(path, content)
        for path, draft in drafts.items():
            old = path.read_bytes() if path.exists() else None
            draft.replace(path)
            done[path] = old
    except BaseException:
        for path, old in done.items():
            if old is None:
                path.unlink(missing_ok=True)
            else:
                _draft(path, old).replace(path)
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise


def _draft(path: Path, content: bytes) -> Path:
    """The content, safe on disk beside ``path`` and with its permissions."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    draft = Path(name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    return draft
