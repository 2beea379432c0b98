"""Whether core holds what was sent: a reading of its own, and records changed at random.

``agreement`` takes what is agreed from ``include/contracts/*.yaml``; ``json_text``, ``fhir``,
``csv_text`` and ``sheet`` read one record as its standard says (RFC 8259, FHIR R4, RFC 4180, a
person before a spreadsheet), ``values`` and ``judge`` say what that means in each column of core.
Nothing of that imports dean06: a judge that shared a reading with what it judges would never
disagree. ``changes`` and its neighbours draw the records, ``campaign`` loads and compares them.
"""
