"""What the commands of ``bankbot faq`` are put together from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import ConfigError, Unavailable
from bot.settings import load_settings

if TYPE_CHECKING:
    from datetime import date

    from bot.faq.bank import Bank
    from bot.faq.checks import Finding
    from bot.faq.editing import Editor
    from bot.faq.encoder import Encoder
    from bot.faq.release import Releases
    from bot.faq.review import Reviews
    from bot.storage import Database

EntryArgument = Annotated[str, typer.Argument(help="条目编号，例如 loss.fee")]
ByOption = Annotated[str, typer.Option("--by", help="您的姓名或工号", prompt="您的姓名或工号")]
WhyOption = Annotated[str, typer.Option("--why", help="为什么", prompt="为什么")]
SystemOption = Annotated[str, typer.Option("--by", help="谁：姓名或工号")]
ReasonOption = Annotated[str, typer.Option("--why", help="为什么")]


@lru_cache(maxsize=1)
def database() -> Database:
    """The project's database, made and brought to the present schema where it is not."""
    from sqlalchemy.exc import OperationalError

    from bot.storage import Database
    from bot.storage.migrate import upgrade

    db = Database(load_settings().database_url)
    try:
        upgrade(db)
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise Unavailable(f"数据库打不开：{reason}（请检查 BANKBOT_DATABASE_URL）") from None
    return db


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The encoder in use; :class:`ConfigError` when there is none yet."""
    from bot.faq.encoder import load_encoder

    return load_encoder(load_settings().encoder_path)


def encoder_if_any() -> Encoder | None:
    """The encoder, or ``None`` before it was trained."""
    try:
        return encoder()
    except ConfigError:
        return None


def today() -> date:
    """The day in Shanghai."""
    from bot.text.clock import shanghai, utc_now

    return shanghai(utc_now()).date()


def bank() -> Bank:
    """The bank as it is; :class:`bot.errors.DataError` for the first thing that can't be read."""
    from bot.faq.bank import load_bank

    return load_bank(load_settings().faq_dir)


def inspected() -> tuple[Bank, list[Finding]]:
    """The bank with everything that needs no encoder to be found."""
    from bot.faq.bank import inspect_bank
    from bot.faq.checks import check_bank
    from bot.faq.surroundings import business_intents

    found = inspect_bank(load_settings().faq_dir)
    return found, check_bank(found, business_intents(), today())


def editor() -> Editor:
    """Writes the bank's files."""
    from bot.faq.editing import Editor
    from bot.faq.surroundings import business_intents

    return Editor(load_settings().faq_dir, database(), business_intents())


def reviews() -> Reviews:
    """What waits for a second person."""
    from bot.faq.review import Reviews

    return Reviews(database())


def releases() -> Releases:
    """Publications."""
    from bot.faq.release import Releases

    return Releases(load_settings().faq_publications, database(), encoder)


@contextmanager
def all_reasons() -> Iterator[None]:
    """Print every reason of a refusal; its one line of summary follows as any error's."""
    from bot.faq.refusal import NotPublished, Refused

    try:
        yield
    except (Refused, NotPublished) as error:
        for reason in error.reasons:
            typer.echo(reason)
        raise
