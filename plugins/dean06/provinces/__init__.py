"""Provinces: one installation may serve several, each with a warehouse, files and keys of its own.

``files`` reads which ones there are, ``current`` says for which one code works at the moment.
"""
