"""What is only looked up, over the public API: words as customers write them, cards as they come."""

from __future__ import annotations

import re

import pytest

from tests.assistant import Assistant, Customer

pytestmark = pytest.mark.service

MONEY = re.compile(r"-?¥[\d,]+\.\d\d")


def rows(customer: Customer) -> dict[str, str]:
    return dict(customer.card("facts")["rows"])


def titles(customer: Customer, kind: str) -> list[str]:
    return [item["title"] for item in customer.card(kind)["items"]]


def test_transactions_filtered_and_page_by_page(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("看一下尾号2001最近三个月的流水")
    first = zhang.card("transactions")
    assert first["more"] and len(first["items"]) == 10
    zhang.press("再看几笔")
    second = zhang.card("transactions")
    assert second["items"] != first["items"] and second["title"] == first["title"]
    zhang.say("再看几笔")
    assert zhang.card("transactions")["items"] not in (first["items"], second["items"])
    answer = zhang.say("大于30的支出")
    assert "超过 ¥30.00 的支出" in answer and "2001" in answer
    amounts = [item["amount"] for item in zhang.card("transactions")["items"]]
    assert all(MONEY.fullmatch(each) and float(each[2:].replace(",", "")) > 30 for each in amounts)


def test_what_a_month_came_to_and_the_one_before(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    answer = zhang.say("尾号8866上个月一共花了多少")
    assert "支出 ¥" in answer and rows(zhang)["支出合计"]
    title = zhang.card("facts")["title"]
    zhang.say("那这个月的呢")
    assert zhang.latest and title not in str(zhang.latest)


def test_a_bill_its_past_and_what_instalments_would_cost(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    answer = zhang.say("信用卡这期账单多少")
    assert "请在" in answer and MONEY.fullmatch(rows(zhang)["最低还款额"])
    zhang.press("看分期方案")
    assert titles(zhang, "list") == ["3 期", "6 期", "12 期"]
    zhang.press("12 期")
    assert "%" in rows(zhang)["近似折算年化利率（单利）"]
    zhang.say("上期账单")
    assert "下期账单前共还" in rows(zhang)
    zhang.say("我信用卡还有多少额度")
    assert rows(zhang)["总额度"] == "¥50,000.00"


def test_points_limits_and_loans(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    assert "后失效" in zhang.say("我有多少积分")
    zhang.say("我今天还能转多少")
    assert len(titles(zhang, "list")) == 2
    zhang.say("尾号8866的呢")
    assert rows(zhang)["每日累计"] == "¥200,000.00"
    assert "云杉住房贷还剩本金" in zhang.say("我的房贷还剩多少没还")
    zhang.press("看还款计划")
    assert titles(zhang, "list")[0].startswith("第 ")


def test_an_application_that_lacks_something(assistant: Assistant) -> None:
    zhao = assistant.customer("C1007")
    answer = zhao.say("我的贷款申请还缺什么材料")
    assert "要补材料" in answer and "用途证明" in answer


def test_a_loan_is_worked_out_for_a_stranger(assistant: Assistant) -> None:
    visitor = assistant.customer()
    assert "年利率" in visitor.say("贷款100万30年等额本息月供多少")
    visitor.say("年利率3.1%")
    assert rows(visitor)["等额本息 每月还"] == "¥4,270.16"
    # how it is worked out is still a question for the FAQ bank
    visitor.say("等额本息和等额本金有什么区别")
    assert visitor.latest[0]["source"]["faq_id"] == "loan.repay_ways"


def test_a_query_inside_a_form_and_back(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("我要挂失银行卡")
    zhang.say("我有多少积分")
    assert "积分余额" in str(zhang.latest) and "哪" in zhang.latest[-1]["text"]
    zhang.say("算了")
