"""The one place where an error becomes a response: ``{"error": {"code", "message"}}``.

``code`` is for programs and never changes; ``message`` is for the customer and is Chinese.
Neither carries what was sent, a traceback or the wording of an inner error.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.errors import BankbotError, Conflict, Forbidden, Invalid, NotFound, Unavailable

logger = logging.getLogger(__name__)

HOTLINE = "400-000-9527"


class ApiError(BankbotError):
    """An error whose status, code and Chinese message the gateway chose itself.

    Args:
        status: HTTP status.
        code: stable name for programs, ``lower_snake_case``.
        message: one Chinese sentence for the customer.
        headers: further response headers, such as ``Retry-After``.
        reasons: all of them, where there are several.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        reasons: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.reasons = list(reasons)


# First match wins; the wording of a domain's own error stays in the log.
_DOMAIN_ERRORS: tuple[tuple[type[BankbotError], int, str, str], ...] = (
    (NotFound, 404, "not_found", "没有找到您要的内容。"),
    (Conflict, 409, "conflict", "当前状态下不能这样操作，请刷新页面后再试。"),
    (Forbidden, 403, "forbidden", "您没有这项操作的权限。"),
    (Invalid, 422, "invalid", "提交的内容有误，请检查后再试。"),
    (
        Unavailable,
        503,
        "unavailable",
        f"服务暂时不可用，请稍后再试；急事请致电客服热线 {HOTLINE}。",
    ),
)

# Where a domain's own words are fit for whoever called.
_OWN_WORDS: tuple[tuple[type[BankbotError], int, str], ...] = (
    (NotFound, 404, "unknown"),
    (Conflict, 409, "state"),
    (Forbidden, 403, "forbidden"),
    (Invalid, 422, "invalid"),
)

TOO_LARGE = ApiError(413, "body_too_large", "提交的内容太大了，请缩短后再试。")


def file_too_large(most: int) -> ApiError:
    """What is said of a file of more than ``most`` bytes."""
    return ApiError(
        413, "file_too_large", f"文件太大了，请压缩到 {most // 1_000_000} MB 以内再上传。"
    )


_HTTP_ERRORS: dict[int, tuple[str, str]] = {
    400: ("bad_request", "请求无法读取，请检查格式后再试。"),
    404: ("not_found", "没有这个地址。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方式。"),
    413: (TOO_LARGE.code, TOO_LARGE.message),
}

INTERNAL = ApiError(500, "internal", f"系统出了点问题，请稍后再试；急事请致电客服热线 {HOTLINE}。")


def error_response(error: ApiError) -> JSONResponse:
    """The response that carries one error."""
    told: dict[str, object] = {"code": error.code, "message": error.message}
    if error.reasons:
        told["reasons"] = error.reasons
    return JSONResponse({"error": told}, error.status, error.headers)


def as_api_error(error: BankbotError) -> ApiError:
    """What a domain's error is to the outside."""
    if isinstance(error, ApiError):
        return error
    for kind, status, code, message in _DOMAIN_ERRORS:
        if isinstance(error, kind):
            return ApiError(status, code, message)
    return INTERNAL


@contextmanager
def in_own_words(about: str) -> Iterator[None]:
    """Tell what is refused within in the domain's own words, as ``{about}_state`` and the like."""
    try:
        yield
    except ApiError:
        raise
    except BankbotError as refusal:
        for kind, status, what in _OWN_WORDS:
            if isinstance(refusal, kind):
                raise ApiError(status, f"{about}_{what}", f"{refusal}。") from None
        raise


def install(app: FastAPI) -> None:
    """Make every error leave the app in the one shape."""
    app.exception_handler(BankbotError)(_domain_error)
    app.exception_handler(RequestValidationError)(_validation_error)
    app.exception_handler(HTTPException)(_http_error)


async def _domain_error(_request: Request, error: BankbotError) -> JSONResponse:
    told = as_api_error(error)
    if told.status >= 500:
        logger.error("%s: %s", type(error).__name__, error)
    return error_response(told)


async def _validation_error(_request: Request, error: RequestValidationError) -> JSONResponse:
    # Field names only: the library's wording is English and may repeat what was sent.
    fields = sorted({_field(item["loc"]) for item in error.errors()} - {""})
    where = f"（{'、'.join(fields)}）" if fields else ""
    return error_response(
        ApiError(422, "invalid_request", f"请求内容不符合要求{where}，请检查后再试。")
    )


def _field(location: tuple[int | str, ...]) -> str:
    names = [str(part) for part in location[1:] if isinstance(part, str) and part != "__root__"]
    # An unknown field's name was chosen by the caller: don't hand back just anything.
    return ".".join(names) if all(name.isidentifier() and len(name) < 40 for name in names) else ""


async def _http_error(_request: Request, error: HTTPException) -> JSONResponse:
    code, message = _HTTP_ERRORS.get(error.status_code, ("http_error", "请求无法处理。"))
    return error_response(ApiError(error.status_code, code, message, error.headers))
