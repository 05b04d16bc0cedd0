"""From files to texts with their lines: everything that an author wrote, and every fault in it."""
