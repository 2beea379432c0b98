"""What each agency has to correct, whenever verdicts are given, and once a day."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.factory import agency_lists_dag

dag = agency_lists_dag()
