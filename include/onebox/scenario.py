"""The days of a scenario: what one machine must know of the simulated world before it starts it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from onebox.config import PROJECT, ConfigError

FOLDER = PROJECT / "include" / "ministries" / "scenarios"


@dataclass(frozen=True)
class Days:
    """Of one scenario."""

    name: str
    first: date
    """The first day that sources send."""
    anchor: date
    """The day its figures are of."""
    last: date
    """Last day for which there are data."""

    def chosen(self, day: date | None) -> date:
        """A day to sync; by default the anchor. Raises ConfigError when sources do not send it."""
        if day is not None and not self.first <= day <= self.last:
            raise ConfigError(
                f"{day} is not a day of scenario {self.name}: its sources have data from "
                f"{self.first} to {self.last}"
            )
        return day or self.anchor


def days(name: str) -> Days:
    """The days of a scenario by its name or the path of its YAML file.

    Raises ConfigError when there is no such file or it does not hold the three days.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = Days(name, document["feeds_begin"], document["anchor"], document["horizon"])
    except FileNotFoundError:
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.yaml")))
        raise ConfigError(f"unknown scenario {name}; available scenarios: {known}") from None
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        raise ConfigError(f"scenario {name}: {path.name} is not a scenario") from None
    if not all(isinstance(day, date) for day in (found.first, found.anchor, found.last)):
        raise ConfigError(f"scenario {name}: feeds_begin, anchor and horizon must be dates")
    return found
