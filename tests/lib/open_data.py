"""Settings of a publisher of open data, and releases of what a test published."""

import pytest

SETTINGS = {
    "DEAN06_OPEN_DATA_URL": "https://open-data.example/kpis",
    "DEAN06_OPEN_DATA_PUBLISHER": "UBND tỉnh Tiền Giang (thử nghiệm)",
    "DEAN06_OPEN_DATA_LICENCE": "https://creativecommons.org/licenses/by/4.0/",
    "DEAN06_OPEN_DATA_CONTACT": "du-lieu-mo@example.org",
}


def set_publisher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set everything that a release needs."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
