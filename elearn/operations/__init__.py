"""Running it: backup, doctor, extract, erase."""
