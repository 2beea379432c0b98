"""Excel workbooks, cell by cell as typed, through pandas and calamine."""

from dataclasses import dataclass
from io import BytesIO
from typing import IO

from dean06.errors import ContractError
from dean06.wire.unpacked import check_workbook


@dataclass(frozen=True)
class Sheet:
    """The first sheet: rows of cells; None where a cell is empty."""

    rows: list[list[object]]

    def find_row(self, title: str) -> int | None:
        """Index of the first row that has ``title`` in a cell of its own."""
        for index, row in enumerate(self.rows):
            if any(isinstance(cell, str) and cell.strip() == title for cell in row):
                return index
        return None


def read(stream: IO[bytes], name: str) -> Sheet:
    """Read the first sheet. Raises ContractError when the file is no workbook, or too large."""
    # pandas costs a second to import; only tasks that read workbooks pay for it.
    import pandas as pd
    from python_calamine import CalamineError

    try:
        check_workbook(stream)
    except ContractError as error:
        raise ContractError(f"{name}: {error}") from None
    try:
        frame = pd.read_excel(
            BytesIO(stream.read()), header=None, dtype=object, engine="calamine", na_filter=False
        )
    except (ValueError, CalamineError) as error:
        raise ContractError(f"{name}: not a readable workbook ({type(error).__name__})") from None
    return Sheet([[None if cell == "" else cell for cell in row] for row in frame.to_numpy()])
