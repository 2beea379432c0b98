"""What a report is made of."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a table with its header."""

    kind: Literal["heading", "paragraph", "table"]
    text: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()
    """Of the columns, in parts."""
