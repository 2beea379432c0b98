"""All error classes of dean06."""

import importlib
import json
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


def said_by(error: BaseException) -> str:
    """All that an error says to anybody: its message, the Vietnamese one, what the ledger keeps."""
    assert isinstance(error, Dean06Error)
    kept = json.dumps(error.detail.stored(), ensure_ascii=False) if error.detail else ""
    return f"{error}\n{error.vi}\n{kept}"
