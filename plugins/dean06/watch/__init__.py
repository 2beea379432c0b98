"""Watch: notices what is missing, from outside Airflow, and notifies people.

In: the ledger, the service levels of contracts and, through its API, Airflow. Out: problems
recorded in ops, messages to ``DEAN06_ALERT_URLS``. Works when Airflow does not, so nothing here
imports Airflow.
"""
