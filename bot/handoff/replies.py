"""Canned replies of ``data/replies.yml``: what agents say again and again, said well once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError, validator

from bot.errors import DataError
from bot.handoff.reasons import LINES
from bot.handoff.yaml_file import Place, YamlFile, mend
from bot.text.masking import mask_text

# What an agent sends has to fit into a bubble on a phone.
TEXT_MAX_CHARS = 300
TITLE_MAX_CHARS = 20


class Reply(BaseModel):
    """One reply; without ``lines`` it suits every line of business."""

    id: str = Field(..., regex=r"^[a-z][a-z0-9_]{1,31}$")
    title: str
    text: str
    lines: tuple[str, ...] = ()

    class Config:
        extra = "forbid"
        frozen = True

    @validator("title", "text")
    def _said(cls, value: str) -> str:  # noqa: N805 - pydantic hands in the class
        if not value.strip():
            raise ValueError("不能为空，请写上内容")
        if mask_text(value) != value:
            raise ValueError("含有像卡号、手机号的数字，请去掉")
        return value.strip()

    @validator("title")
    def _short(cls, value: str) -> str:  # noqa: N805
        if len(value) > TITLE_MAX_CHARS:
            raise ValueError(f"超过 {TITLE_MAX_CHARS} 字，请写短一些")
        return value

    @validator("text")
    def _fits(cls, value: str) -> str:  # noqa: N805
        if len(value) > TEXT_MAX_CHARS:
            raise ValueError(f"超过 {TEXT_MAX_CHARS} 字，请分成几条")
        return value

    @validator("lines", each_item=True)
    def _known(cls, value: str) -> str:  # noqa: N805
        if value not in LINES:
            raise ValueError(f"没有业务条线 {value!r}（可用：{'、'.join(LINES)}）")
        return value


class _Replies(BaseModel):
    replies: tuple[Reply, ...]

    class Config:
        extra = "forbid"


@dataclass(frozen=True)
class InspectedReplies:
    """A file looked at: its replies, unless there are ``errors``."""

    replies: tuple[Reply, ...]
    errors: tuple[DataError, ...]


def load_replies(path: Path) -> tuple[Reply, ...]:
    """The replies of a file.

    Raises:
        DataError: the first thing wrong with it.
    """
    found = inspect_replies(path)
    if found.errors:
        raise found.errors[0]
    return found.replies


def inspect_replies(path: Path) -> InspectedReplies:
    """The replies with everything wrong with them."""
    try:
        file = YamlFile.read(path, "replies")
    except DataError as error:
        return InspectedReplies((), (error,))
    try:
        replies = _Replies.parse_obj(file.tree).replies
    except ValidationError as error:
        return InspectedReplies(
            (), tuple(file.error(each["loc"], mend(each)) for each in error.errors())
        )
    errors = tuple(file.error(place, what) for place, what in _errors(replies))
    return InspectedReplies(replies, errors)


def _errors(replies: tuple[Reply, ...]) -> Iterator[tuple[Place, str]]:
    ids, titles = (Counter(getattr(each, name) for each in replies) for name in ("id", "title"))
    for index, reply in enumerate(replies):
        if ids[reply.id] > 1:
            yield ("replies", index, "id"), f"编号 {reply.id} 重复，请换一个"
        if titles[reply.title] > 1:
            yield ("replies", index, "title"), f"标题“{reply.title}”重复，坐席分不清，请换一个"
