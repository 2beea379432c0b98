"""dean06: the daily sync of Vietnam's Project 06 ministry data into a warehouse leaders can trust.

The map, from the top down. A room imports only what stands below it:

``cli`` ``dags`` ``ui``       commands, Airflow's DAGs, pages inside Airflow
``pack``                      the report of a period: Word, PDF, workbook, e-mail
``reports`` ``schema``        what people and programs read; what ``migrate`` brings to a warehouse
``agencies`` ``watch``        correction lists; the watchdog outside Airflow
``figures``                   published values, how they stand to targets, how they are written
``load`` ``kpi`` ``privacy``  a window from source to core; KPIs to publication; retention and reads
``identity`` ``rules``        verification against the registry; what expectation suites mean
``sources``                   one module per source, without warehouse or Airflow
``wire``                      HTTP and file formats that sources share
``trail`` ``proof``           who did what: the audit chain; publications that outsiders can check
ground                        ``contract`` (what a source promises), ``reference`` (code lists),
                              ``warehouse`` (the only door to PostgreSQL), ``storage`` (files),
                              ``declaration`` (typed values of what people write in files),
                              ``settings``, ``errors`` and other single modules

``load`` and ``kpi`` never import each other: they meet in the ledger, in SQL.
"""

import logging
import os

from dean06 import moved

__version__ = "0.1.0"

# Great Expectations writes 500 lines of INFO when it is imported, and reports its use by default.
logging.getLogger("great_expectations").setLevel(logging.WARNING)
# Clients log URLs with their queries, and what servers call themselves.
for client in ("httpx2", "paramiko"):
    logging.getLogger(client).setLevel(logging.WARNING)
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
moved.redirect_imports()
