"""Files read in: how they are read, checked row by row, written, and undone."""
