"""What is wrong with a transaction, and what is wanted with a dispute, by the words."""

from __future__ import annotations

import pytest

from bot.text.disputes import (
    find_dispute_act,
    find_dispute_number,
    find_matter,
    find_merchant,
    find_pointed_sum,
    is_bare_review,
    keeps_card,
    name_in_answer,
    place_in_answer,
)


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("我的卡被盗刷了", "unknown"),
        ("有一笔消费不是我刷的", "unknown"),
        ("有笔扣款我不认识", "unknown"),
        ("自动续费扣了我198我没同意", "unknown"),
        ("钱不见了", "unknown"),
        ("同一笔扣了两次", "duplicate"),
        ("重复扣款", "duplicate"),
        ("同一张单碌咗两次", "duplicate"),
        ("酒店多收了我一晚的钱", "wrong_amount"),
        ("ATM没吐钱但是扣款了", "wrong_amount"),
        ("应该收三十五块六,刷成三百五十六", "wrong_amount"),
        ("网上买了双鞋商家跑路了,信用卡付的", "not_received"),
        ("商家一直没给我发货", "not_received"),
        ("退货了商家不退款", "no_refund"),
        ("退款一直没到账,帮我追一下", "no_refund"),
        ("转错账了,想追回来", "wrong_transfer"),
        ("不是被骗,是我自己手误转错了", "wrong_transfer"),
        ("把货款打到一个不认识的人账上了", "wrong_transfer"),
        ("我被骗了,钱转走了", "scam"),
        ("冒充客服骗我验证码,钱没了", "unknown"),
        ("骗子让我转到安全账户我转了", "scam"),
        ("骗子让我开共享屏幕,钱一下就没了", "unknown"),
        ("点了个链接钱就没了", "unknown"),
        ("存了一千机器只记了八百", "person"),
        ("理财赎回到账金额不对", "person"),
        # Not said: it is asked.
        ("我要拒付这笔交易", None),
        ("交易争议", None),
        ("账不对", None),
    ],
)
def test_what_is_wrong(text: str, matter: str | None) -> None:
    assert find_matter(text) == matter


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("我的争议处理到哪一步了", "progress"),
        ("上次登记的争议有结果了吗", "progress"),
        ("查一下DP20261126000001", "progress"),
        ("查一下争议进度", "progress"),
        ("把我的争议撤销吧", "withdraw"),
        ("撤销那笔争议", "withdraw"),
        # At large, about a complaint, or a new one.
        ("争议多久有结果", None),
        ("怎么查争议进度", None),
        ("我的投诉处理到哪一步了", None),
        ("我要对这笔交易提出异议", None),
        ("撤销交易", None),
    ],
)
def test_what_is_wanted_with_an_earlier_one(text: str, act: str | None) -> None:
    assert find_dispute_act(text) == act


def test_what_points_at_a_transaction() -> None:
    assert find_dispute_number("编号dp900008的") == "DP900008"
    assert find_merchant("商户叫“某某商贸”,我不认识") == "某某商贸"
    assert find_merchant("有笔海外交易") == "境外"
    assert find_merchant("有笔消费不是我刷的") is None
    assert name_in_answer("云杉商城那笔") == "云杉商城"
    assert name_in_answer("应该是三杯咖啡的那笔吧") == "三杯咖啡"
    assert [place_in_answer(text) for text in ("第二笔", "最上面那笔", "前天那笔")] == [1, 0, None]
    assert find_pointed_sum("不对,是899那笔", alone=False) == 89_900
    assert find_pointed_sum("二百六十八那笔", alone=False) == 26_800
    assert find_pointed_sum("第二笔", alone=False) is None
    assert find_pointed_sum("899", alone=True) == 89_900
    assert find_pointed_sum("899", alone=False) is None


def test_who_needs_no_loss_report() -> None:
    assert keeps_card("不用挂失,卡还在") and keeps_card("卡我已经挂失过了")
    assert not keeps_card("我的卡被盗刷了")


def test_a_bare_wish_for_a_review_may_be_a_complaints() -> None:
    assert is_bare_review("我要申请核查") and is_bare_review("请上级复核一下")
    assert not is_bare_review("烦请核查这笔不明扣款")
