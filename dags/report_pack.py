"""The report of the last week, on Mondays, and of the last month, on its fifth day, by e-mail."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.report import report_dag

weekly = report_dag("week")
monthly = report_dag("month")
