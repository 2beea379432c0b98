"""Dirt: which records are wrong on purpose, and in which way.

Comes in: the shares of wrong records in a ``Scenario``, the draws of a seed, and record numbers.
Goes out: for each number, its defect (``bad_records``: such a record must be quarantined) or its
error classes (``blemishes``: such a record loads and is flagged). ``defects`` lists for each
dataset the rules that its bad records break; ``legacy_text`` writes names as pre-Unicode fonts do.
Nothing here knows persons: the feeds put the dirt into their rows.
"""
