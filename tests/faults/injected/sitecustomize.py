"""Imported by every Python process of an installation under test: PYTHONPATH leads here."""

import deaths  # type: ignore[import-not-found]

deaths.install()
