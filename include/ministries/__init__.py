"""The simulated ministries: a closed-form world of one province and the servers that publish it.

A separate program with its own command (``python -m ministries``). Imports run downwards:
``cli`` → ``servers`` → ``feeds`` → ``world`` → ``kernel``; ``truth`` → ``world``.
"""
