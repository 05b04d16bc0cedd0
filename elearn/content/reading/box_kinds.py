"""The kinds of boxes that an author may write: a quotation that begins ``> **Viktigt: Rubrik**``."""

import re

BOXES = ("viktigt", "exempel", "tips", "lagen", "fundera")
BOX_TITLE = re.compile(rf"^({'|'.join(BOXES)})\s*(?::\s*(.*))?$", re.IGNORECASE | re.DOTALL)
