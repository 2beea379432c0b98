"""Watch: notices what is missing, from outside Airflow, and notifies people.

In: the ledger and the service levels of contracts. Out: problems recorded in ops, messages to
``DEAN06_ALERT_URLS``. Works when Airflow does not, so nothing here imports Airflow.
"""
