"""What a maintainer is told about the files of the FAQ bank."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import DataError
from bot.faq.bank import inspect_bank, load_bank
from bot.faq.checks import check_bank
from bot.faq.entry import Entry

TODAY = date(2026, 3, 2)
ENTRY = """\
topic: 挂失
entries:
  - id: loss.fee
    question: 挂失收费吗？
    variants: [挂失要钱吗, 挂失多少钱, 报失收费不, 挂失免费吗, 挂失手续费, 丢卡挂失要花钱吗, 报失要交费吗, 挂失贵吗]
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
    assert check_bank(bank, {"report_card_loss"}, TODAY) == []
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
        ("        intent: report_card_loss\n", "", 9, "intent"),
        ("挂失手续费, ", "{问: 答}, ", 5, "第 5 项"),
        ("variants: [", "variants: 挂失 #[", 5, "不是列表"),
        ("    owner:", "    expected:\n      - 好\n      - ''\n    owner:", 13, "第 2 项"),
        ("loss.fee", "loss fee", 3, "无效"),
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
        .replace("挂失要钱吗, 挂失多少钱, ", "")
        .replace("挂失收费吗？", "挂失收费吗")
        .replace("    owner", "    related: [loss.none]\n    owner")
        .replace("**免费**。", "**免费**。\n      stories: 无")
    )
    written(tmp_path, ENTRY)
    written(tmp_path, second, "other.yml")
    findings = "\n".join(map(str, check_bank(load_bank(tmp_path), {"transfer_money"}, TODAY)))
    for told in ("至少 8 种", "loss.none 不存在", "report_card_loss 不存在", "stories:", "相同"):
        assert told in findings


def test_warnings_stop_nothing_and_all_errors_are_told(tmp_path: Path) -> None:
    old = ENTRY.replace("reviewed_on: 2026-01-01", "reviewed_on: 2025-01-01")
    draft = (
        ENTRY.replace("loss.fee", "loss.draft").replace("挂失", "解挂").replace("报失", "解失")
        .replace("丢卡", "找卡").replace(", 解失要交费吗, 解挂贵吗", "").replace("approved", "draft")
    )  # fmt: skip
    written(tmp_path, old.replace("    owner", "    related: [loss.draft]\n    owner"))
    written(tmp_path, draft, "draft.yml")
    findings = check_bank(load_bank(tmp_path), {"report_card_loss"}, TODAY)
    assert {finding.level for finding in findings} == {"warning"}
    told = "\n".join(map(str, findings))
    assert f"{tmp_path}/loss.yml:16: entry loss.fee: 上次复核" in told
    assert "只有 6 种问法" in told and "是 draft" in told
    later = check_bank(load_bank(tmp_path), {"report_card_loss"}, TODAY, review_days=900)
    assert "上次复核" not in "\n".join(map(str, later))
    written(tmp_path, old.replace("owner", "ownr").replace("loss.fee", "loss.a"))
    written(tmp_path, draft.replace("audience: public", "audience: all"), "draft.yml")
    written(tmp_path, ENTRY, "good.yml")
    bank = inspect_bank(tmp_path)
    assert [entry.id for entry in bank.entries] == ["loss.fee"] and len(bank.errors) == 2
    assert len(check_bank(bank, {"report_card_loss"}, TODAY)) == 2


def test_regression_questions_are_kept_apart(tmp_path: Path) -> None:
    text = ENTRY.replace("    owner", "    expected: [报失要不要钱, 丢卡的手续费]\n    owner")
    entry = load_bank(written(tmp_path, text)).get("loss.fee")
    assert entry.expected == ("报失要不要钱", "丢卡的手续费")
    assert not set(entry.expected) & set(entry.questions)
    assert Entry.from_json(entry.to_json()) == entry
    older = entry.to_json()
    del older["expected"]
    assert Entry.from_json(older).expected == ()
    written(tmp_path, text.replace("报失要不要钱", "挂失要钱吗？"))
    (finding,) = check_bank(load_bank(tmp_path), {"report_card_loss"}, TODAY)
    assert finding.level == "error" and "回归问法“挂失要钱吗？”" in str(finding)


def test_an_id_stands_once(tmp_path: Path) -> None:
    written(tmp_path, ENTRY)
    written(tmp_path, ENTRY, "again.yml")
    with pytest.raises(DataError, match="重复"):
        load_bank(tmp_path)
