"""What `bankbot nlu calibrate` derived, as the pipeline reads it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ruamel.yaml import YAML

from bot.errors import DataError
from bot.nlu.routes import Thresholds

HEADER = """\
# Where the router draws its lines, and how the classifier's margins become probabilities.
# Derived by `bankbot nlu calibrate` on tests/rasa/development; what each means: bot/nlu/routes.py.
"""


@dataclass(frozen=True)
class Calibration:
    """``sharpness`` is the inverse temperature of the classifier's margins."""

    sharpness: float
    thresholds: Thresholds

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read the file.

        Raises:
            DataError: it is missing, or a name in it is unknown or missing.
        """
        if not path.exists():
            raise DataError(f"{path}: 没有这个文件（请运行 bankbot nlu calibrate）")
        content = YAML(typ="safe").load(path)
        names = {field.name for field in fields(Thresholds)}
        given = content.get("thresholds") or {}
        if set(given) != names or not isinstance(content.get("sharpness"), float):
            odd = "、".join(sorted(names ^ set(given))) or "sharpness"
            raise DataError(f"{path}: {odd} 多余、缺少或不是数（请运行 bankbot nlu calibrate）")
        return cls(content["sharpness"], Thresholds(**given))

    def save(self, path: Path) -> None:
        """Write the file anew."""
        lines = [f"  {name}: {value:g}" for name, value in asdict(self.thresholds).items()]
        text = HEADER + f"sharpness: {self.sharpness:.2f}\nthresholds:\n" + "\n".join(lines)
        path.write_text(text + "\n")
