"""dean06: the daily sync of Vietnam's Project 06 ministry data into a warehouse leaders can trust.

The modules are named after the steps a record takes: ``extract`` → ``landing`` → ``stage`` →
``validate`` → ``quarantine`` → ``publish`` → ``kpi``. ``contract`` says what a source promises,
``ledger`` remembers what happened, ``warehouse`` is the only door to PostgreSQL.
"""

__version__ = "0.1.0"
