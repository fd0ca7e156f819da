"""The widget for everybody, staff's pages, the demo page and its data in demo mode only."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles

from bot.errors import NotFound
from bot.gateway import schemas
from bot.gateway.demo import DemoBank
from bot.gateway.parts import Parts, PartsOf

STATIC = Path(__file__).parent / "static"

router = APIRouter()


class _Static(StaticFiles):
    """Files that a browser asks after each time: a widget is mended without a new name."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


_files = _Static(directory=STATIC)


def install(app: FastAPI) -> None:
    """Serve the static files."""
    app.mount("/static", _files, name="static")


@router.get("/widget.js", include_in_schema=False)
async def widget(request: Request) -> Response:
    """The one script a bank embeds."""
    return await _files.get_response("widget.js", request.scope)


@router.get("/", include_in_schema=False)
async def demo_page(request: Request, parts: PartsOf) -> Response:
    """The demo page."""
    _demo(parts)
    return await _files.get_response("demo.html", request.scope)


@router.get("/faq", include_in_schema=False)
async def faq_page(request: Request, parts: PartsOf) -> Response:
    """The FAQ maintainers' page; what it shows is asked for once somebody has signed in."""
    parts.bank.live.warm()
    return await _files.get_response("faq.html", request.scope)


@router.get("/desk", include_in_schema=False)
async def desk_page(request: Request) -> Response:
    """The agents' page, which leads and handlers of complaints share."""
    return await _files.get_response("desk.html", request.scope)


@router.get(
    "/api/demo/customers",
    tags=["演示"],
    summary="演示客户",
    response_model=list[schemas.ShownDemoCustomer],
    responses={404: {"model": schemas.ErrorBody, "description": "未开启演示模式"}},
)
async def demo_customers(parts: PartsOf) -> list[dict[str, Any]]:
    """预置的演示客户，各带一个演示用的客户 JWT。仅演示模式。"""
    ttl = timedelta(seconds=parts.config.conversation_ttl)
    customers = await run_in_threadpool(_demo(parts).list_customers)
    return [
        {
            "id": customer.id,
            "name": customer.name,
            "about": customer.about,
            "token": parts.customers.sign(customer.id, ttl),
        }
        for customer in customers
    ]


@router.get(
    "/api/demo/outbox",
    tags=["演示"],
    summary="演示短信",
    response_model=list[schemas.ShownDemoCode],
    responses={404: {"model": schemas.ErrorBody, "description": "未开启演示模式"}},
)
async def demo_outbox(
    parts: PartsOf, customer: Annotated[str, Query(max_length=64, description="演示客户号")]
) -> list[dict[str, Any]]:
    """发给一位演示客户的验证码，新的在前。仅演示模式。"""
    codes = await run_in_threadpool(_demo(parts).outbox, customer)
    return [
        {
            "code": code.code,
            "purpose": code.purpose,
            "at": code.at.isoformat().replace("+00:00", "Z"),
        }
        for code in codes
    ]


def _demo(parts: Parts) -> DemoBank:
    if parts.demo is None:
        raise NotFound("demo mode is off")
    return parts.demo
