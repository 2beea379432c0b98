"""A folder of publications to forge."""

from pathlib import Path

import pytest

from tests.lib.forged import (
    BODIES,
    NEXT,
    OURS,
    pem_of,
    rewrite,
    state,
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Six publications in ``folder``, by the key of ``public.pem``; ``next.pem``."""
    rewrite(tmp_path / "folder", BODIES, OURS)
    state(tmp_path / "folder", "introduces", OURS)
    pem_of(OURS, tmp_path / "public.pem")
    pem_of(NEXT, tmp_path / "next.pem")
    return tmp_path
