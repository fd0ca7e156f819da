"""What holds for every request: a size limit, security headers, one log line, no traceback.

Plain ASGI rather than Starlette's ``BaseHTTPMiddleware``, which would stand between a stream
and the news that its client has gone.
"""

from __future__ import annotations

import json
import logging
import re
import time
from datetime import datetime, timezone

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.errors import (
    INTERNAL,
    TOO_LARGE,
    ApiError,
    error_response,
    file_too_large,
)
from bot.gateway.logs import REQUESTS

logger = logging.getLogger(__name__)
requests = logging.getLogger(REQUESTS)

# The longest allowed text, every character escaped as JSON may do it, fits many times over.
BODY_MAX_BYTES = 128 * 1024
# A table of a hundred times the bank's entries; it is read after its sender has signed in.
TABLE_MAX_BYTES = 20_000_000
TABLES = "/api/faq/bank/import"
FILES = re.compile(r"/api/conversations/[^/]+/files")

ROUTINE = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/",
    "/api/demo/",
    "/api/faq/hot",
    "/api/faq/suggest",
    "/api/desk/beat",
)
TYPING = "/typing"

# 'unsafe-inline' is for style only: the widget styles itself inside its shadow root.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # An events address may hold a token: it is told to nobody.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Envelope:
    """Wraps the whole app.

    Each request leaves one line of JSON: time, method, path without query, status, milliseconds;
    an event stream leaves its line when it ends.
    """

    def __init__(self, app: ASGIApp, file_max_bytes: int) -> None:
        self._app = app
        self._file_max_bytes = file_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(scope, message)
            await send(message)

        try:
            await self._serve(scope, receive, sending)
        except Exception:
            logger.exception("request failed")
            if status == 0:
                await error_response(INTERNAL)(scope, receive, sending)
        finally:
            elapsed = time.perf_counter() - begun
            _log(scope["method"], scope["path"], status, elapsed)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        most, error = self._limit(scope["path"])
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdigit() and int(length) > most:
            await error_response(error)(scope, receive, send)
            return
        seen = 0

        async def receiving() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                # This kind passes through the framework's own reading of bodies.
                raise HTTPException(TOO_LARGE.status)
            return message

        await self._app(scope, receiving, send)

    def _limit(self, path: str) -> tuple[int, ApiError]:
        """How much a body at this path may hold, and what is said of more."""
        if FILES.fullmatch(path):
            return self._file_max_bytes, file_too_large(self._file_max_bytes)
        return (TABLE_MAX_BYTES if path == TABLES else BODY_MAX_BYTES), TOO_LARGE


def _log(method: str, path: str, status: int, seconds: float) -> None:
    # What machines ask every few seconds, or typing asks for, would bury what customers do.
    routine = status < 300 and (path.startswith(ROUTINE) or path.endswith(TYPING))
    level = logging.DEBUG if routine else logging.INFO
    if requests.isEnabledFor(level):
        line = {
            "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "method": method,
            "path": path,
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        requests.log(level, json.dumps(line, ensure_ascii=False))


def _add_headers(scope: Scope, message: Message) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    if scope["path"].startswith("/api/"):
        headers.setdefault("Cache-Control", "no-store")
    elif scope["path"] == "/widget.js" or scope["path"].startswith("/static/"):
        # The bank's own pages embed these from another origin.
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
