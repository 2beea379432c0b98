"""Open data: one folder for each publication, in the formats that other people's tools read.

``publisher``   who publishes, under which licence, and where: from the settings
``content``     what a publication says, read as BI reads it, and its signed file
``tables``      the tables of a release and what each of their columns means
``flat`` ``package`` ``csvw`` ``catalogue`` ``sdmx`` ``contract_of`` ``workbook``   its formats
``write``       the folder: the same publication gives the same bytes

A release holds what passed the disclosure rules and nothing else: a suppressed value is marked, in
every format, and has no number in any of them.
"""
