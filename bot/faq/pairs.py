"""Question pairs with labels: read from a file, split without a leak, and what an encoder makes
of them."""

from __future__ import annotations

import csv
import json
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import DataError, Invalid
from bot.faq.encoder import Encoder
from bot.faq.files import decoded
from bot.faq.refusal import Refused
from bot.text.masking import drop_secrets, mask_text
from bot.text.normalise import normalise

SUFFIXES = (".csv", ".tsv", ".jsonl")
COLUMNS = ("text_a", "text_b", "label")
# What published sets call the same columns.
ALIASES = {"sentence1": "text_a", "sentence2": "text_b", "score": "label"}
# A file that is wrong throughout is told of by its first rows.
MOST_REASONS = 20
# The share of pairs that judges an encoder instead of training it.
HELD_SHARE = 0.1

Row = tuple[int, Mapping[Any, Any]]


@dataclass(frozen=True)
class Pair:
    """Two questions and how alike they are: 1 and 0, or any finite score, higher is more alike."""

    text_a: str
    text_b: str
    label: float

    def __post_init__(self) -> None:
        for name in COLUMNS[:2]:
            if not getattr(self, name):
                raise Invalid(f"{name} 是空的：请填上问法，或删掉这一行")
        if not math.isfinite(self.label):
            raise Invalid(f"label {self.label} 不是有限的数：{_LABELS}")

    @property
    def texts(self) -> tuple[str, str]:
        """Both questions."""
        return self.text_a, self.text_b


_LABELS = "意思相同写 1、不同写 0，或写相似程度的分数"


def read_pairs(path: Path, columns: Sequence[str] = COLUMNS) -> list[Pair]:
    """The pairs of a CSV, TSV or JSONL file (UTF-8, or GB18030 as Excel saves it).

    A first row of column names is understood, in any order and beside other columns; without one
    they are ``columns``. Card, phone and identity numbers are masked, passwords and
    codes dropped, so that no model keeps them.

    Raises:
        Refused: rows are wrong, each named ``file:row: what: mend``.
        DataError: the file cannot be read, or its labels are all the same.
    """
    pairs, problems = [], []
    for number, row in _rows(path, columns):
        try:
            pairs.append(_pair(row))
        except Invalid as error:
            problems.append(f"{path}:{number}: {error}")
            if len(problems) == MOST_REASONS:
                break
    if problems:
        raise Refused(problems)
    if len({pair.label for pair in pairs}) < 2:
        raise DataError(f"{path}: 共 {len(pairs)} 对，要有两种以上的 label：{_LABELS}")
    return pairs


def _pair(row: Mapping[Any, Any]) -> Pair:
    for name in COLUMNS:
        if row.get(name) is None:
            raise Invalid(f"缺少 {name}：每行要有 {'、'.join(COLUMNS)}")
    if None in row:
        raise Invalid(f"多出一格：每行只有 {'、'.join(COLUMNS)}，文字里有逗号时请加引号")
    try:
        label = float(row["label"])
    except (TypeError, ValueError):
        told = mask_text(str(row["label"]))[:20]
        raise Invalid(f"label {told!r} 不是数字：{_LABELS}") from None
    return Pair(_text(row["text_a"]), _text(row["text_b"]), label)


def _text(written: Any) -> str:
    return mask_text(drop_secrets(normalise(str(written)))[0])


def _rows(path: Path, names: Sequence[str]) -> Iterator[Row]:
    """Rows by column name, numbered from 1; what is beyond the columns is under ``None``."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Invalid(f"{path}：只认 {'、'.join(SUFFIXES)} 文件")
    lines = decoded(path)
    if suffix == ".jsonl":
        yield from _objects(path, lines)
        return
    stream = StringIO(lines, newline="")
    # Tab-separated files are written without quoting: a quote in them is a quote.
    cells = (
        csv.reader(stream)
        if suffix == ".csv"
        else csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
    )
    number = 0
    try:
        for number, row in enumerate(cells, 1):
            if number == 1 and set(COLUMNS) <= set(_named(row)):
                names = _named(row)
            elif any(cell.strip() for cell in row):
                found: dict[Any, Any] = dict(zip(names, row, strict=False))
                yield number, {**found, None: ...} if len(row) > len(names) else found
    except csv.Error as error:
        raise DataError(f"{path}:{number + 1}: 不是有效的表格：{error}（请检查引号）") from None


def _objects(path: Path, lines: str) -> Iterator[Row]:
    for number, line in enumerate(lines.split("\n"), 1):
        if line.strip():
            try:
                found = json.loads(line)
                yield number, dict(zip(_named(found), found.values(), strict=True))
            except (ValueError, AttributeError):
                raise DataError(f"{path}:{number}: 不是 JSON 对象：每行写一个 {{…}}") from None


def _named(columns: Iterable[str]) -> list[str]:
    plain = [str(column).strip().lower() for column in columns]
    return [ALIASES.get(column, column) for column in plain]


def split_pairs(pairs: Sequence[Pair], share: float = HELD_SHARE) -> tuple[list[Pair], list[Pair]]:
    """Pairs to train on, and about ``share`` of them to judge by, with no text in both.

    Pairs that share a text stay together; which ones are held depends on their texts alone.

    Raises:
        Invalid: a part would have fewer than two different labels.
    """
    groups = sorted(_connected(pairs), key=lambda rows: _chance(pairs, rows))
    room = round(len(pairs) * share)
    held: set[int] = set()
    for rows in groups:
        if len(held) + len(rows) <= room:
            held.update(rows)
    kept = [pair for row, pair in enumerate(pairs) if row not in held]
    judging = [pair for row, pair in enumerate(pairs) if row in held]
    for part in (kept, judging):
        if len({pair.label for pair in part}) < 2:
            raise Invalid(
                f"{len(pairs)} 对里留不出检验用的 {share:.0%}（两种 label 都要有，且不与其余的"
                "共用问法）：请加入更多问法对"
            )
    return kept, judging


def _connected(pairs: Sequence[Pair]) -> list[list[int]]:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    numbers: dict[str, int] = {}
    ends = np.array(
        [[numbers.setdefault(text, len(numbers)) for text in pair.texts] for pair in pairs]
    )
    size = len(numbers)
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, group_of = connected_components(graph, directed=False)
    groups: dict[int, list[int]] = {}
    for row, (first, _) in enumerate(ends):
        groups.setdefault(int(group_of[first]), []).append(row)
    return list(groups.values())


def _chance(pairs: Sequence[Pair], rows: Sequence[int]) -> int:
    return zlib.crc32(min(min(pairs[row].texts) for row in rows).encode())


def alike(pairs: Sequence[Pair]) -> np.ndarray:
    """Which pairs mean the same: those labelled above the middle of the labels, shape (pairs,)."""
    labels = np.array([pair.label for pair in pairs])
    found: np.ndarray = labels > (labels.min() + labels.max()) / 2
    return found


@dataclass(frozen=True)
class Score:
    """How the cosines of pairs agree with their labels.

    ``spearman`` is the rank correlation, in -1..1; ``auc`` the chance that a pair that means the
    same is nearer than one that does not; ``same`` and ``different`` are their mean cosines.
    """

    pairs: int
    spearman: float
    auc: float
    same: float
    different: float


def cosines(pairs: Sequence[Pair], encoder: Encoder) -> np.ndarray:
    """Cosine of each pair, shape (pairs,)."""
    first = encoder.encode([pair.text_a for pair in pairs])
    second = encoder.encode([pair.text_b for pair in pairs])
    found: np.ndarray = (first * second).sum(axis=1)
    return found


def score_pairs(pairs: Sequence[Pair], encoder: Encoder) -> Score:
    """Judge an encoder.

    Raises:
        Invalid: the labels are all the same.
    """
    from scipy.stats import spearmanr
    from sklearn.metrics import roc_auc_score

    labels = [pair.label for pair in pairs]
    if len(set(labels)) < 2:
        raise Invalid(f"{len(pairs)} 对的 label 都一样，算不出相关系数：请加入另一种标签的问法对")
    found, same = cosines(pairs, encoder), alike(pairs)
    return Score(
        len(pairs),
        float(spearmanr(found, labels)[0]),
        float(roc_auc_score(same, found)),
        float(found[same].mean()),
        float(found[~same].mean()),
    )
