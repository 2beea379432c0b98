"""Core SQL as PostgreSQL ran it, kept as a second reading of what texts mean."""

from pathlib import Path

from dean06.contract import Dataset


def core_sql(dataset: Dataset) -> str:
    """Of one dataset."""
    path = Path(__file__).with_name(f"{dataset.source}__{dataset.name}.sql")
    return path.read_text(encoding="utf-8")
