"""The pages' modules fit together: a name that one imports and no other exports is a blank page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "bot" / "gateway" / "static"
MODULES = sorted(path for path in STATIC.rglob("*.js") if path.parent != STATIC)

_IMPORT = re.compile(r"import \{([^}]*)\} from \"(\.[^\"]+)\"")
_DECLARED = re.compile(r"export (?:async )?(?:function|const|class|let) (\w+)")
_LISTED = re.compile(r"export (?:const )?\{([^}]*)\}")


def exports_of(module: Path) -> set[str]:
    """The names that others may import from it."""
    text = module.read_text()
    found = set(_DECLARED.findall(text))
    for names in _LISTED.findall(text):
        found |= {re.split(r"\s+as\s+|:", name)[-1].strip() for name in names.split(",")}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_every_name_that_is_imported_is_there(module: Path) -> None:
    for names, source in _IMPORT.findall(module.read_text()):
        other = (module.parent / source).resolve()
        assert other.is_file(), f"{source} is not there"
        wanted = {re.split(r"\s+as\s+", name.strip())[0] for name in names.split(",")} - {""}
        assert wanted <= exports_of(other), f"{source} lacks {wanted - exports_of(other)}"
