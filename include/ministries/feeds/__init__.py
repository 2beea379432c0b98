"""What the sources send: versions of records in a window, as rows of text in wire form."""
