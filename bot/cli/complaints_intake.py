"""What reaches the register by other ways than the conversation: by phone, letter, a regulator."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import complaints_parts as parts
from bot.cli.complaints_parts import ByOption, NumberArgument, ReceivedOption

if TYPE_CHECKING:
    from bot.complaints.register import Arrival, Register


def open_case(
    customer: Annotated[str, typer.Argument(help="客户号，例如 C1001：投诉的是谁的事")],
    text: Annotated[str, typer.Argument(help="投诉内容；卡号等会自动掩码")],
    channel: Annotated[str, typer.Option(help="phone、branch、letter、email、regulator 等")],
    proof: Annotated[str, typer.Option(help="怎样核实的身份；代理人或继承人还有授权证明")],
    by: ByOption = None,
    category: Annotated[str | None, typer.Option(help="类别；不写则由内容推断")] = None,
    source: Annotated[str, typer.Option(help="customer、nfra、pbc 或 other")] = "customer",
    ref: Annotated[str, typer.Option(help="转来单位的来文编号")] = "",
    relation: Annotated[str, typer.Option(help="self 本人、agent 受托人、heir 继承人")] = "self",
    complainant: Annotated[str, typer.Option(help="受托人或继承人的姓名")] = "",
    people: Annotated[int, typer.Option(help="一起投诉的人数")] = 1,
    against: Annotated[
        list[str] | None, typer.Option(help="被投诉的员工账号，自动回避；可以写几个")
    ] = None,
    received: ReceivedOption = None,
) -> None:
    """登记一件从别的渠道来的投诉；同样的内容一天内只登记一次。"""
    from bot.complaints.case import Filing
    from bot.complaints.casework import Casework
    from bot.complaints.categories import guess_category

    who, db = parts.officer(by, "open"), parts.database()
    filing = Filing(channel, source, ref, relation, complainant, proof, people)
    with db.begin():
        case, new = _register().open(
            customer,
            category=category or guess_category(text),
            text=text,
            key=_key(customer, text, filing, received),
            filing=filing,
            arrival=_arrival(who, received),
        )
        for person in against or []:
            casework = parts.cases(Casework)
            casework.recuse(case.number, person, by=who, kind="complained_of", why="登记时指明")
    term = parts.cases(Casework).deadline(case.number)
    parts.said_term(case.number, "已登记" if new else "之前已经登记过", term)


def add(
    number: NumberArgument,
    text: Annotated[str, typer.Argument(help="客户补充的内容")],
    by: ByOption = None,
    received: ReceivedOption = None,
) -> None:
    """登记客户补充的材料；是不是新事实由处理人判断（judge）。"""
    who, owner = _owner(by, number)
    arrival = _arrival(who, received)
    added = _register().add_facts(number, owner, text, _key("add", text, received), arrival=arrival)
    typer.echo(
        f"已登记补充 {added.id}，请判断：bankbot complaints judge {number} {added.id} --new 或 --repeat"
    )


def withdraw(
    number: NumberArgument,
    why: Annotated[str, typer.Option(help="客户说的原因和凭证，例如录音编号")],
    by: ByOption = None,
    received: ReceivedOption = None,
) -> None:
    """登记客户的撤诉，程序从收到之日终止；只能由客户提出。"""
    who, owner = _owner(by, number)
    arrival = _arrival(who, received)
    _register().withdraw(number, owner, why, key=_key("withdraw", why, received), arrival=arrival)
    typer.echo(f"投诉 {number} 已撤诉。请告知客户：bankbot complaints notice {number} withdrawal")


def ask_review(
    number: NumberArgument,
    why: Annotated[str, typer.Option(help="客户申请核查的理由")],
    by: ByOption = None,
    received: ReceivedOption = None,
) -> None:
    """登记客户的核查申请；收到决定后 30 天内可以申请。"""
    who, owner = _owner(by, number)
    arrival = _arrival(who, received)
    _register().ask_review(number, owner, why, key=_key("review", why, received), arrival=arrival)
    view = _register().view(number, owner)
    assert view.review_deadline is not None
    parts.said_term(number, "的核查申请已登记，请上级核查人分派", view.review_deadline)


def _register() -> Register:
    from bot.complaints.register import Register

    return Register(parts.database())


def _owner(by: str | None, number: str) -> tuple[str, str]:
    """Who enters it, and whose case it is."""
    from bot.complaints.store import CaseStore

    who = parts.officer(by, "customer")
    return who, parts.cases(CaseStore).get(number).customer_id


def _arrival(who: str, received: datetime | None) -> Arrival:
    from bot.complaints.register import Arrival

    return Arrival(who, parts.moment(received))


def _key(*said: object) -> str:
    """The same, entered twice on one day, is one."""
    from bot.cli.faq_parts import today

    body = "\0".join(map(str, (*said, today())))
    return "staff:" + hashlib.sha256(body.encode()).hexdigest()[:40]


COMMANDS = {"open": open_case, "add": add, "withdraw": withdraw, "ask-review": ask_review}
