"""What is wanted with a complaint made before is told from asking about complaints at large."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.complaints.categories import guess_category
from bot.text.complaint_acts import (
    find_complaint_act,
    find_complaint_number,
    is_bare_complaint,
    said_beside,
)

FAQ = Path(__file__).parents[2] / "data" / "faq"


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("我的投诉到哪一步了", "progress"),
        ("我上次的投诉怎么样了", "progress"),
        ("查一下我的投诉进度", "progress"),
        ("CT20261126-0001现在什么情况", "progress"),
        ("上次投诉到现在没人理", "chase"),
        ("我上周投诉的事怎么还没人联系我", "chase"),
        ("再补充一下，柜员工号是0032", "add"),
        ("给我的投诉补充一点情况:柜员工号是0032", "add"),
        ("我要撤诉", "withdraw"),
        ("撤销投诉CT20261126-0001", "withdraw"),
        ("不投诉了，帮我撤掉吧", "withdraw"),
        ("我对投诉结果不满意，申请复核", "review"),
        # About complaints at large, or a complaint being made.
        ("投诉进度在哪里看", None),
        ("投诉能撤吗", None),
        ("撤诉怎么办理", None),
        ("投诉结果不满意还能找谁", None),
        ("我要投诉你们拖延", None),
        ("投诉处理员打电话来劝我撤诉", None),
        ("他们逼我撤诉，我不同意", None),
        ("建议开个投诉反馈的进度页", None),
        ("请问能帮我投诉一下那个经理吗", None),
        ("贷款补充材料怎么交", None),
    ],
)
def test_acts(text: str, act: str | None) -> None:
    assert find_complaint_act(text) == act


def test_questions_of_the_faq_bank_are_no_acts() -> None:
    """Two are asked of one's own case; word for word they stay the bank's."""
    questions = [
        text
        for path in FAQ.glob("*.yml")
        for entry in YAML(typ="safe").load(path)["entries"]
        for text in (entry["question"], *entry["variants"], *entry["expected"])
    ]
    found = {text for text in questions if find_complaint_act(text)}
    assert found == {"我的投诉走到哪了", "我的投诉办到哪一步了"}


def test_numbers_and_what_stands_beside() -> None:
    assert find_complaint_number("ct20261126 0001") is None
    assert find_complaint_number("我的ct202611260001呢") == "CT20261126-0001"
    assert said_beside("我要补充投诉CT20261126-0001:还有录音") == "还有录音"
    assert said_beside("再补充一下") == ""


@pytest.mark.parametrize("text", ["我要投诉", "登记投诉", "麻烦帮我登记一个投诉", "投诉你们"])
def test_bare(text: str) -> None:
    assert is_bare_complaint(text)
    assert not is_bare_complaint(f"{text}乱收费")


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("催收给我家人打电话", "collection"),
        ("泄露我的个人信息，投诉", "privacy"),
        ("你们乱收费，我要投诉", "fee"),
        ("误导我买理财，亏了", "wealth"),
        ("不办信用卡就不给我开户", "credit_card"),
        ("app天天闪退", "digital"),
        ("大堂经理态度恶劣", "service"),
        ("我要投诉", "other"),
    ],
)
def test_categories(text: str, category: str) -> None:
    assert guess_category(text) == category
