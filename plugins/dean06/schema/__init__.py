"""Schema: brings a warehouse to what this version of dean06 needs, and backs it up.

In: ``include/sql``, contracts, ``include/reference``. Out: schemas, roles, core tables, views,
dimensions and targets. Everything can run again at any time and adds only what is missing.
It also says what a change of a contract breaks and reaches.
"""
