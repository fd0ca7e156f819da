"""Working on a case: who has it, what it counts as, what its term depends on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from bot.cli import complaints_parts as parts
from bot.cli.complaints_parts import TIME_FORMATS, ByOption, NumberArgument, WhyOption
from bot.errors import Invalid

ToOption = Annotated[str | None, typer.Option(help="给谁（员工账号）；不写就是自己接办")]
KindArgument = Annotated[str, typer.Argument(help="appraisal 外部鉴定，或 mediation 调解")]


def assign(
    number: NumberArgument, to: ToOption = None, by: ByOption = None, why: WhyOption = ""
) -> None:
    """分派或改派；被投诉人和有利害关系的人不能处理。"""
    from bot.complaints.casework import Casework

    who = parts.officer(by, "take" if to is None else "assign", number)
    handler = parts.allowed(to or who, "write")
    parts.cases(Casework).assign(number, handler, by=who, why=why)
    typer.echo(f"投诉 {number} 由 {handler} 处理。")


def recuse(
    number: NumberArgument,
    person: Annotated[str, typer.Argument(help="要回避的员工账号")],
    why: WhyOption,
    kind: Annotated[str, typer.Option(help="interest 利害关系、complained_of 被投诉人、other")],
    by: ByOption = None,
) -> None:
    """登记回避；此人是处理人时，投诉退回重新分派。"""
    from bot.complaints.casework import Casework

    who = parts.officer(by, "recuse", number)
    person = parts.spelling(person)
    case = parts.cases(Casework).recuse(number, person, by=who, kind=kind, why=why)
    typer.echo(f"{person} 已回避投诉 {number}，现在的处理人：{case.handler or '未分派'}。")


def classify(
    number: NumberArgument,
    why: WhyOption,
    channel: Annotated[str | None, typer.Option(help="投诉渠道代码")] = None,
    business: Annotated[str | None, typer.Option(help="业务类别代码")] = None,
    cause: Annotated[str | None, typer.Option(help="投诉原因代码")] = None,
    category: Annotated[str | None, typer.Option(help="更正类别，例如 fee")] = None,
    by: ByOption = None,
) -> None:
    """按代码表分类，或更正分类；办结后也可以改，都有记录。不写的代码不变。"""
    from bot.complaints.casework import Casework
    from bot.complaints.codes import Classification

    who, casework = parts.officer(by, "classify", number), parts.cases(Casework)
    case = casework.get(number)
    if category is not None:
        casework.recategorise(number, category, by=who, why=why)
    if category is None or channel or business or cause:
        codes = Classification(
            channel or case.channel_code or "",
            business or case.business_code or "",
            cause or case.cause_code or "",
        )
        casework.classify(number, codes, parts.codes(), by=who, why=why)
    typer.echo(f"投诉 {number} 已分类。")


def show_codes(
    dimension: Annotated[str | None, typer.Argument(help="channel、business 或 cause")] = None,
) -> None:
    """检查并列出分类代码表。"""
    from bot.complaints.codes import DIMENSIONS
    from bot.complaints.vocabulary import check_name

    if dimension is not None:
        check_name(dimension, DIMENSIONS, "分类维度")
    table = parts.codes()
    typer.echo(table.title)
    if table.example:
        typer.echo("这是示例，上线前请用 BANKBOT_COMPLAINT_CODES 换成本行的代码表。")
    for name in DIMENSIONS if dimension is None else (dimension,):
        typer.echo(f"\n{DIMENSIONS[name]}（{name}）")
        for code in table.of(name):
            typer.echo(f"  {code.code}  {table.name(name, code.code)}")


def merge(
    number: NumberArgument,
    into: Annotated[str, typer.Argument(help="并入哪一件：同一客户更早的投诉")],
    why: WhyOption,
    by: ByOption = None,
) -> None:
    """把重复的投诉并入更早的一件；内容成为那一件的补充，期限按早的算。"""
    from bot.complaints.casework import Casework

    casework, who = parts.cases(Casework), parts.officer(by, "merge", number)
    casework.merge(number, into, by=who, why=why)
    parts.said_term(into, f"已并入 {number}", casework.deadline(into))
    typer.echo(f"请告知客户：bankbot complaints notice {number} merge")


def judge(
    number: NumberArgument,
    facts: Annotated[int, typer.Argument(help="补充的序号，见 show")],
    new: Annotated[bool, typer.Option("--new/--repeat", help="新事实，或只是重复")],
    why: WhyOption,
    by: ByOption = None,
) -> None:
    """判断补充的材料是不是新事实；新事实从收到之日重新计算期限。"""
    from bot.complaints.termwork import TermWork

    who = parts.officer(by, "judge", number)
    term = parts.cases(TermWork).judge_facts(number, facts, by=who, new=new, why=why)
    parts.said_term(number, "的补充已判断", term)
    typer.echo(f"请告知客户：bankbot complaints notice {number} facts")


def pause(number: NumberArgument, kind: KindArgument, why: WhyOption, by: ByOption = None) -> None:
    """中止计时；外部鉴定告知客户以后才不计入期限。"""
    from bot.complaints.termwork import TermWork

    term = parts.cases(TermWork).pause(number, kind, by=parts.officer(by, "pause", number), why=why)
    parts.said_term(number, "已登记中止", term)
    typer.echo(f"请告知客户：bankbot complaints notice {number} pause")


def resume(number: NumberArgument, kind: KindArgument, why: WhyOption, by: ByOption = None) -> None:
    """恢复计时。"""
    from bot.complaints.termwork import TermWork

    term = parts.cases(TermWork).resume(
        number, kind, by=parts.officer(by, "pause", number), why=why
    )
    parts.said_term(number, "已恢复计时", term)
    typer.echo(f"请告知客户：bankbot complaints notice {number} resume")


def extend(
    number: NumberArgument,
    step: Annotated[
        str | None, typer.Argument(help="complex 情况复杂 30 天，special 特别复杂 60 天")
    ] = None,
    why: Annotated[str, typer.Option("--why", help="理由，会原样告知客户")] = "",
    approve: Annotated[bool, typer.Option("--approve", help="审批等着的申请")] = False,
    by: ByOption = None,
) -> None:
    """申请延期，或由上级审批；特别复杂的要审批并告知客户以后才生效。"""
    from bot.complaints.termwork import TermWork

    work = parts.cases(TermWork)
    if approve == (step is not None):
        raise Invalid("申请请写 complex 或 special，审批请只加 --approve")
    if step is None:
        term = work.approve_extension(number, by=parts.officer(by, "approve_extension", number))
        parts.said_term(number, "的延期已批准，告知客户后生效", term)
    else:
        term = work.ask_extension(number, step, by=parts.officer(by, "extend", number), why=why)
        parts.said_term(number, "的延期已申请", term)
    typer.echo(f"请告知客户：bankbot complaints notice {number} extension")


def notice(
    number: NumberArgument,
    what: Annotated[
        str,
        typer.Argument(
            help="acceptance、extension、pause、resume、facts、merge、withdrawal、decision、"
            "review_acceptance 或 review"
        ),
    ],
    channel: Annotated[
        str, typer.Option(help="chat 直接发到客户的会话；其他渠道要写凭证")
    ] = "chat",
    proof: Annotated[str, typer.Option(help="录音编号、短信编号、挂号单号等")] = "",
    at: Annotated[
        datetime | None, typer.Option(formats=TIME_FORMATS, help="告知的时间；不写就是现在")
    ] = None,
    by: ByOption = None,
) -> None:
    """告知客户并留下凭证；延期、中止、处理决定和核查决定告知后才生效。"""
    from bot.complaints.closing import Closing
    from bot.complaints.messenger import CHAT, Messenger
    from bot.complaints.vocabulary import NOTICES, check_name
    from bot.conversations.log import MessageLog
    from bot.text.clock import utc_now

    check_name(what, NOTICES, "告知事项")
    who, db = parts.officer(by, "notice", number), parts.database()
    if channel == CHAT and not proof:
        Messenger(db, MessageLog(db)).send(number, what, by=who)
    else:
        when = parts.moment(at) or utc_now()
        Closing(db).tell(number, what, by=who, channel=channel, at=when, proof=proof)
    told = parts.cases(Closing).notices(number)[-1]
    typer.echo(f"已记录{NOTICES[what]}：\n{told.text}")


COMMANDS = {
    "assign": assign, "recuse": recuse, "classify": classify, "codes": show_codes, "merge": merge,
    "judge": judge, "pause": pause, "resume": resume, "extend": extend, "notice": notice,
}  # fmt: skip
