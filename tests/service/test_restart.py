"""The whole assistant killed again and again in the middle of one transfer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.banking.stub.business_tables import transfers
from bot.banking.stub.ledger import out_of_balance
from bot.banking.stub.tables import postings
from bot.storage import Database
from tests.assistant import Assistant, Customer

pytestmark = pytest.mark.service

PARTS = ("gateway", "rasa", "actions")
QUESTION = "手机银行转账限额是多少"
NEW_CARD = "6228481001123459"


@pytest.fixture
def mortal(assistant: Assistant) -> Iterator[Assistant]:
    """The shared assistant, whole again afterwards whatever the test did to it."""
    yield assistant
    revive(assistant)


def revive(assistant: Assistant) -> None:
    for name, process in assistant.processes.items():
        if process.poll() is not None:
            assistant.start_part(name)
    assistant.wait_ready()


def restart(assistant: Assistant, *parts: str) -> None:
    for part in parts:
        assistant.kill(part)
    revive(assistant)


def digress(customer: Customer) -> None:
    assert "我们继续刚才的转账" in customer.say(QUESTION)
    assert customer.latest[0]["source"]["faq_id"]


def rows(customer: Customer, kind: str) -> dict[str, str]:
    return dict(customer.card(kind)["rows"])


def test_killed_at_every_step_it_is_one_correct_transfer(mortal: Assistant) -> None:
    zhang = mortal.customer("C1001")
    zhang.say("我要转账")
    digress(zhang)
    restart(mortal, "gateway")
    zhang.say("转给李梅")
    digress(zhang)
    restart(mortal, "rasa")
    zhang.say("五百")
    digress(zhang)
    restart(mortal, "actions")
    zhang.say("用尾号2001的")
    digress(zhang)
    zhang.say("房租")
    assert rows(zhang, "confirm")["收款人"] == "李梅"
    digress(zhang)
    restart(mortal, *PARTS)
    correct_everything(zhang)
    zhang.press("确认转账")
    digress(zhang)
    restart(mortal, *PARTS)
    finish(mortal, zhang)
    assert ledger(mortal) == [("李四", NEW_CARD, "C1001-1", 30_000, "饭钱", "pending")]
    zhang.say("我要转账")
    assert "李四" in str(zhang.latest[-1]["quick_replies"])  # saved with it


def correct_everything(zhang: Customer) -> None:
    """Each value of the transfer, once."""
    zhang.say("不对，转给李四")
    zhang.say(NEW_CARD)
    zhang.say("改成三百")
    zhang.say("从8866转")
    zhang.say("备注改成饭钱")
    zhang.say("次日到账")
    zhang.press("保存收款人")
    shown = rows(zhang, "confirm")
    assert shown["收款人"] == "李四" and shown["收款账户"] == "农业银行 尾号 3459"
    assert shown["金额"] == "¥300.00" and shown["付款账户"] == "储蓄卡 尾号 8866"
    assert shown["附言"] == "饭钱" and shown["到账方式"].startswith("24 小时")
    assert "保存收款人" in shown


def finish(mortal: Assistant, zhang: Customer) -> None:
    """Enter the code, with everything killed while it is being used."""
    seq = zhang.post({"text": zhang.code()}).json()["seq"]
    restart(mortal, *PARTS)
    zhang.wait_after(seq)
    for _ in range(3):
        if any((m["card"] or {}).get("type") == "receipt" for m in zhang.messages(seq)):
            return
        # It may have died with the code in its hands, which is good for one reading only.
        zhang.say(zhang.code())
    raise AssertionError(zhang.latest)


def ledger(assistant: Assistant) -> list[tuple[object, ...]]:
    """The transfers to 李四 as the bank's books have them, which must be in balance."""
    database = Database(assistant.environment["BANKBOT_DATABASE_URL"])
    row = transfers.c
    fields = (
        row.payee_name, row.payee_number, row.account_id, row.amount, row.memo, row.status,
    )  # fmt: skip
    try:
        with database.read() as tx:
            assert out_of_balance(tx) == []
            moved = select(postings.c.amount).where(
                postings.c.counterparty == "李四", postings.c.amount < 0
            )
            made = tx.execute(select(*fields).where(row.payee_name == "李四")).all()
            assert [-fen for fen in tx.execute(moved).scalars()] == [each.amount for each in made]
            return [tuple(each) for each in made]
    finally:
        database.dispose()
