"""``python -m dean06``."""

from dean06.cli.app import app

if __name__ == "__main__":
    app(prog_name="dean06")
