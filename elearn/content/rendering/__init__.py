"""From what was read to what pages show: the only shelf that knows Markdown."""
