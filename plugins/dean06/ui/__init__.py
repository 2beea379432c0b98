"""Pages inside Airflow: Today, KPIs, Quality.

``application`` puts them together; each page has a module that reads the warehouse (and nothing
else) and a template. Airflow says who asks and what they may see (``access``).
"""
