"""What sources state about their deliveries: counts, digests, names of files, lists of them."""

import re
from typing import Any, TypeVar

import msgspec

from dean06.details.detail import Detail, detail
from dean06.errors import ContractError, InconsistentDeliveryError

_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
"""Up to what PostgreSQL counts in a bigint."""
_SHA256 = re.compile(r"([0-9a-fA-F]{64})(?:\s+\*?\S.*)?", re.ASCII)
"""In hex, alone or with a file's name after it, as checksum files have it."""
_PLACE = re.compile(r"(?:required field `|at `)([^`]+)`")
"""Where msgspec has found a fault: names of our own structure and positions in lists."""
_LONGEST_NAME = 200

Number = int | str
"""How listings write counts: as numbers or as texts of digits."""
T = TypeVar("T", bound=msgspec.Struct)


def number(value: object) -> int | None:
    """A count that a source states as a number or as a text of digits; None when it states none.

    Negative numbers, fractions and truth values are no counts.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    written = str(value).strip()
    return int(written) if _WHOLE.fullmatch(written) else None


def count(value: object, what: Detail) -> int:
    """As ``number``. Raises ContractError naming ``what`` when none is stated."""
    found = number(value)
    if found is None:
        raise ContractError(detail("must_be_whole", what=what))
    return found


def count_of_page(value: object, name: str) -> int:
    """What a page says of itself. Raises InconsistentDeliveryError naming the member or header."""
    found = number(value)
    if found is None:
        raise InconsistentDeliveryError(detail("page_must_be_whole", name=name))
    return found


def sha256(value: object, what: Detail) -> str:
    """A SHA-256 in lower-case hex: hex has no case. Raises ContractError naming ``what``."""
    found = _SHA256.fullmatch(str(value).strip())
    if found is None:
        raise ContractError(detail("must_be_sha256", what=what))
    return found[1].lower()


def file_name(value: str, what: Detail) -> str:
    """A name that stays within its folder and fits into a log.

    Raises ContractError naming ``what``, never the name.
    """
    is_plain = value.isprintable() and not set(value) & {"/", "\\"}
    if not is_plain or value in ("", ".", "..") or len(value) > _LONGEST_NAME:
        raise ContractError(detail("must_be_file_name", what=what))
    return value


def listing(content: Any, kind: type[T], what: Detail) -> T:
    """A manifest or index in its agreed form.

    Raises ContractError naming the member that is missing or of another kind; never its value.
    """
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        raise ContractError(
            detail("listing_unusable", what=what, said=str(error), place=place[1] if place else "$")
        ) from None
