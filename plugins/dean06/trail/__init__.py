"""Trail: who did what, so that nobody can change it unseen.

In: notes that the warehouse's triggers write, and the names that people log in with. Out: a chain
of hashes whose signed head leaves the warehouse (``chain``), and the person behind a login
(``logins``), by which two persons are known to be two. Why they acted is stated in words that
read as they are (``reason``).
"""
