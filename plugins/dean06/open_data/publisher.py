"""Who publishes open data, where, under which licence, how often: from the settings."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from dean06.contract import Bilingual
from dean06.details.detail import Detail, detail
from dean06.errors import Dean06Error
from dean06.provinces.current import value

UPDATE_CYCLES = {
    "daily": Bilingual("daily", "hằng ngày"),
    "weekly": Bilingual("weekly", "hằng tuần"),
    "monthly": Bilingual("monthly", "hằng tháng"),
    "quarterly": Bilingual("quarterly", "hằng quý"),
    "annual": Bilingual("annual", "hằng năm"),
    "irregular": Bilingual("irregular", "không định kỳ"),
}
"""How often releases are published, as ``DEAN06_OPEN_DATA_UPDATE_CYCLE`` says it."""
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


@dataclass(frozen=True)
class Publisher:
    """What every release says of its publisher."""

    name: str
    url: str
    """Where the folders of releases are published; ends with a slash."""
    licence: str
    """URL of the licence."""
    contact: str
    """An e-mail address, or a URL."""
    update_cycle: str
    """One of ``UPDATE_CYCLES``."""

    @property
    def contact_url(self) -> str:
        """The contact as a URL: ``mailto:`` for an e-mail address."""
        return self.contact if _is_url(self.contact) else f"mailto:{self.contact}"


def open_data_url() -> str:
    """Where releases of open data are published (``DEAN06_OPEN_DATA_URL``), each in a folder below
    it: the URLs in a release begin with it."""
    return value("DEAN06_OPEN_DATA_URL")


def open_data_publisher() -> str:
    """The agency that publishes open data (``DEAN06_OPEN_DATA_PUBLISHER``)."""
    return value("DEAN06_OPEN_DATA_PUBLISHER")


def open_data_licence() -> str:
    """URL of the licence of open data (``DEAN06_OPEN_DATA_LICENCE``)."""
    return value("DEAN06_OPEN_DATA_LICENCE")


def open_data_contact() -> str:
    """Whom readers of open data can ask (``DEAN06_OPEN_DATA_CONTACT``): an e-mail address or a
    URL."""
    return value("DEAN06_OPEN_DATA_CONTACT")


def open_data_update_cycle() -> str:
    """How often open data are published (``DEAN06_OPEN_DATA_UPDATE_CYCLE``): daily, weekly,
    monthly, quarterly, annual or irregular."""
    return value("DEAN06_OPEN_DATA_UPDATE_CYCLE") or "daily"


def is_wanted() -> bool:
    """Whether anything is set of a publisher: without one, nobody releases open data."""
    return any(
        (
            open_data_publisher(), open_data_url(), open_data_licence(),
            open_data_contact(),
        )
    )  # fmt: skip


def read() -> Publisher:
    """The publisher. Raises Dean06Error listing every setting that is missing or not valid: open
    data without a licence may not be used, and an address that is guessed is nobody's."""
    found = Publisher(
        open_data_publisher(),
        f"{open_data_url().rstrip('/')}/",
        open_data_licence(),
        open_data_contact(),
        open_data_update_cycle(),
    )
    if faults := list(_faults(found)):
        raise Dean06Error(detail("open_data_settings", faults=faults))
    return found


def _faults(found: Publisher) -> list[Detail]:
    """What is wrong with the settings, a detail each."""
    is_contact = _is_url(found.contact) or _MAIL.fullmatch(found.contact)
    cycles = list(UPDATE_CYCLES)
    checks = (
        (found.name.strip(), detail("open_data_publisher_missing")),
        (_is_url(found.url), detail("open_data_url", setting="DEAN06_OPEN_DATA_URL")),
        (_is_url(found.licence), detail("open_data_url", setting="DEAN06_OPEN_DATA_LICENCE")),
        (is_contact, detail("open_data_contact")),
        (found.update_cycle in cycles, detail("open_data_update_cycle", allowed=cycles)),
    )
    return [fault for is_right, fault in checks if not is_right]


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
