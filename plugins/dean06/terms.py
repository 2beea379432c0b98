"""Terms of a contract: its custom properties, which say how a source delivers and what its datasets
are to the load protocol.

The Open Data Contract Standard leaves custom properties to whoever writes them; these are ours.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

import msgspec

from dean06.declaration import Declaration, declared
from dean06.person_columns import Person

Level = Literal["province", "country"]
LEVELS = get_args(Level)
"""Whose an installation can be (``DEAN06_LEVEL``)."""
ADJUSTABLE = (
    "page_size", "retry_attempts", "retry_wait_seconds", "timeout_seconds", "max_pages",
    "max_files", "max_bytes", "max_seconds",
)  # fmt: skip
"""What the extra of a connection may set otherwise."""


class Terms(Declaration, frozen=True):
    """How a source delivers: the custom properties of a contract as a whole."""

    owner: str
    """The agency, ``English | Tiếng Việt``."""
    protocol: str
    """In words, for people."""
    level: Level = "province"
    """Whose installation takes the source (``DEAN06_LEVEL``)."""
    delivery: Literal["export", "folder", "log"] | None = None
    """``export``: the source prepares each delivery and is asked until it is ready; ``folder``: its
    files are put into a folder of this machine (``DEAN06_DROPS``); ``log``: a delivery continues
    the last one that was published, whose pieces the source is told."""
    page_size: Annotated[int, msgspec.Meta(ge=1)] = 1000
    """Records of one page, where the source sends pages."""
    retry_attempts: Annotated[int, msgspec.Meta(ge=1)] = 5
    retry_wait_seconds: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    """Before the second attempt; it grows with each further one."""
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    max_pages: Annotated[int, msgspec.Meta(ge=1)] = 10_000
    """Of one delivery: more than these, a source is taken for one that never ends."""
    max_files: Annotated[int, msgspec.Meta(ge=1)] = 10_000
    max_bytes: Annotated[int, msgspec.Meta(ge=1)] = 20 * 1024**3
    """Of one delivery, as sent."""
    max_seconds: Annotated[float, msgspec.Meta(gt=0)] = 6_600.0
    """From the first request of a delivery to its last byte; a task has two hours."""

    @property
    def is_export(self) -> bool:
        """Whether the source prepares each delivery on request."""
        return self.delivery == "export"

    @property
    def is_folder(self) -> bool:
        """Whether files of the source are put into a folder of this machine."""
        return self.delivery == "folder"

    @property
    def is_log(self) -> bool:
        """Whether each delivery continues the one before it."""
        return self.delivery == "log"

    def adjusted(self, extra: Mapping[str, Any], where: str) -> "Terms":
        """The terms with what the extra of a connection sets otherwise; other keys of it are not
        about terms. Raises ContractError beginning with ``where`` when a value is not allowed.
        """
        own = {name: extra[name] for name in ADJUSTABLE if name in extra}
        return declared(msgspec.structs.asdict(self) | own, Terms, where, strict=False)


class DatasetTerms(Declaration, frozen=True):
    """What a dataset is to the load protocol: its custom properties."""

    version: str
    """Core column that orders the versions of one record."""
    dated_by: str
    """Core column that says from which day a record counts."""
    history: Literal["state", "event"]
    """``state``: versions hold one after another in time; ``event``: the latest version is true."""
    deleted: str | None = None
    """Core column that says that a record is withdrawn."""
    person: Person | None = None
    """Who its records are about; None when they are not checked against the registry."""
