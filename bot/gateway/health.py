"""Alive, ready, and in figures; for whoever runs the assistant."""

from __future__ import annotations

import asyncio
import logging

import httpx
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from bot.gateway.assistant import answers_ok
from bot.gateway.parts import Parts, PartsOf

logger = logging.getLogger(__name__)

router = APIRouter(tags=["运行"])


@router.get("/healthz", summary="进程是否存活")
async def alive() -> dict[str, str]:
    """进程能应答即为存活，不检查依赖。"""
    return {"status": "ok"}


@router.get("/readyz", summary="能否服务", responses={503: {"description": "某个部分不可用"}})
async def ready(parts: PartsOf) -> JSONResponse:
    """逐一检查数据库、对话引擎和业务动作服务；`parts` 指明哪一部分不可用。"""
    checks = {
        "database": run_in_threadpool(_database_ok, parts),
        "rasa": parts.assistant.healthy(),
        "actions": _actions_ok(parts),
    }
    found = dict(zip(checks, await asyncio.gather(*checks.values()), strict=True))
    all_ok = all(found.values())
    body = {
        "ready": all_ok,
        "parts": {name: "ok" if fine else "unavailable" for name, fine in found.items()},
    }
    return JSONResponse(body, 200 if all_ok else 503, {"Cache-Control": "no-store"})


@router.get("/metrics", summary="Prometheus 指标", response_class=Response)
async def metrics(parts: PartsOf) -> Response:
    """消息数、每轮耗时、失败数、打开的事件流、各状态工单数。"""
    return Response(
        await run_in_threadpool(parts.metrics.text), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )


async def _actions_ok(parts: Parts) -> bool:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await answers_ok(client, f"{parts.config.actions_url.rstrip('/')}/health")


def _database_ok(parts: Parts) -> bool:
    try:
        with parts.db.read() as connection:
            connection.execute(text("SELECT 1"))
            # A database without our tables answers too, but cannot serve.
            parts.log.newest_id()
    except SQLAlchemyError as error:
        logger.error("database does not answer: %s", type(error).__name__)
        return False
    return True
