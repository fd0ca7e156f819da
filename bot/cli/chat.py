"""``bankbot chat``: a conversation in the terminal, over the public API like any other client."""

from __future__ import annotations

import time
import uuid
from typing import Annotated, Any

import typer

from bot.errors import Unavailable
from bot.settings import load_settings

POLL_SECONDS = 0.2
# Answers come within a turn's time; after that the prompt returns and late ones show next.
PATIENCE_SECONDS = 15.0
QUIET_SECONDS = 0.6


def chat(
    customer: Annotated[
        str | None, typer.Option(help="演示客户编号，例如 C1001；不填则为未登录")
    ] = None,
) -> None:
    """在终端里和正在运行的助手对话（输入编号选择快捷回复，Ctrl-D 退出）。"""
    import httpx

    settings = load_settings()
    address = f"http://127.0.0.1:{settings.gateway_port}"
    with httpx.Client(base_url=address, timeout=20.0) as client:
        try:
            conversation = _open(client, customer)
            _talk(client, conversation)
        except httpx.TransportError:
            raise Unavailable(f"助手没有在 {address} 运行：请先在另一个终端运行 make run") from None


def _open(client: Any, customer: str | None) -> str:
    headers = {}
    if customer:
        known = {each["id"]: each["token"] for each in client.get("/api/demo/customers").json()}
        if customer not in known:
            raise typer.BadParameter(f"没有演示客户 {customer}，可选：{'、'.join(known)}")
        headers["Authorization"] = f"Bearer {known[customer]}"
    opened = client.post("/api/conversations", json={"channel": "terminal"}, headers=headers).json()
    client.headers["Authorization"] = f"Bearer {opened['token']}"
    return str(opened["conversation_id"])


def _talk(client: Any, conversation: str) -> None:
    path = f"/api/conversations/{conversation}/messages"
    seen, replies = _show_answers(client, path, 0, expect=False)
    while True:
        try:
            text = input("您：").strip()
        except EOFError:
            return
        if not text:
            continue
        body: dict[str, str] = {"client_id": str(uuid.uuid4())}
        if text.isdigit() and 0 < int(text) <= len(replies):
            body["quick_reply"] = replies[int(text) - 1]["value"]
        else:
            body["text"] = text
        answer = client.post(path, json=body)
        if answer.is_error:
            typer.echo(f"（{answer.json()['error']['message']}）")
            continue
        seen, replies = _show_answers(client, path, max(seen, answer.json()["seq"]), expect=True)


def _show_answers(
    client: Any, path: str, seen: int, *, expect: bool
) -> tuple[int, list[dict[str, str]]]:
    """Print what the bot and agents said after ``seen``; the new position and quick replies."""
    replies: list[dict[str, str]] = []
    deadline = time.monotonic() + (PATIENCE_SECONDS if expect else 0.0)
    while True:
        page = client.get(path, params={"after": seen}).json()
        for message in page["messages"]:
            seen = message["seq"]
            if message["role"] == "customer":
                continue
            typer.echo(f"{_speaker(message['role'])}：{message['text']}")
            replies = message["quick_replies"] or replies
            deadline = min(deadline, time.monotonic() + QUIET_SECONDS)
        if time.monotonic() >= deadline or page["state"] != "bot":
            break
        time.sleep(POLL_SECONDS)
    for number, reply in enumerate(replies, 1):
        typer.echo(f"  {number}. {reply['title']}")
    return seen, replies


def _speaker(role: str) -> str:
    return {"bot": "小杉", "agent": "客服", "system": "系统"}.get(role, role)
