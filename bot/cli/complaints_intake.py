"""What reaches the register by other ways than the conversation: by phone, letter, a regulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import complaints_parts as parts
from bot.cli.complaints_parts import ByOption, NumberArgument, ReceivedOption
from bot.text.clock import utc_now

if TYPE_CHECKING:
    from bot.complaints.entering import Entering


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

    who = parts.officer(by, "open")
    case, new = _entering().open(
        customer,
        text,
        Filing(channel, source, ref, relation, complainant, proof, people),
        by=who,
        category=category,
        against=[parts.spelling(person) for person in against or []],
        received=parts.moment(received),
    )
    term = parts.cases(Casework).deadline(case.number)
    parts.said_term(case.number, "已登记" if new else "之前已经登记过", term)


def add(
    number: NumberArgument,
    text: Annotated[str, typer.Argument(help="客户补充的内容")],
    by: ByOption = None,
    received: ReceivedOption = None,
) -> None:
    """登记客户补充的材料；是不是新事实由处理人判断（judge）。"""
    who = parts.officer(by, "customer", number)
    added = _entering().add_facts(number, text, by=who, received=parts.moment(received))
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
    who = parts.officer(by, "customer", number)
    _entering().withdraw(number, why, by=who, received=parts.moment(received))
    typer.echo(f"投诉 {number} 已撤诉。请告知客户：bankbot complaints notice {number} withdrawal")


def ask_review(
    number: NumberArgument,
    why: Annotated[str, typer.Option(help="客户申请核查的理由")],
    by: ByOption = None,
    received: ReceivedOption = None,
) -> None:
    """登记客户的核查申请；收到决定后 30 天内可以申请。"""
    from bot.complaints.clock import review_deadline

    who = parts.officer(by, "customer", number)
    review = _entering().ask_review(number, why, by=who, received=parts.moment(received))
    term = review_deadline(review.asked_at, review.told_at, utc_now())
    parts.said_term(number, "的核查申请已登记，请上级核查人分派", term)


def _entering() -> Entering:
    from bot.complaints.entering import Entering

    return Entering(parts.database())


COMMANDS = {"open": open_case, "add": add, "withdraw": withdraw, "ask-review": ask_review}
