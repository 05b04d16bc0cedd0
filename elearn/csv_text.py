"""The text of a CSV file from outside: which encoding it has, and which characters do not belong in it
(measure.md, "Files")."""

import re
import unicodedata
from collections.abc import Collection

# What UTF-8 makes of å ä ö é and their capitals: as bytes, and as text that was decoded as something else.
MOJIBAKE_BYTES = re.compile(rb"\xc3[\xa5\xa4\xb6\xa9\x85\x84\x96\x89]")
MOJIBAKE = "\u00c3[\u00a5\u00a4\u00b6\u00a9\u0085\u0084\u0096\u0089\u2026\u201e\u2013\u2030]"
CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e01ef"
)
DAMAGE = re.compile(
    f"(?P<mojibake>{MOJIBAKE})|(?P<unreadable>\ufffd)|(?P<control>[{CONTROL}])|(?P<invisible>[{INVISIBLE}])"
)
NAMES = {
    "\u00ad": "mjukt bindestreck",
    "\u200b": "nollbrett mellanslag",
    "\u200c": "nollbrett skiljetecken",
    "\u200d": "nollbrett fogtecken",
    "\u2028": "osynligt radslut",
    "\u2029": "osynligt styckeslut",
    "\u2060": "ordfogningstecken",
    "\ufeff": "byteordningsmärke",
    **dict.fromkeys(
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "märke för skrivriktning"
    ),
}
SAVE_AGAIN = "Spara om filen som CSV UTF-8."
# Read as Windows-1252 their å ä ö are other signs. The columns' names tell which it is.
OLD_ENCODINGS = {"mac_roman": "Mac Roman, från äldre Excel för Mac", "cp850": "code page 850, från DOS"}


class NotText(ValueError):
    """The file is not text that can be read. ``before``: what stands before the place, to find its row."""

    def __init__(self, sentence: str, before: str = "") -> None:
        super().__init__(sentence)
        self.before = before


def decode(data: bytes, columns: Collection[str]) -> str:
    """UTF-8 if it has a BOM or decodes, else Windows-1252. Composed: å is one character.

    Raises ``NotText`` for UTF-16, for damaged UTF-8 and for an old encoding, which ``columns`` in the first
    row tell from Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        raise NotText(f"filen är sparad som UTF-16 eller är inte text. {SAVE_AGAIN}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith(b"\xef\xbb\xbf") or MOJIBAKE_BYTES.search(data):
            before = error.object[: error.start].decode()
            sentence = f"filen är skadad UTF-8: här står tecken som inte går att läsa. {SAVE_AGAIN}"
            raise NotText(sentence, before) from None
        if old := _old_encoding(data, columns):
            raise NotText(f"filen är sparad i en gammal teckenkod ({old}). {SAVE_AGAIN}") from None
        text = data.decode("cp1252", errors="replace")
    return unicodedata.normalize("NFC", text)


def _old_encoding(data: bytes, columns: Collection[str]) -> str | None:
    """What the encoding is called whose å ä ö make more of the columns' names than Windows-1252's do."""
    start = data.lstrip()[:2000]

    def known(encoding: str) -> int:
        text = unicodedata.normalize("NFC", start.decode(encoding, errors="replace")).lower()
        return sum(column in text for column in columns)

    best = max(("cp1252", *OLD_ENCODINGS), key=known)
    return OLD_ENCODINGS.get(best)


def damage(cells: Collection[str]) -> str | None:
    """A sentence about the first character of a row that does not belong in text, or None. It repeats nothing
    else of the row, which may hold what must not be shown."""
    for place, cell in enumerate(cells, 1):
        if found := DAMAGE.search(cell):
            return _sentence(found.lastgroup or "", found.group(), place)
    return None


def _sentence(kind: str, character: str, place: int) -> str:
    if kind == "mojibake":
        return (
            f"”{character}” ser ut att vara å, ä, ö eller é som har sparats fel. Hämta filen på "
            f"nytt från systemet. {SAVE_AGAIN}"
        )
    if kind == "unreadable":
        return f"här står ett tecken som inte går att läsa. {SAVE_AGAIN}"
    name = NAMES.get(character, "styrtecken" if kind == "control" else "osynligt tecken")
    return (
        f"här står ett {name} (U+{ord(character):04X}) i fält {place}. Det syns inte och hör inte hemma i "
        "text. Radera fältet och skriv det igen för hand."
    )
