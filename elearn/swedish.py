"""Swedish sort order and the comparing of words, of ours and never of the database engine's collation
(measure.md, "Files")."""

import unicodedata

AFTER_Z = str.maketrans({"å": "z\U0010fff0", "ä": "z\U0010fff1", "ö": "z\U0010fff2"})


def sort_key(text: str) -> str:
    """The Swedish sort key: lower case, by code point, with å ä ö moved after z in that order."""
    return text.lower().translate(AFTER_Z)


def folded(text: str | None) -> str:
    """What the spellings of one value have in common: capitals, outer blanks and å written as two characters
    make no other value. Empty for None."""
    return unicodedata.normalize("NFC", text or "").casefold().strip()
