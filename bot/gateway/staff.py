"""Staff at the gateway's pages: signing in and out, and who may make a call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Cookie, Depends, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.errors import NotFound
from bot.gateway import schemas, staff_schemas
from bot.gateway.errors import ApiError
from bot.gateway.parts import Parts, PartsOf
from bot.staff.accounts import ROLES
from bot.staff.demo import demo_people
from bot.staff.door import Locked, Session, WrongPassword

COOKIE = "bankbot_staff"
# The cookie is for calls; pages are the same for everybody.
_PATH = "/api"
# A page of another origin cannot set it: a belt beside SameSite.
REQUESTED_WITH = "bankbot"
_SAFE = ("GET", "HEAD")

Token = Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)]


async def own_page(
    request: Request,
    x_requested_with: Annotated[str | None, Header(description="固定为 bankbot")] = None,
) -> None:
    """Refuse a change that another origin's page may have asked for."""
    if request.method not in _SAFE and x_requested_with != REQUESTED_WITH:
        raise ApiError(403, "csrf", "请求缺少 X-Requested-With: bankbot，没有执行。")


async def signed_in(parts: PartsOf, token: Token = None) -> Session:
    """Whoever is signed in.

    Raises:
        ApiError: 401 ``sign_in``.
    """
    found = await run_in_threadpool(parts.staff.session, token) if token else None
    if found is None:
        raise ApiError(401, "sign_in", "请先登录；长时间没有操作会自动退出。")
    return found


def needs(*roles: str) -> Callable[..., Awaitable[Session]]:
    """A dependency: whoever is signed in, if they have one of these roles."""

    async def allowed(session: Annotated[Session, Depends(signed_in)]) -> Session:
        if not set(roles) & set(session.account.roles):
            names = "或".join(ROLES[role] for role in roles)
            raise ApiError(403, "role", f"这一步需要{names}的角色，您的账号没有。")
        return session

    return allowed


Reader = Annotated[Session, Depends(needs("author", "reviewer", "publisher"))]
Author = Annotated[Session, Depends(needs("author"))]
Reviewer = Annotated[Session, Depends(needs("reviewer"))]
Publisher = Annotated[Session, Depends(needs("publisher"))]

router = APIRouter(prefix="/api/staff", tags=["员工"], dependencies=[Depends(own_page)])
demo_router = APIRouter(tags=["演示"])

_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": schemas.ErrorBody, "description": "没有登录，或账号、密码不对"},
    403: {"model": schemas.ErrorBody, "description": "缺少 X-Requested-With"},
    429: {"model": schemas.ErrorBody, "description": "尝试太频繁，见 Retry-After"},
}


@router.post("/session", summary="登录", response_model=staff_schemas.SignedIn, responses=_ERRORS)
async def sign_in(
    body: staff_schemas.SignIn, request: Request, response: Response, parts: PartsOf
) -> dict[str, Any]:
    """登录，会话凭证放在 HttpOnly 的 Cookie 里。密码多次错误后账号会锁定一段时间。"""
    address = _address(request)
    parts.sign_in_rate.spend(address)
    try:
        token, session = await anyio.to_thread.run_sync(
            parts.staff.sign_in, body.name, body.password, address, limiter=parts.sign_in_threads
        )
    except WrongPassword:
        raise ApiError(401, "wrong_password", "账号或密码不对，请重新输入。") from None
    except Locked as error:
        headers = {"Retry-After": str(error.seconds)}
        raise ApiError(429, "locked", f"{error}。", headers) from None
    response.set_cookie(
        COOKIE,
        token,
        path=_PATH,
        httponly=True,
        samesite="strict",
        # A demo runs on this machine without TLS; anywhere else a browser must have it.
        secure=parts.demo is None or request.url.scheme == "https",
    )
    return _shown(parts, session)


@router.get(
    "/session",
    summary="当前登录的人",
    response_model=staff_schemas.SignedIn,
    responses={401: _ERRORS[401]},
)
async def present(
    session: Annotated[Session, Depends(signed_in)], parts: PartsOf
) -> dict[str, Any]:
    """登录的是谁，有哪些角色。"""
    return _shown(parts, session)


@router.delete("/session", status_code=204, summary="退出", responses={403: _ERRORS[403]})
async def sign_out(request: Request, parts: PartsOf, token: Token = None) -> Response:
    """退出登录；没有登录也返回 204。"""
    if token:
        await run_in_threadpool(parts.staff.sign_out, token, _address(request))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="strict")
    return response


@demo_router.get(
    "/api/demo/staff",
    summary="演示员工",
    response_model=list[staff_schemas.DemoPerson],
    responses={404: {"model": schemas.ErrorBody, "description": "未开启演示模式"}},
)
async def demo_staff(parts: PartsOf) -> list[dict[str, Any]]:
    """可以直接登录试用的员工；密码因安装而异。仅演示模式。"""
    if parts.demo is None:
        raise NotFound("demo mode is off")
    return [dict(person.__dict__) for person in demo_people(parts.config.secret)]


def _shown(parts: Parts, session: Session) -> dict[str, Any]:
    account = session.account
    return {
        "name": account.name,
        "display": account.display,
        "roles": list(account.roles),
        "demo": account.demo,
        "idle_seconds": parts.config.staff_session_idle,
        "expires_at": iso(session.ends_at),
    }


def iso(at: datetime) -> str:
    """A moment as the pages' calls tell it."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
