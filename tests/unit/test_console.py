"""Standard output of a command has what was asked for, and nothing of a log."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import logging
import warnings

from dean06.cli.console import log_to_stderr

log_to_stderr()
import airflow.settings
import structlog

structlog.get_logger("airflow.anything").warning("from Airflow")
logging.getLogger("dean06.anything").warning("from dean06")
warnings.warn("from Python")
print("what was asked for")
"""


@pytest.mark.parametrize("as_json", ["False", "True"])
def test_every_log_goes_to_standard_error_once_airflow_is_imported(as_json: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "AIRFLOW__LOGGING__JSON_LOGS": as_json,
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        },
        capture_output=True, text=True, check=True, timeout=240,
    )  # fmt: skip
    assert done.stdout == "what was asked for\n"
    for said in ("from Airflow", "from dean06", "from Python"):
        assert said in done.stderr
