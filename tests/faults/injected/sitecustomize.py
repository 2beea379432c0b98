"""Imported by every Python process of an installation under test: PYTHONPATH leads here."""

import deaths

deaths.install()
