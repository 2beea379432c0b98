"""The simulated ministries: a closed-form world of one province and the servers that publish it.

A separate program with its own command (``python -m ministries``). It never imports dean06: the
two meet on the wire. Comes in: a scenario, a scale, a seed, a fault profile. Goes out: what six
sources publish over their protocols, and for tests the truth that a correct reader must find.

Rooms, from the top down. Each imports only what stands below it:

- ``cli`` – the commands ``serve``, ``credentials`` and ``truth``
- ``servers`` – the protocols of the six sources · ``truth`` – what is true on a day
- ``feeds`` – rows in wire form · ``faults`` – transport faults · ``credentials``
- ``identity`` – which records of persons agree with the residence register
- ``world`` – persons and what happens to them, one module for each register
- ``dirt`` – which records are wrong on purpose
- ``scenario`` – calibrated counts and dates of one province
- ``reference`` – code lists in ``data/``
- ``kernel`` – random draws, time, arrivals · ``errors`` – bad input of a user

Notation
--------
Nothing is stored. Every attribute and date of a record is a function of its number, so a record
*is* its number within its register, and functions take arrays of numbers. One letter stands for an
array of numbers of one kind:

- ``n`` – a record of any register; in ``population`` and ``residents`` the person number
- ``h`` – a household
- ``d`` – a dossier of an identity card; ``c`` – an identity card, in ``exams`` a candidate
- ``a`` – an e-ID account
- ``q`` – an insured participant
- ``e`` – an encounter; ``i`` – an immunization
- ``t`` – a task of the programme
- ``g`` – a bad record; it counts apart from the true ones
- ``k`` – a rank among persons of one kind (the k-th adult), wrapped around at the end
- ``z`` – a state of the random generator

Days and moments are whole numbers too (``kernel.clock``): days since 2022-01-01, seconds since then
in local time (+07:00). A commune is its index in ``world.places``; -1 means that a record does not
count. A class of dirt is an index into its list of classes; -1 means clean.
"""
