"""dean06: the daily sync of Vietnam's Project 06 ministry data into a warehouse leaders can trust.

The modules are named after the steps a record takes: ``extract`` → ``landing`` → ``stage`` →
``validate`` → ``quarantine`` → ``publish`` → ``kpi``. ``contract`` says what a source promises,
``ledger`` remembers what happened, ``warehouse`` is the only door to PostgreSQL.
"""

import logging
import os

__version__ = "0.1.0"

# Great Expectations writes 500 lines of INFO when it is imported, and reports its use by default.
logging.getLogger("great_expectations").setLevel(logging.WARNING)
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
