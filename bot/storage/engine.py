"""Opening the database and running transactions that several domains can share."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import QueuePool

from bot.errors import ConfigError

logger = logging.getLogger(__name__)

# How long a SQLite writer waits for another process's transaction before it gives up.
SQLITE_BUSY_SECONDS = 15.0
# Connections to a SQLite file that are kept open, and how many more may be for a while: beyond the
# threads of a gateway, so that nobody waits for one.
SQLITE_KEPT, SQLITE_MORE = 16, 64


class Database:
    """One engine and its transactions.

    ``begin()`` nests: an inner ``begin()`` on the same thread of control joins the outer
    transaction, so a ticket and the message that announces it are committed together or not
    at all, though neither domain knows the other.

    Args:
        url: a SQLAlchemy URL, ``sqlite:///var/bankbot.db`` or ``postgresql://…``.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        sqlite = self.engine.dialect.name == "sqlite"
        self._writing = threading.Lock() if sqlite else None
        self._current: ContextVar[Connection | None] = ContextVar(f"tx-{id(self)}", default=None)
        self._reading: ContextVar[Connection | None] = ContextVar(f"read-{id(self)}", default=None)
        self._later: ContextVar[list[Callable[[], object]]] = ContextVar(f"later-{id(self)}")

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: committed at the end of the block, rolled back on any error."""
        joined = self._current.get()
        if joined is not None:
            yield joined
            return
        later: list[Callable[[], object]] = []
        with self._turn(), self.engine.begin() as connection:
            token, kept = self._current.set(connection), self._later.set(later)
            try:
                yield connection
            finally:
                self._current.reset(token)
                self._later.reset(kept)
        for do in later:
            _do(do)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """This process's writers one after another, where the database lets in one at a time.

        SQLite lets the others ask again and again, after pauses of up to a tenth of a second, and
        whoever comes just then goes first: of many at once some would wait for seconds. Who has
        waited here in vain asks all the same; it is the database that decides.
        """
        if self._writing is None:
            yield
            return
        mine = self._writing.acquire(timeout=SQLITE_BUSY_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._writing.release()

    def after_commit(self, do: Callable[[], object]) -> None:
        """Run ``do`` once the transaction under way is committed, or at once without one.

        It is not run if that is rolled back, and an error of its own is only logged: what was
        committed has happened. Asked for twice in one transaction, it runs once.
        """
        if self._current.get() is None:
            _do(do)
        elif do not in self._later.get():
            self._later.get().append(do)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading; inside ``begin()`` it sees that transaction's writes.

        It nests: what is read inside of it goes by the same connection, so that a look made of
        several queries takes one.
        """
        joined = self._current.get() or self._reading.get()
        if joined is not None:
            yield joined
            return
        with self.engine.connect() as connection:
            # SQLite's write lock is only wanted by begin(): see _begin_immediate.
            reading = connection.execution_options(read_only=True)
            token = self._reading.set(reading)
            try:
                yield reading
            finally:
                self._reading.reset(token)

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _do(do: Callable[[], object]) -> None:
    try:
        do()
    except Exception:
        logger.exception("what was to follow a transaction failed")


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except Exception as error:
        raise ConfigError(f"database url {url!r} cannot be read: {error}") from None
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, future=True, pool_pre_ping=True, hide_parameters=True)
    pool: dict[str, Any] = {}
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # Otherwise each transaction would open the file anew, and the last to close it clean up.
        pool = {"poolclass": QueuePool, "pool_size": SQLITE_KEPT, "max_overflow": SQLITE_MORE}
    engine = create_engine(
        parsed,
        future=True,
        # An error's text goes to the log; a statement's parameters are customers' words.
        hide_parameters=True,
        connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False},
        **pool,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # pysqlite's own transaction handling starts too late for BEGIN IMMEDIATE; switch it off.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: an acknowledged message survives the machine's power going, not only the process.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # Taking the write lock at once turns "database is locked" in mid-transaction into a wait.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
