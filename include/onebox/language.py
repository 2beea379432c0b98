"""The language of the terminal: ``python -m dean06 summary`` ends a sync in it, so what stands
around it is in it too."""

import os

_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")


def is_vietnamese() -> bool:
    """Whether the terminal's locale is Vietnamese; every other one gets English."""
    return next((os.environ[n] for n in _NAMES if os.environ.get(n)), "").startswith("vi")


def say(vi: str, en: str) -> str:
    """The text in the terminal's language."""
    return vi if is_vietnamese() else en
