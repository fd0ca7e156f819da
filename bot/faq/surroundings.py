"""What the bank has to know of the assistant around it, read from the assistant's own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.errors import ConfigError

DOMAIN = Path("domain.yml")
OFF_TOPIC = Path("data/nlu/out_of_scope.yml")


def business_intents(domain: Path = DOMAIN) -> frozenset[str]:
    """Intents that a quick reply may lead to."""
    intents = _read(domain)["intents"]
    return frozenset(next(iter(each)) if isinstance(each, dict) else each for each in intents)


def off_topic(path: Path = OFF_TOPIC) -> list[str]:
    """Messages that are none of a bank's business, which calibration learns to leave alone."""
    lines = [line for block in _read(path)["nlu"] for line in block["examples"].splitlines()]
    return [line.lstrip("- ").strip() for line in lines if line.strip("- ")]


def _read(path: Path) -> Any:
    from ruamel.yaml import YAML

    if not path.exists():
        raise ConfigError(f"没有找到 {path}：请在项目的根目录运行")
    return YAML(typ="safe").load(path)
