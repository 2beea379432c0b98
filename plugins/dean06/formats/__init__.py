"""Readers of file formats: bytes in, batches of records and problems out. They know no source."""
