"""``python -m onebox``."""

from onebox.cli import app

if __name__ == "__main__":
    app(prog_name="onebox")
