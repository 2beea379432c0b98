"""Agencies: the lists of records that each agency has to correct.

In: quarantine and verdicts. Out: one CSV and one workbook per source and day, for the agency alone;
mart gets counts only.
"""
