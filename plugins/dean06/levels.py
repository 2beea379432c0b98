"""Whose installation this is: a province's, which takes the ministries' sources, or the country's,
which takes the provinces' signed publications and holds no person."""

from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.provinces.current import value


def level() -> str:
    """Whose installation this is (``DEAN06_LEVEL``): ``province``, which takes the ministries'
    sources, or ``country``, which takes the provinces' signed publications.

    Raises Dean06Error for another word.
    """
    found = value("DEAN06_LEVEL") or "province"
    if found not in ("province", "country"):
        raise Dean06Error(detail("level_invalid"))
    return found


def is_country() -> bool:
    """Whether the installation is the country's."""
    return level() == "country"


def country_provinces() -> tuple[str, ...]:
    """Provinces that a national value needs (``DEAN06_COUNTRY_PROVINCES``), separated by spaces, as
    the connection of the publications calls them. While one of them has no value, the country has
    none.

    Raises Dean06Error where none is named.
    """
    found = tuple(sorted(set(value("DEAN06_COUNTRY_PROVINCES").split())))
    if not found:
        raise Dean06Error(detail("country_provinces_missing"))
    return found
