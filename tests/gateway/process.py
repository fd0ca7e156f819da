"""``python -m tests.gateway.process PORT DATABASE RASA``: a gateway that a test can kill."""

from __future__ import annotations

import sys

import uvicorn

from bot.gateway.app import SERVER_OPTIONS, create_app
from bot.storage import Database
from tests.gateway.conftest import make_config

if __name__ == "__main__":
    port, database, rasa = sys.argv[1:]
    uvicorn.run(
        create_app(make_config(rasa), Database(database)),
        port=int(port),
        **SERVER_OPTIONS,
    )
