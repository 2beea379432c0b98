"""Metrics: what operators watch, from the ledger, in OpenMetrics text for Prometheus.

In: the ledger and the service levels of contracts. Out: counts, moments and durations. Labels are
codes of the ledger (source, dataset, outcome, state, step, kind), so their number is bounded; no
text that somebody wrote, nothing of a person.
"""
