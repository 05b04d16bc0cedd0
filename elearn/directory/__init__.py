"""The personnel system comes in: its two files, checked, compared with what is stored, and applied."""
