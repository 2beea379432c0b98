"""The texts of all details by code: ``English | Tiếng Việt``, one dictionary a room.

A parameter in braces has a kind after the colon: ``count`` (1,234 has its separator in Vietnamese),
``number`` (a number that names: page, line, load, HTTP status), ``decimal``,
``share`` (0.05 is 5.0%), ``day``, ``moment``,
``name`` (dataset, file, column, setting, class of a library's error), ``names``, ``part`` (another
detail), ``parts`` and ``faults`` (several, after commas and semicolons), ``said`` (what a library
or the server said in English; Vietnamese texts say it in words of their own).
"""

from dean06.details import (
    of_acts,
    of_files,
    of_kpis,
    of_loads,
    of_operation,
    of_sources,
    of_warehouse,
    of_wire,
)

_ROOMS = (of_acts, of_files, of_kpis, of_loads, of_operation, of_sources, of_warehouse, of_wire)
TEXTS: dict[str, str] = {code: text for room in _ROOMS for code, text in room.TEXTS.items()}
