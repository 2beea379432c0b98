"""A real schemathesis from PyPI, in an environment of its own: it draws requests."""

import subprocess
from pathlib import Path

from tests.lib.own_environment import installed

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
    programs = installed(cache / "schemathesis", REQUIREMENTS)
    done = subprocess.run(
        [
            programs / "schemathesis", "run", url, "--header",
            f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS),
            "--phases", phases, "--max-examples", str(examples),
            "--seed", "6", "--no-shrink", "--continue-on-failure", "--warnings", "off",
            "--suppress-health-check", "all",
        ],
        cwd=home, capture_output=True, text=True, check=False,
        env={"PATH": str(programs), "HOME": str(home), "LANG": "C.UTF-8"},
    )  # fmt: skip
    return done.returncode, f"{done.stdout}{done.stderr}"
