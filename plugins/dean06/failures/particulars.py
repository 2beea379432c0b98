"""Particulars: what exactly happened, beside the cause, in both languages where there is a code."""

from dataclasses import dataclass
from typing import Any

from dean06.contract import Bilingual
from dean06.details.detail import restored


@dataclass(frozen=True)
class Particulars:
    """What exactly happened, beside its cause."""

    en: str
    """As the error said it."""
    vi: str | None
    """The same; None where the error has no code for it, or had none when it was written down."""

    @property
    def text(self) -> Bilingual:
        """In both languages; what is in English only is named as such."""
        return Bilingual(self.en, self.vi or f"Nội dung gốc bằng tiếng Anh: {self.en}")


def particulars(cause: str | None, code: str | None, parameters: Any) -> Particulars | None:
    """What exactly happened, as the ledger keeps it: English text, code and parameters of the
    detail. None where nothing was written down."""
    if not cause:
        return None
    found = restored(code, parameters)
    return Particulars(cause, found.text("vi") if found else None)
