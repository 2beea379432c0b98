"""The truth: what a correct reader of the feeds must find on a day, computed and never stored.

Comes in: a ``World``, the day the figures describe and the day until which the sources have
reported. Goes out: one ``Document`` (``document``) with the KPI values, the records to quarantine,
the lines of each feed, the verdicts, and every dirty record with its end state (``dirty_records``).
``figures`` computes the KPI values together with ``id_cards`` and ``services``; those of
``identity`` and ``quality`` also need verdicts; ``tally`` counts for all of them. The command
prints the document for tests. Servers never import this room: no source publishes the truth.
"""
