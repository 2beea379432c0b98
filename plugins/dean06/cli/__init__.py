"""CLI: ``python -m dean06``.

``app`` holds the daily commands, ``house`` those about retention, keys and reads, ``scaffold`` the
files of a new source, ``console`` how commands print and fail.
"""
