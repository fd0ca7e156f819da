"""The main job over the public API, as the widget does it."""

from __future__ import annotations

import re

import pytest

from tests.assistant import Assistant

pytestmark = pytest.mark.service


def test_a_question_is_answered_from_the_bank(assistant: Assistant) -> None:
    visitor = assistant.customer()
    answer = visitor.say("存款保险最多赔多少钱")
    assert "50万" in answer.replace(" ", "")
    assert visitor.latest[0]["source"]["faq_id"]
    assert visitor.latest[0]["source"]["score"] > 0


def test_business_needs_a_signed_in_customer(assistant: Assistant) -> None:
    visitor = assistant.customer()
    for request in ("查余额", "看下最近的流水", "我要挂失银行卡", "帮我解锁账户"):
        answer = visitor.say(request)
        assert "登录" in answer, (request, answer)
        assert visitor.card("sign_in")


def test_signing_in_goes_on_with_the_same_conversation(assistant: Assistant) -> None:
    visitor = assistant.customer()
    visitor.say("查余额")
    visitor.customer_id = "C1001"
    import httpx

    bound = httpx.post(
        visitor.url(f"/api/conversations/{visitor.conversation}/identity"),
        json={"customer_token": visitor.signed()},
        headers={"Authorization": f"Bearer {visitor.token}"},
    )
    assert bound.status_code == 200, bound.text
    assert visitor.press("继续")
    assert visitor.card("accounts")["items"]


def test_balance_of_all_and_of_one(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("我所有账户还有多少钱")
    every = [item["title"] for item in zhang.card("accounts")["items"]]
    assert any("8866" in title for title in every) and any("2001" in title for title in every)
    zhang.say("查一下尾号2001的余额")
    assert [item["title"] for item in zhang.card("accounts")["items"]] == [
        title for title in every if "2001" in title
    ]


def test_transactions_by_period_and_a_follow_up(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("看一下尾号8866上个月的流水")
    first = zhang.card("transactions")
    assert first["items"] and "8866" in first["title"]
    zhang.say("那这个月的呢")
    second = zhang.card("transactions")
    assert "8866" in second["title"] and second["title"] != first["title"]


def report_lost(customer, tail: str) -> str:
    customer.say(f"我的卡丢了，帮我挂失尾号{tail}的卡")
    assert customer.card("confirm")
    customer.say("确认")
    assert customer.card("one_time_code")["length"] == 6
    return customer.say(customer.code())


def test_a_card_is_reported_lost_once(assistant: Assistant) -> None:
    customer = assistant.customer("C1007")
    answer = report_lost(customer, "2290")
    receipt = dict(customer.card("receipt")["rows"])
    number = next(value for value in receipt.values() if re.fullmatch(r"LR\d+", value))
    assert "挂失" in answer
    again = customer.say("我要挂失尾号2290的卡")
    assert number in again


def test_a_question_a_correction_and_leaving_inside_the_form(assistant: Assistant) -> None:
    customer = assistant.customer("C1001")
    customer.say("我要挂失银行卡")
    assert any("2001" in reply["title"] for reply in customer.latest[-1]["quick_replies"])
    answer = customer.say("挂失收费吗")
    assert customer.latest[0]["source"]["faq_id"]
    assert "哪" in answer.splitlines()[-1]  # the form asks again which card
    customer.press("2001")
    assert "2001" in str(customer.card("confirm"))
    customer.say("不对，是尾号8866那张")
    assert "8866" in str(customer.card("confirm"))
    assert "没有" in customer.say("算了")
    customer.say("查余额")
    assert customer.card("accounts")


def test_a_locked_account_is_opened_again(assistant: Assistant) -> None:
    locked = assistant.customer("C1002")
    locked.say("密码输错太多次账户被锁了，帮我解锁")
    assert locked.card("confirm")
    locked.say("是的")
    wrong = "000000" if locked.code() != "000000" else "111111"
    assert "不正确" in locked.say(wrong)
    locked.say(locked.code())
    assert locked.card("receipt")


@pytest.mark.parametrize("words", ["转人工", "找人工", "人工客服", "我要跟真人说", "有没有活人啊"])
def test_a_person_is_one_message_away(assistant: Assistant, words: str) -> None:
    customer = assistant.customer("C1003")
    answer = customer.say(words)
    assert customer.state == "queued"
    assert re.search(r"T\d{8}-\d+", answer)
    assistant.bankbot("desk", "claim", number(answer), "--agent", "A009")
    assistant.bankbot("desk", "resolve", number(answer), "--agent", "A009", "--code", "answered")


def number(answer: str) -> str:
    found = re.search(r"T\d{8}-\d+", answer)
    assert found, answer
    return found.group()


@pytest.mark.parametrize(
    "words",
    ["我要投诉你们柜台的服务态度", "我被骗了，钱转给骗子了"],
)
def test_complaints_and_fraud_open_a_ticket(assistant: Assistant, words: str) -> None:
    customer = assistant.customer("C1004")
    shown = assistant.bankbot("desk", "show", number(customer.say(words)))
    assert words in shown
    assert customer.state == "queued"


def test_words_of_self_harm_bring_a_person_at_once(assistant: Assistant) -> None:
    customer = assistant.customer("C1004")
    answer = customer.say("欠了这么多钱，我真的不想活了")
    assert "12356" in answer and customer.state == "queued"
    shown = assistant.bankbot("desk", "show", number(answer))
    assert "优先级 1" in shown and "轻生" in shown


def test_an_angry_customer_hears_regret_and_a_cheated_one_a_warning(assistant: Assistant) -> None:
    customer = assistant.customer("C1001")
    assert "抱歉" in customer.say("气死我了，查个余额怎么这么难，快给我查余额")
    assert customer.card("accounts")
    warned = customer.say("接到电话让我转到安全账户，这是诈骗吗")
    assert "不要再转账" in warned or customer.state == "queued"


def test_two_unresolved_turns_open_a_ticket(assistant: Assistant) -> None:
    customer = assistant.customer()
    customer.say("量子纠缠的哥本哈根诠释是啥")
    assert customer.state == "bot"
    customer.say("吧啦吧啦呜呜")
    customer.messages()
    assert customer.state == "queued"


def test_the_agent_talks_and_the_assistant_comes_back(assistant: Assistant) -> None:
    customer = assistant.customer("C1003")
    ticket = number(customer.say("转人工"))
    agent = ("--agent", "A001")
    assert ticket in assistant.bankbot("desk", "list")
    assistant.bankbot("desk", "claim", ticket, *agent)
    customer.messages()
    assert customer.state == "human"
    seq = customer.post({"text": "我想问下我的贷款"}).json()["seq"]
    assert "我想问下我的贷款" in assistant.bankbot("desk", "show", ticket)
    assistant.bankbot("desk", "reply", ticket, "您好，我来帮您看一下。", *agent)
    assert "您好，我来帮您看一下。" in customer.wait_after(seq)
    assert [message["role"] for message in customer.latest] == ["agent"]
    assistant.bankbot("desk", "resolve", ticket, "--code", "answered", *agent)
    customer.messages()
    assert customer.state == "bot"
    assert customer.say("你好")
    assert customer.latest[0]["role"] == "bot"


def test_a_failing_core_goes_to_a_person(assistant: Assistant) -> None:
    customer = assistant.customer("C1003")
    assistant.bankbot("stub", "fault", "set", "accounts.list", "unavailable")
    try:
        answer = customer.say("查余额")
    finally:
        assistant.bankbot("stub", "fault", "clear")
    assert "没有应答" in answer
    assert number(customer.press("转人工"))
    assert customer.state == "queued"
