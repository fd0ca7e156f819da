"""Data files that people write: read as they stand, every error told by file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.errors import DataError

# By the beginning of what pydantic calls it; what our own checks raise says it all itself.
_MENDS = {
    "value_error.missing": "缺少这一项，请补上",
    "value_error.extra": "没有这一项，请检查拼写",
    "value_error.const": "不在可用的名称之内：workday、weekend、holiday",
    "value_error.number": "超出允许的范围",
    "value_error.date": "不是日期，写成 2026-03-03",
    "type_error.none": "不能为空，写上内容或去掉",
    "type_error.integer": "应是整数",
    "type_error": "写法不对，参照自带的文件",
}

Place = tuple[str | int, ...]


def mend(error: Any) -> str:
    """What is to be done about an error that pydantic found."""
    return next(
        (mend for kind, mend in _MENDS.items() if error["type"].startswith(kind)),
        str(error["msg"]),
    )


@dataclass(frozen=True)
class YamlFile:
    """A file and what stands in it, with its places."""

    path: Path
    tree: Any

    @classmethod
    def read(cls, path: Path, needed: str) -> YamlFile:
        """Read a file whose top is a mapping.

        Args:
            needed: what such a file begins with, told where it does not.

        Raises:
            DataError: it cannot be read.
        """
        try:
            tree = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path}: 读不了（{error}）") from None
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise DataError(f"{path}:{line}: 不是有效的 YAML：请检查缩进和引号") from None
        if not isinstance(tree, Mapping):
            raise DataError(f"{path}:1: 缺少 {needed}（参照自带的文件）")
        return cls(path, tree)

    def error(self, place: Sequence[str | int], what: str) -> DataError:
        """``file:line: item: what``, as near to the place as the file goes."""
        node, line = self.tree, 1
        for step in place:
            if not _holds(node, step):
                break
            marks = node.lc.data if hasattr(node, "lc") else {}
            line = marks[step][0] + 1 if marks and step in marks else line
            node = node[step]
        item = ".".join(str(step) for step in place if step != "__root__")
        return DataError(
            f"{self.path}:{line}: {item}: {what}" if item else f"{self.path}:{line}: {what}"
        )


def _holds(node: Any, step: str | int) -> bool:
    if isinstance(node, Mapping):
        return step in node
    return isinstance(node, list) and isinstance(step, int) and step < len(node)
