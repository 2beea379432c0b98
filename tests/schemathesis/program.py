"""A real schemathesis from PyPI, in an environment of its own: it draws requests."""

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance", "response_headers_conformance", "unsupported_method",
    "ignored_auth",
)  # fmt: skip


def run(
    cache: Path, home: Path, url: str, token: str, phases: str, examples: int
) -> tuple[int, str]:
    """Send at most so many drawn requests to each operation of a description in the phase
    ``fuzzing``, in the others those that its bounds give; returns exit code and what was said."""
    done = subprocess.run(
        [
            installed(cache) / "schemathesis", "run", url, "--header",
            f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS),
            "--phases", phases, "--max-examples", str(examples),
            "--seed", "6", "--no-shrink", "--continue-on-failure", "--warnings", "off",
            "--suppress-health-check", "all",
        ],
        cwd=home, capture_output=True, text=True, check=False,
        env={"PATH": str(installed(cache)), "HOME": str(home), "LANG": "C.UTF-8"},
    )  # fmt: skip
    return done.returncode, f"{done.stdout}{done.stderr}"


def installed(cache: Path) -> Path:
    """The folder of the programs, installed on first use (some seconds)."""
    home, uv = cache / "schemathesis", Path(sys.executable).with_name("uv")
    done = home / ".installed"
    if not done.exists() or done.read_text() != REQUIREMENTS.read_text():
        python = str(home / "bin" / "python")
        for words in (
            ["venv", "-q", "--clear", "--python", sys.executable, str(home)],
            ["pip", "install", "-q", "--python", python, "-r", str(REQUIREMENTS)],
        ):
            subprocess.run([uv, *words], check=True, capture_output=True, text=True)
        done.write_text(REQUIREMENTS.read_text())
    return home / "bin"
