"""What a maintainer is told about the files of the FAQ bank."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import DataError
from bot.faq.bank import load_bank
from bot.faq.checks import check_bank

ENTRY = """\
topic: 挂失
entries:
  - id: loss.fee
    question: 挂失收费吗？
    variants: [挂失要钱吗, 挂失多少钱, 报失收费不, 挂失免费吗, 挂失手续费, 丢卡挂失要花钱吗]
    answer: |
      挂失**免费**。
    quick_replies:
      - title: 立即挂失
        intent: report_card_loss
    owner: 个人金融部
    source: 示例
    effective: 2026-01-01
    expires: null
    reviewed_on: 2026-01-01
    status: approved
    audience: public
"""


def written(folder: Path, text: str, name: str = "loss.yml") -> Path:
    (folder / name).write_text(text)
    return folder


def test_a_sound_bank_has_no_findings(tmp_path: Path) -> None:
    bank = load_bank(written(tmp_path, ENTRY))
    assert check_bank(bank, tmp_path, {"report_card_loss"}) == []
    assert bank.get("loss.fee").questions[0] == "挂失收费吗？"


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("effective: 2026-01-01", "effective: 2026-13-01", 13, "YYYY-MM-DD"),
        ("expires: null", "expires: 2025-01-01", 14, "expires"),
        ("status: approved", "status: ready", 16, "可选"),
        ("audience: public", "audience: everybody", 17, "可选"),
        ("    owner: 个人金融部\n", "", 3, "owner"),
        ("owner:", "ownr:", 11, "ownr"),
        ("question: 挂失收费吗？", "question: '挂失收费吗？", 4, "YAML"),
        ("        intent: report_card_loss\n", "", 8, "intent"),
    ],
)
def test_a_wrong_file_is_told_with_place_and_mend(
    tmp_path: Path, old: str, new: str, line: int, told: str
) -> None:
    with pytest.raises(DataError) as error:
        load_bank(written(tmp_path, ENTRY.replace(old, new)))
    assert "\n" not in str(error.value)
    assert told in str(error.value)
    place = str(error.value).split(":")
    assert place[0].endswith("loss.yml")
    # A quote that never closes is noticed where the file ends.
    assert int(place[1]) == line or told == "YAML"


def test_what_only_the_whole_bank_shows(tmp_path: Path) -> None:
    second = (
        ENTRY.replace("loss.fee", "loss.cost")
        .replace("挂失要钱吗, ", "")
        .replace("挂失收费吗？", "挂失收费吗")
        .replace("    owner", "    related: [loss.none]\n    owner")
        .replace("**免费**。", "**免费**。\n      stories: 无")
    )
    written(tmp_path, ENTRY)
    written(tmp_path, second, "other.yml")
    findings = "\n".join(check_bank(load_bank(tmp_path), tmp_path, {"transfer_money"}))
    for told in ("至少 6 种", "loss.none 不存在", "report_card_loss 不存在", "stories:", "相同"):
        assert told in findings


def test_an_id_stands_once(tmp_path: Path) -> None:
    written(tmp_path, ENTRY)
    written(tmp_path, ENTRY, "again.yml")
    with pytest.raises(DataError, match="重复"):
        load_bank(tmp_path)
