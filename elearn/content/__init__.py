"""What is taught: files in, immutable objects out. No database, no clock, no HTTP."""
