"""What the fields of a form may hold, and how a request that cannot be done is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

from fastapi import Form, HTTPException
from pydantic import AfterValidator

from dean06.errors import ConflictError, Dean06Error, WarehouseError, code_of
from dean06.failures.causes import explain


def without_nul(text: str) -> str:
    """The text itself; ValueError for a NUL, which no text of the warehouse holds."""
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


def day_of(day: str = "") -> date | None:
    """The day of an address, ``?day=2022-10-31``; None: none is named. 400 for what is no day."""
    try:
        return date.fromisoformat(day) if day else None
    except ValueError:
        raise HTTPException(
            400, "write dates as YYYY-MM-DD, e.g. 2022-10-31 | ngày phải ghi theo dạng 2022-10-31"
        ) from None


Number = Annotated[int, Form(ge=1, lt=2**63)]
"""A key of the warehouse."""
Reason = Annotated[str, Form(max_length=500), AfterValidator(without_nul)]


@contextmanager
def refusals() -> Iterator[None]:
    """Answer 400 with the reason to what the user can correct, 409 to what somebody else has done
    at the same moment; other errors of the warehouse pass."""
    try:
        yield
    except ConflictError:
        raise HTTPException(
            409,
            "somebody else did this at the same time: reload the page"
            " | người khác vừa thực hiện thao tác này; đề nghị tải lại trang",
        ) from None
    except WarehouseError:
        raise
    except Dean06Error as error:
        raise HTTPException(400, in_both_languages(error)) from None


def in_both_languages(error: Dean06Error) -> str:
    """``English | Tiếng Việt``: of an error without its own Vietnamese text, what its cause means,
    with the English details named as such."""
    meaning = explain(code_of(error)).text.vi
    vi = error.vi or f"{meaning} Chi tiết kỹ thuật (tiếng Anh): {error}"
    return f"{error} | {vi}"
