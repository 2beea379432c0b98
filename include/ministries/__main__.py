"""``python -m ministries``."""

from .cli import app

app(prog_name="python -m ministries")
