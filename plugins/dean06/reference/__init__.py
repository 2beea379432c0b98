"""Reference: the code lists of ``include/reference``, read and checked once.

In: CSV files whose leading ``#`` lines state their provenance. Out: typed rows (``rows``) and the
look-ups that rules, KPIs and pages need (``tables``); ``unit_checks`` is what must hold between the
files of administrative units. A misspelt column or value is refused with file and line.
"""
