"""What holds for every message that entities are read from."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.entities import TYPES, EntityFinder
from bot.text.wordlist import words

TODAY = date(2026, 3, 2)
FINDER = EntityFinder()
# Pieces that the readers look for, so that random text reaches their inner branches.
PIECES = st.sampled_from(
    words(
        "转 给 打 汇 到 账上 500 8866 尾号 三千五 块 元 毛 分 期 去年 2月 30号 到 至今 上周 五 0 . , ¥ 几 多 万 w "
        "小雨 我妈 电费 房贷 信用卡 138 12345678 一 二 \ue000 \ue001 99999999999 二月二十九 闰 的 和"
    )
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_is_read_and_entities_never_overlap(text: str) -> None:
    end = 0
    for entity in FINDER.find(text, TODAY):
        assert end <= entity.start < entity.end <= len(text)
        assert entity.text == text[entity.start : entity.end]
        assert entity.type in TYPES
        end = entity.end


@pytest.mark.parametrize(
    "piece", ["1", "一", "万", "给", "转给", "1-", "块", "到", "我", "分", "十", " "]
)
def test_a_long_run_is_no_way_to_hold_a_process_up(piece: str) -> None:
    text = piece * (2000 // len(piece))
    begun = time.process_time()
    FINDER.find(text, TODAY)
    # No measure of speed: a pattern that backtracks takes minutes.
    assert time.process_time() - begun < 10


def test_reading_entities_loads_no_torch_and_leaves_it_importable() -> None:
    code = (
        "import sys\n"
        "from bot.text.entities import EntityFinder\n"
        "EntityFinder()\n"
        "assert 'torch' not in sys.modules, 'torch was loaded'\n"
        "import torch\n"
        "assert torch.tensor([1]).item() == 1\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
