"""Identity: every person record compared with the population registry, and person tokens.

In: current records of core, by what their contract declares about persons. Out: one verdict per
record in ``core.identity_verdict`` with its history, and a keyed token per person for mart.
The SQL is in ``include/sql/identity``; ``parts`` composes it from contracts.
"""
