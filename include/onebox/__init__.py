"""One machine, everything on it: what ``make run`` starts, watches and stops.

Embedded PostgreSQL, the simulated ministries and the four Airflow services, as one supervised
group. It drives dean06 and the ministries from outside (processes, REST); it shares no code
with either.
"""
