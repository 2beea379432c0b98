"""Privacy: how long data are kept, who reads them, what a reader can reach.

In: retention periods of ``include/reference``, the server's log, grants. Out: deletions recorded in
``ops.purge``, reads of restricted relations recorded, and the relations that a role reaches.
"""
