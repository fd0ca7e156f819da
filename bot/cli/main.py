"""``bankbot``: one command for operators, maintainers and agents.

Every error the project raises on purpose ends here as one line and exit status 1.
"""

from __future__ import annotations

import sys

import typer

from bot.cli import adapter, chat, complaints, desk, embed, faq, loans, nlu, serve, staff, stub
from bot.errors import BankbotError

app = typer.Typer(
    help="云杉银行智能客服：运行、FAQ 维护、人工坐席。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(faq.app, name="faq", help="FAQ 知识库：检查、增改、复核、发布、试问、评测。")
app.add_typer(embed.app, name="embed", help="句向量编码器：用问法对评测、改进。")
app.add_typer(nlu.app, name="nlu", help="理解：试一句话、推导路由阈值。")
app.add_typer(
    desk.app, name="desk", help="人工坐席：查看队列、接入、回复、转接、办结；客户的建议。"
)
app.add_typer(
    complaints.app, name="complaints", help="投诉：登记簿、期限、告知、答复审批、核查、导出、报警。"
)
app.add_typer(loans.app, name="loans", help="贷款申请：等待客户的申请、上传的材料。")
app.add_typer(staff.app, name="staff", help="员工账号：新增、角色、密码、停用、登录记录。")
app.add_typer(stub.app, name="stub", help="模拟银行核心：种子数据、故障、验证码发件箱。")
app.add_typer(adapter.app, name="adapter", help="银行适配器：检查是否符合要求。")
app.command()(chat.chat)
for command in (
    serve.run, serve.prepare, serve.gateway, serve.rasa, serve.actions, serve.keep
):  # fmt: skip
    app.command()(command)


def main() -> None:
    """Entry point of the console script."""
    try:
        app()
    except BankbotError as error:
        print(f"错误：{error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
