"""Proof: publications that somebody outside can check, without the warehouse or trust in it.

In: what ``mart`` shows readers of each publication. Out: one file per publication (``record``), its
hash in a Merkle tree that only grows (``merkle``), and the tree's head, signed (``notes``,
``keys``) and written to ``DEAN06_SIGNED_PUBLICATIONS`` (``signing``). ``check`` compares warehouse
and folder; ``include/verify.py`` is for whoever has the folder and the public key alone.
"""
