"""DAGs: what Airflow runs.

In: contracts. Out: one sync DAG per source (``factory``), and the DAGs that verify, build, release,
replay and keep house. ``tasks`` calls the other rooms; no logic about data is here.
"""

import warnings
from typing import Any


def __getattr__(name: str) -> Any:
    """Factories under the path that DAG files named before 2026-12; goes with version 0.2."""
    if not name.endswith("_dag"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from dean06.dags import factory

    warnings.warn(
        f"dean06.dags.{name} moved to dean06.dags.factory.{name}", FutureWarning, stacklevel=2
    )
    return getattr(factory, name)
