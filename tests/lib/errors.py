"""All error classes of dean06."""

import importlib
import pkgutil

import dean06
from dean06.errors import Dean06Error


def every_error() -> list[type[Dean06Error]]:
    """All error classes of dean06, wherever they are."""
    for module in pkgutil.walk_packages(dean06.__path__, "dean06."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, todo = set(), [Dean06Error]
    while todo:
        kind = todo.pop()
        found.add(kind)
        todo += kind.__subclasses__()
    return sorted(found, key=lambda kind: kind.__name__)


def made(kind: type[Dean06Error]) -> Dean06Error:
    """An error of a class, whatever its constructor asks for."""
    error = kind.__new__(kind)
    error.args = ("said so",)
    return error
