"""Going on with an application, handing in a paper, taking it back: told by the words."""

from __future__ import annotations

import pytest

from bot.text.incomes import find_income
from bot.text.loan_acts import find_loan_act
from bot.text.loan_terms import find_loan_terms
from bot.text.normalise import normalise

ACTS = {
    "resume_loan": (
        "继续我的贷款申请", "我要继续上次的贷款申请", "接着填贷款申请", "昨天的贷款申请还没填完，继续",
        "把我的贷款申请填完", "繼續我的貸款申請",
    ),
    "withdraw_loan": (
        "撤回我的贷款申请", "取消贷款申请", "把贷款申请撤了", "贷款我不办了，帮我撤回", "我要撤销那笔贷款申请",
        "我不想贷了，把贷款申请撤了",
    ),
    "loan_materials": (
        "这是我的身份证", "这个是工资流水", "上传身份证", "我要上传材料", "补交材料", "上传贷款材料",
        "刚才传的是收入证明", "这份是购房合同",
    ),
}  # fmt: skip
QUESTIONS = (
    "撤回贷款申请要什么条件", "贷款申请可以撤回吗", "继续还贷款", "能继续申请贷款吗", "申请贷款", "取消申请",
    "怎么上传身份证", "可以在APP上传新身份证吗", "材料交上去了，到哪步了", "撤回刚才的申请", "贷款进度",
    "不是要新贷款，是查之前申请的", "补的资料收到没，贷款那个", "投诉你们让我补材料",
)  # fmt: skip


@pytest.mark.parametrize(("act", "text"), [(act, text) for act in ACTS for text in ACTS[act]])
def test_an_act(act: str, text: str) -> None:
    assert find_loan_act(normalise(text)) == act


@pytest.mark.parametrize("text", QUESTIONS)
def test_no_act(text: str) -> None:
    assert find_loan_act(normalise(text)) is None


@pytest.mark.parametrize("text", ["贷10万分两年还", "10万分2年", "借十万分24个月"])
def test_a_sum_split_over_a_time_is_a_sum(text: str) -> None:
    terms = find_loan_terms(text)
    assert (terms.amount, terms.months) == (10_000_000, 24)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("月入1万5,想贷20万", 1_500_000),
        ("年薪18万", 1_500_000),
        ("每个月一万左右", 1_000_000),
        ("退休金每个月5000", 500_000),
        ("月薪一年前是8000", 800_000),
        ("工资还没发", None),
    ],
)
def test_income_a_month(text: str, fen: int | None) -> None:
    found = find_income(text)
    assert found is not None and found.value == fen


@pytest.mark.parametrize("text", ["想贷20万", "每月还五千", "月供三千"])
def test_no_income(text: str) -> None:
    assert find_income(text) is None
