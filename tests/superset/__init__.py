"""The ready-made dashboard in a real Apache Superset: ``make superset``."""
