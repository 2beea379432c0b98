"""Rules: what the expectation suites mean, as SQL conditions.

In: ``expectations/<source>/<dataset>.json`` and a table. Out: one condition per rule, as Great
Expectations defines it (``conditions``), and our own expectation types (``dates``,
``json_lists``, ``shapes``, ``units``). ``load.validate`` and ``kpi.audit`` evaluate the conditions.
This room alone imports Great Expectations (8 seconds), so others import it inside tasks; ``suite``
reads without it.
"""
