"""Loads past days of one source again, by plan, and builds the KPIs that they reach."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.backfill import backfill_dag

dag = backfill_dag()
