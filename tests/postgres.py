"""A PostgreSQL server for the tests, out of Debian's ``postgresql`` package."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from bot.storage import Database
from bot.storage.migrate import upgrade

TEMPLATE = "bank_template"


def binary(name: str) -> str | None:
    """Where a program of the server lies; Debian keeps them off the path, by version."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name)


class Server:
    """A running server; each test gets a database of its own, copied from a migrated one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._sql(f"CREATE DATABASE {TEMPLATE}")
        template = Database(self._url(TEMPLATE))
        upgrade(template)
        template.dispose()

    def database(self) -> str:
        """The URL of a fresh database of the present schema."""
        name = f"bank_{next(self._numbers)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg2://bank@/{name}?host={self._folder}"

    def _sql(self, statement: str) -> None:
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT", future=True)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A server that listens on a socket in a folder of its own, and is gone at the end.

    Args:
        durable: a commit is on disk, as outside of tests.
    """
    folder = Path(tempfile.mkdtemp(prefix="bank-pg-"))
    as_whom: dict[str, Any] = {}
    if os.getuid() == 0:  # the server refuses to run as root
        who = pwd.getpwnam("postgres")
        os.chown(folder, who.pw_uid, who.pw_gid)
        as_whom = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}

    def call(program: str, *arguments: str) -> None:
        command = [str(binary(program)), "-D", str(folder / "data"), *arguments]
        with (folder / "log").open("ab") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, cwd=folder, **as_whom)

    try:
        call("initdb", "--auth=trust", "--username=bank", "--no-sync", "--encoding=UTF8")
        sync = "on" if durable else "off"
        options = f"-c listen_addresses= -c fsync={sync} -c max_connections=200 -k {folder}"
        call("pg_ctl", "-w", "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            call("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
