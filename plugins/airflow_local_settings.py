"""What every Airflow process does first: Airflow imports this module by its name.

The scheduler and Celery workers import DuckDB and Arrow once (a quarter of a second) and hand them
down to the task processes they fork. The server of the pages bounds the headers of a request:
uvicorn's faster parser (httptools) keeps as many as are sent, before anybody has logged in; h11
refuses with 400 what is not whole after 64 KiB and one read of the socket (256 KiB at most).
"""

import sys

from uvicorn.config import HTTP_PROTOCOLS

__all__: list[str] = []  # Airflow copies what this module offers into its own settings

if sys.argv[1:2] == ["scheduler"] or sys.argv[1:3] == ["celery", "worker"]:
    import duckdb  # noqa: F401
    import pyarrow.parquet  # noqa: F401
if sys.argv[1:2] == ["api-server"]:
    HTTP_PROTOCOLS["auto"] = HTTP_PROTOCOLS["h11"]
