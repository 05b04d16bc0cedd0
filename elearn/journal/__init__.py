"""Who did what, when: a chain of entries that nobody can change unseen (S55)."""
