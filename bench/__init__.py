"""How fast it is, as ratios within one run: ``make bench`` writes ``docs/benchmarks.md``.

One module per case. Seconds depend on the machine; what is promised is a ratio to something that
ran minutes earlier on the same machine, with the same bytes and the same PostgreSQL.
"""
