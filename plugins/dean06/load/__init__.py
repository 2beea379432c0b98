"""Load: one window of one source, from the source to core.

In: a contract, a source module, a day. Steps, each a task that may be killed and run again:
``extract`` → ``landing`` → ``stage`` → ``validate`` (one ``scan``) → ``quarantine`` → ``publish``.
Between them a load is columnar files (``staging``, ``shards``); publishing gives them types
(``typed``) and sends them in two ``streams``. Out: rows in core, the watermark and the ledger entry
in one transaction; failing rows in ``ops.quarantine``. ``ledger`` is the only state; ``steps`` says
which state each step needs and leads to; ``recovery`` and ``replay`` repeat the same steps.
"""
