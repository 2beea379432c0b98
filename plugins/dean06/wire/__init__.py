"""Wire: the protocols and file formats that sources share.

In: URLs, terms of a contract, streams of bytes. Out: verified replies (``http``) and batches of
records with the problems of unreadable ones (``csv``, ``ndjson``, ``json_array``, ``workbook``).
This room knows no source, no warehouse and no Airflow. A source module combines its parts.
"""
