"""Reports: what the warehouse holds, shown to people and to programs.

In: the ledger, mart, contracts. Out: the report of a day, digests that prove two histories equal,
the data dictionary, data docs of validations, OpenLineage events. Counts and codes only.
"""
