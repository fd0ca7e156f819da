"""The pages have no build that would notice: what a module imports is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "bot/gateway/static"
MODULES = sorted(path for path in STATIC.rglob("*.js") if path.parent != STATIC)

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:const|let|class|function\*?) (\w+)", re.MULTILINE)
_LIST = re.compile(r"^export (?:const )?\{([^}]*)\}", re.MULTILINE)


def names(text: str, part: int) -> Iterator[str]:
    """Of "a, b as c" what stands before (0) or behind (-1) each "as", or of "a: c" each ":"."""
    for each in text.split(","):
        if each.strip():
            yield re.split(r"\s+as\s+|\s*:\s*", each.strip())[part]


def exported(text: str) -> set[str]:
    found = set(_EXPORT.findall(text))
    return found.union(*(names(some, -1) for some in _LIST.findall(text)))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(STATIC)))
def test_a_page_s_module_finds_what_it_imports(path: Path) -> None:
    for wanted, where in _IMPORT.findall(path.read_text()):
        other = (path.parent / where).resolve()
        assert other.is_file(), f"{path.name} imports {where}, which is not there"
        missing = set(names(wanted, 0)) - exported(other.read_text())
        assert not missing, f"{path.name} imports {missing} from {where}, which has no such export"
