"""``python -m tests.gateway.process PORT DATABASE RASA``: a gateway that a test can kill."""

from __future__ import annotations

import sys

from bot.gateway.app import create_app, serve
from bot.storage import Database
from tests.gateway.conftest import make_config

if __name__ == "__main__":
    port, database, rasa = sys.argv[1:]
    serve(create_app(make_config(rasa), Database(database)), port=int(port))
