"""The bench's place: what processes of PostgreSQL have used."""

from pathlib import Path

import pytest
from bench import place


@pytest.mark.parametrize("ended", [FileNotFoundError, ProcessLookupError])
def test_a_process_that_has_just_ended_is_counted_by_its_parent(
    monkeypatch: pytest.MonkeyPatch, ended: type[OSError]
) -> None:
    """It may end before its file is opened, or between opening and reading."""

    def read_text(_: Path) -> str:
        raise ended

    monkeypatch.setattr(Path, "read_text", read_text)
    assert place._processor_seconds("1") == 0.0
