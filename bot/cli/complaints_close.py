"""Answering a complaint: the closing form, its approval, the root cause, the review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import complaints_parts as parts
from bot.cli.complaints_parts import ByOption, NumberArgument, WhyOption
from bot.errors import DataError, Invalid

if TYPE_CHECKING:
    from bot.complaints.case import Answer

FORM = """\
# 投诉处理答复表。每一部分都要填写，会原样告知客户。
outcome:    # upheld 投诉成立、partly 部分成立、settled 协商一致、unfounded 投诉不成立
decision: |  # 处理决定
findings: |  # 核实情况
grounds: |   # 依据：条款、制度或法规
reasons: |   # 理由
remedies: 对处理决定有异议的，可以自收到之日起 30 天内申请核查，也可以申请调解、仲裁或提起诉讼。
"""


def form() -> None:
    """打印一份空的答复表，填好后用 close 提交。"""
    typer.echo(FORM, nl=False)


def close(
    number: NumberArgument,
    file: Annotated[Path, typer.Argument(help="填好的答复表（见 form）")],
    by: ByOption = None,
) -> None:
    """处理人提交答复，等另一人审批。"""
    from bot.complaints.closing import Closing

    who = parts.officer(by, "write", number)
    parts.cases(Closing).write(number, _answer(file), by=who)
    typer.echo(f"投诉 {number} 的答复已提交，请另一位同事审批：bankbot complaints approve {number}")


def approve(number: NumberArgument, by: ByOption = None) -> None:
    """审批答复；拟写人不能审批自己的。"""
    from bot.complaints.closing import Closing

    parts.cases(Closing).approve(number, by=parts.officer(by, "approve", number))
    typer.echo(
        f"投诉 {number} 的答复已批准，请告知客户：bankbot complaints notice {number} decision"
    )


def send_back(number: NumberArgument, why: WhyOption, by: ByOption = None) -> None:
    """退回答复给处理人重写。"""
    from bot.complaints.closing import Closing

    parts.cases(Closing).send_back(number, by=parts.officer(by, "approve", number), why=why)
    typer.echo(f"投诉 {number} 的答复已退回。")


def cause(
    number: NumberArgument,
    root: Annotated[str, typer.Argument(help="根源，例如 system 信息系统")],
    note: Annotated[str, typer.Option(help="说明")],
    by: ByOption = None,
) -> None:
    """登记投诉的根源；以后可以更正。"""
    from bot.complaints.casework import Casework

    who = parts.officer(by, "cause", number)
    parts.cases(Casework).set_root_cause(number, root, by=who, note=note)
    typer.echo(f"投诉 {number} 的根源已登记。")


def review(
    number: NumberArgument,
    to: Annotated[str | None, typer.Option("--assign", help="分派给这位上级核查人")] = None,
    outcome: Annotated[str | None, typer.Option(help="kept 维持，或 changed 变更")] = None,
    findings: Annotated[str, typer.Option(help="核查情况和结果，会原样告知客户")] = "",
    by: ByOption = None,
) -> None:
    """分派核查，或由核查人作出决定；经办过的人不能核查。"""
    from bot.complaints.reviewing import Reviewing

    reviewing = parts.cases(Reviewing)
    if (to is None) == (outcome is None):
        raise Invalid("分派请写 --assign 账号，作出决定请写 --outcome 和 --findings")
    if to is not None:
        who, reviewer = (
            parts.officer(by, "assign_review", number),
            parts.allowed(to, "decide_review"),
        )
        reviewing.assign(number, reviewer, by=who)
        typer.echo(f"投诉 {number} 由 {reviewer} 核查。")
    elif outcome is not None:
        who = parts.officer(by, "decide_review", number)
        reviewing.decide(number, by=who, outcome=outcome, findings=findings)
        typer.echo(f"核查已决定，请告知客户：bankbot complaints notice {number} review")


def _answer(file: Path) -> Answer:
    """Raises :class:`DataError` for a file that is no form, and for its parts as they are wrong."""
    import yaml

    from bot.complaints.case import Answer
    from bot.complaints.vocabulary import ANSWER_PARTS

    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{file}: 读不了（{error.strerror}）") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"{file}: 不是答复表：{reason}（bankbot complaints form 打印空表）"
        ) from None
    names = ("outcome", *ANSWER_PARTS)
    if not isinstance(given, dict) or set(given) != set(names):
        raise DataError(f"{file}: 应有且只有这几项：{'、'.join(names)}")
    try:
        return Answer(**{name: str(given[name] or "") for name in names})
    except Invalid as error:
        raise DataError(f"{file}: {error}") from None


COMMANDS = {
    "form": form, "close": close, "approve": approve, "send-back": send_back, "cause": cause,
    "review": review,
}  # fmt: skip
