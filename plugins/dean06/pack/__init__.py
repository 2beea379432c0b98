"""The report of a period: Word and PDF as administrative documents are laid out, and a workbook.

``span``      which days a period covers: 2022-10, 2022-Q4, 2022-W44, 2022
``content``   what the report says, from published figures; ``comparison``, ``restatements``
``document``  the same in words, of ``sections``, ``behind``, ``restated`` and ``phrases``
``word`` ``pdf`` ``workbook``   how it is written
``write``     the three files of a province, byte for byte the same each time; ``send`` by e-mail
"""
