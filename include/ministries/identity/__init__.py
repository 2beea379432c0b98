"""Identities: which record of a person agrees with the residence register, and which does not.

Comes in: the registers of the world and the blemishes of their records. Goes out: a ``World`` whose
insured persons lack so many personal ids that the published number is verified (``world``,
``calibration``), what a record shows of a person (``shown_values``), and the true verdict on every
current record (``judgement``). ``registry`` is the residence register as known by a day,
``verdicts`` the rules of agreement, ``spellings`` compares names, ``classes`` says which error
classes are visible. Feeds and the truth both build on this room and never read each other's texts.
"""
