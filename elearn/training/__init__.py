"""Who must take what, and who has done it."""
