"""Scenarios: which province and period the world simulates, and how large it is.

Comes in: one of the YAML files in ``ministries/scenarios`` (or any file of that form) and a scale.
Goes out: a ``Scenario``, scaled, complete and free of contradictions. A wrong file ends in an
``InputError`` that names the field. ``load`` reads the file, ``portal`` and ``programme`` read
their sections of it, ``checks`` finds contradictions, ``terms`` holds the parts with several
fields. Nothing here knows how records are made of the counts.
"""
