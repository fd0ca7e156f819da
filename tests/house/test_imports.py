"""Who may import whom: the house stays the one on the architecture page."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each room and what it may import of ours, besides itself.
MAY_IMPORT = {
    "bot.errors": set(),
    "bot.text": {"bot.errors"},
    "bot.storage": {"bot.errors"},
    "bot.faq": {"bot.errors", "bot.text", "bot.storage"},
    "bot.banking": {"bot.errors", "bot.text", "bot.storage"},
    "bot.conversations": {"bot.errors", "bot.text", "bot.storage"},
    "bot.handoff": {"bot.errors", "bot.text", "bot.storage"},
    "bot.complaints": {"bot.errors", "bot.text", "bot.storage"},
    "bot.staff": {"bot.errors", "bot.text", "bot.storage"},
    "bot.nlu": {"bot.errors", "bot.text", "bot.faq", "bot.settings"},
    "bot.settings": {"bot.errors"},
    "bot.gateway": {
        "bot.errors", "bot.text", "bot.storage", "bot.conversations", "bot.handoff",
        "bot.complaints", "bot.faq", "bot.staff", "bot.settings",
    },
    "actions": {
        "bot.errors", "bot.text", "bot.storage", "bot.banking", "bot.conversations",
        "bot.handoff", "bot.complaints", "bot.faq", "bot.settings",
    },
}  # fmt: skip

# Only these read the environment.
SETTINGS_READERS = {
    "bot/cli",
    "bot/nlu",
    "bot/gateway/app.py",
    "actions/services.py",
    "bot/settings.py",
}
MIGRATIONS = "bot/storage/migrations"


def source_files() -> list[Path]:
    return [
        path
        for folder in ("bot", "actions")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if MIGRATIONS not in path.as_posix()
    ]


def imports_of(path: Path) -> set[str]:
    """Every module that the file names in an import, absolute."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import; name the module in full"
            found.add(node.module)
    return found


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[0] if parts[0] == "actions" else ".".join(parts[:2])


def module_of(path: Path) -> str:
    relative = path.relative_to(ROOT).with_suffix("")
    return ".".join(relative.parts)


@pytest.mark.parametrize("path", source_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    room = room_of(module_of(path))
    ours = {room_of(name) for name in imports_of(path) if name.split(".")[0] in ("bot", "actions")}
    ours -= {room, "bot"}
    if room == "bot.cli":
        assert "actions" not in ours
        return
    # The migrations need every table, and so does the one place that runs them.
    if module_of(path) == "bot.storage.migrate":
        return
    assert ours <= MAY_IMPORT.get(room, set()), f"{path}: {ours - MAY_IMPORT.get(room, set())}"


@pytest.mark.parametrize("path", source_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_rasa_is_imported_in_one_room(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports_of(path)}
    if "rasa" in tops:
        assert room_of(module_of(path)) == "bot.nlu"
    if "rasa_sdk" in tops:
        assert room_of(module_of(path)) == "actions"


@pytest.mark.parametrize("path", source_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_entry_points_read_settings(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    if "bot.settings" in imports_of(path):
        assert any(place.startswith(reader) for reader in SETTINGS_READERS), place
