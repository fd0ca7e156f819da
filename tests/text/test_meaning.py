"""Clauses, concepts, sounds and signals."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DataError
from bot.text.clauses import split_clauses
from bot.text.concepts import Concepts
from bot.text.signals import Signals
from bot.text.sound import letters

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize(
    ("text", "asserted", "denied"),
    [
        ("我不是要还款，我就想看看账单", ("我就想看看账单",), ("我不是要还款",)),
        ("查余额，别给我转人工", ("查余额",), ("别给我转人工",)),
        ("不是", ("不是",), ()),
        ("卡丢了", ("卡丢了",), ()),
    ],
)
def test_what_is_denied(text: str, asserted: tuple[str, ...], denied: tuple[str, ...]) -> None:
    assert split_clauses(text) == (asserted, denied)


@given(st.text(max_size=80))
def test_clauses_lose_no_word(text: str) -> None:
    clauses = split_clauses(text)
    said = sorted("".join((*clauses.asserted, *clauses.denied)))
    assert said == sorted(c for c in text if not c.isspace() and c not in "，。！？、；：,.?!;:")


@pytest.mark.parametrize("written", ["转账", "转帐", "zhuan zhang", "ZhuanZhang"])
def test_what_sounds_alike(written: str) -> None:
    assert letters(written) == "zhuanzhang"


def test_concepts_are_found_in_any_wording(tmp_path: Path) -> None:
    concepts = Concepts.load(DATA / "concepts.yml")
    assert "LOST" in concepts.find("张卡唔见咗")
    assert "LOST" in concepts.find("我的卡弄丢了")
    path = tmp_path / "concepts.yml"
    path.write_text("LOST: [丢]")
    with pytest.raises(DataError, match="LOST"):
        Concepts.load(path)


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("气死我了，你们这破系统", ["anger"]),
        ("我被骗了三万", ["fraud"]),
        ("有笔消费不是我刷的", ["fraud"]),
        ("欠这么多钱我不想活了", ["self_harm"]),
        ("再不解决我就砸了你们网点", ["threat"]),
        ("没被骗，就是卡丢了", []),
        ("怎么防止被盗刷", []),
        ("查一下余额", []),
    ],
)
def test_signals(text: str, signals: list[str]) -> None:
    assert Signals.load(DATA / "signals.yml").find(text) == signals


def test_a_spoilt_list_of_signals_is_told(tmp_path: Path) -> None:
    path = tmp_path / "signals.yml"
    path.write_text("anger: ['(']\nfraud: []\nself_harm: []\nthreat: []\n")
    with pytest.raises(DataError, match="anger: '\\('"):
        Signals.load(path)
