"""Benchmarks, as ratios within one run: ``make bench`` writes ``docs/benchmarks.md``.

One module per case. Seconds depend on the machine; what is promised is a ratio to something that
ran minutes earlier on the same machine, with the same bytes and the same PostgreSQL.
"""

import os
from pathlib import Path

# Airflow makes its folder where it is imported, and at home when nobody says where.
os.environ.setdefault("AIRFLOW_HOME", str(Path(__file__).resolve().parents[1] / ".bench/airflow"))
