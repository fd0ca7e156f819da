"""The gateway as an ASGI app."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

from bot.gateway import (
    announcement,
    api,
    bank,
    complaints,
    customer_desk,
    desk,
    desk_register,
    display,
    errors,
    faq,
    feedback,
    files,
    handoff,
    health,
    pages,
    staff,
    typing,
)
from bot.gateway.demo import DemoBank
from bot.gateway.logs import LOGGING
from bot.gateway.middleware import Envelope
from bot.gateway.parts import GatewayConfig, Parts
from bot.gateway.sweeping import keep_sweeping
from bot.handoff.customers import CustomerDirectory
from bot.handoff.opening import Elsewhere
from bot.handoff.replies import load_replies
from bot.handoff.routes_file import load_routes
from bot.settings import Settings
from bot.storage import Database
from bot.text.clock import Clock, utc_now

# How long running turns may take to end when the gateway is told to stop.
STOP_SECONDS = 3.0

# What the server around the app must keep to: its own access log would write the tokens that
# events addresses carry, and an open stream must not hold up a stop for ever.
SERVER_OPTIONS: dict[str, Any] = {
    "access_log": False,
    "log_config": LOGGING,
    # We speak none, and the websockets release that Rasa pins is too old for uvicorn to load.
    "ws": "none",
    "server_header": False,
    "timeout_graceful_shutdown": 5,
    "lifespan": "on",
}
# Calls run in threads beside the event loop, and each gives way at every statement. By Python's own
# 5 ms until it is its turn again, a transaction of ten would keep all other writers for 50 ms.
SWITCH_SECONDS = 0.0005

_DESCRIPTION = """银行智能客服的会话接口。

1. `POST /api/conversations` 打开会话，得到会话凭证；
2. 其余调用带 `Authorization: Bearer <会话凭证>`；
3. `POST …/messages` 发送，`GET …/events` 实时接收（断线可续传），`GET …/messages` 补读。

所有错误的格式都是 `{"error": {"code", "message"}}`：`code` 供程序判断，`message` 可直接给客户看。
"""


def config_from(settings: Settings) -> GatewayConfig:
    """The gateway's values out of the settings.

    Raises:
        ConfigError: a secret is missing or unusable.
        DataError: the routes of the queue or the canned replies are wrong.
    """
    elsewhere = settings.desk_elsewhere()
    return GatewayConfig(
        secret=settings.secret(),
        customer_key=settings.customer_key(),
        customer_algorithm=settings.customer_jwt_algorithm,
        conversation_ttl=settings.conversation_ttl,
        rasa_url=settings.rasa_base_url,
        actions_url=settings.actions_base_url,
        assistant_timeout=settings.assistant_timeout,
        allowed_origins=tuple(settings.allowed_origins),
        message_max_chars=settings.message_max_chars,
        messages_per_minute=settings.messages_per_minute,
        conversations_per_minute=settings.conversations_per_minute,
        suggestions_per_minute=settings.suggestions_per_minute,
        files_per_minute=settings.files_per_minute,
        file_max_bytes=settings.file_max_bytes,
        faq_publications=settings.faq_publications,
        faq_dir=settings.faq_dir,
        faq_encoder=settings.encoder_path,
        hot_questions=tuple(settings.hot_questions),
        sign_ins_per_minute=settings.sign_ins_per_minute,
        staff_failures=settings.staff_failures,
        staff_lockout=settings.staff_lockout,
        staff_session_idle=settings.staff_session_idle,
        staff_session_ttl=settings.staff_session_ttl,
        complaint_codes=settings.complaint_codes,
        routes=load_routes(settings.routes_file),
        replies=load_replies(settings.replies_file),
        reveals_a_day=settings.reveals_a_day,
        elsewhere=Elsewhere(*elsewhere) if elsewhere else None,
        # A SQLite file serves one machine and one gateway; more of them share PostgreSQL.
        alone=settings.database_url.startswith("sqlite"),
    )


def serve(app: FastAPI, **options: Any) -> None:
    """Run the gateway until it is told to stop; ``options`` are uvicorn's, beside its own."""
    sys.setswitchinterval(SWITCH_SECONDS)
    uvicorn.run(app, **SERVER_OPTIONS, **options)


def create_app(
    config: GatewayConfig,
    db: Database,
    *,
    demo: DemoBank | None = None,
    directory: CustomerDirectory | None = None,
    clock: Clock = utc_now,
) -> FastAPI:
    """The gateway; :func:`serve` it.

    Args:
        config: values, usually of :func:`config_from`.
        db: a database whose tables exist; the caller closes it.
        demo: the simulated bank behind the demo page; ``None`` turns demo mode off.
        directory: the bank's customers, whom agents see masked.
        clock: where "now" comes from.

    Raises:
        ConfigError: a key does not fit its algorithm.
    """
    parts = Parts(config, db, demo, clock, directory)
    app = FastAPI(
        title="云杉银行智能客服",
        version=version("bankbot"),
        description=_DESCRIPTION,
        openapi_url="/api/openapi.json",
        # Their pages load scripts from elsewhere, which the security policy forbids.
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.parts = parts
    errors.install(app)
    for router in (
        api.router,
        files.router,
        typing.router,
        display.router,
        feedback.router,
        complaints.router,
        customer_desk.router,
        announcement.router,
        faq.router,
        staff.router,
        staff.demo_router,
        bank.router,
        desk_register.router,
        desk.router if config.elsewhere is None else handoff.router,
        health.router,
        pages.router,
    ):
        # Included, each route would be made a second time, which takes 0.4 s in all.
        app.router.routes.extend(router.routes)
    pages.install(app)
    app.add_middleware(Envelope, file_max_bytes=config.file_max_bytes)
    if config.allowed_origins:
        # Outermost, so that a page of the bank can read the envelope's own errors too.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(config.allowed_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID", "X-File-Name"],
            expose_headers=["Retry-After"],
            max_age=600,
        )
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Parts = app.state.parts
    loops = [
        asyncio.create_task(parts.watcher.run()),
        asyncio.create_task(parts.turns.run()),
        *([asyncio.create_task(parts.agents.feed.run())] if parts.agents else []),
        asyncio.create_task(keep_sweeping(parts.sweep)),
        # So that the first customer to type does not wait for the bank to be read.
        asyncio.create_task(run_in_threadpool(parts.live_faq.current)),
    ]
    try:
        yield
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await parts.turns.stop(STOP_SECONDS)
        await parts.assistant.close()
