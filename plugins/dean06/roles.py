"""Names of the warehouse's roles. Roles belong to the server, not to a database: two warehouses on
one server are apart only if their roles have different names.

Code and SQL files name roles as they are called with the prefix ``dean06``; ``named`` gives them
the names of this warehouse (``DEAN06_ROLE_PREFIX``).
"""

import re

from dean06 import settings

PURPOSES = ("loader", "steward", "ui", "bi", "bi_province", "analyst")
"""What the roles that ``migrate`` makes are for."""
_OURS = re.compile(rf"\b{settings.ROLE_PREFIX}_({'|'.join(PURPOSES)}|trail)\b")


def named(text: str) -> str:
    """A role, or a text of SQL, with the names that this warehouse's roles have."""
    if not _OURS.search(text):
        return text  # of every warehouse: the compiler of suites reads it for no province
    prefix = settings.role_prefix()
    return _OURS.sub(lambda found: f"{prefix}_{found[1]}", text)


def all_named() -> list[str]:
    """Names of the roles that ``migrate`` makes."""
    return [named(f"{settings.ROLE_PREFIX}_{purpose}") for purpose in PURPOSES]
