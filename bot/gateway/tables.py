"""Tables that leave the pages as files."""

from __future__ import annotations

from fastapi import Response

from bot.gateway.errors import ApiError

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def media_type(kind: str) -> tuple[str, str]:
    """The suffix and the media type of a kind of table.

    Raises:
        ApiError: 404, there is no such kind.
    """
    if kind not in _TYPES:
        raise ApiError(404, "not_found", "只能导出 export.csv 或 export.xlsx。")
    return f".{kind}", _TYPES[kind]


def download(content: bytes, kind: str, name: str) -> Response:
    """A table as a file that the browser saves; ``name`` is ASCII, without its suffix."""
    suffix, media = media_type(kind)
    headers = {"Content-Disposition": f'attachment; filename="{name}{suffix}"'}
    return Response(content, media_type=media, headers=headers)
