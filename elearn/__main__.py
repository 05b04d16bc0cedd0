"""``python -m elearn``: the same as the command ``elearn``."""

from elearn.cli import main

main()
