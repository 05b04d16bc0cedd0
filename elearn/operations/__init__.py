"""Keeping it: backups that are verified when they are taken, restoring them, and what is wrong with an
installation."""
