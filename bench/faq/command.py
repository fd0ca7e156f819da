"""``bankbot faq publish`` as a maintainer runs it, on folders of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def publish_by_command(var: Path, bank: Path, encoder: str) -> None:
    """Publish ``bank`` into ``var``. The gate's objections are overruled: the figure is time."""
    environment = {
        "BANKBOT_VAR_DIR": str(var),
        "BANKBOT_FAQ_DIR": str(bank),
        "BANKBOT_DATABASE_URL": f"sqlite:///{var}/bankbot.db",
        "BANKBOT_FAQ_ENCODER": encoder,
    }
    subprocess.run(
        [sys.executable, "-m", "bot.cli", "faq", "publish", "--override", "measured"],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
