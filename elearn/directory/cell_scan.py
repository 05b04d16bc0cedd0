"""What must be known of a sheet's cells before their values are read: how far out they lie, how much text
they hold, which hold an error instead of a value, and which numbers are shown with zeros before them.

The library that reads the values makes a cell of every place up to the last one, and a text of every
reference to one, so a small file could fill the memory."""

import functools
import re
from dataclasses import dataclass, field

from elearn.directory import workbook_parts
from elearn.directory.workbook_parts import SAVE_AGAIN, Parts, SheetPart, Unreadable, local

MOST_CELLS = 4_000_000  # rows times columns, up to the last cell with a value
MOST_TEXT = 100_000_000  # characters
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
ROW = re.compile(r"[1-9][0-9]{0,6}")
UNUSUAL = f"filen är inget vanligt Excel-ark. {SAVE_AGAIN}"
ZEROS = re.compile("0{2,20}")


@dataclass(slots=True)
class Scan:
    """``faults``: a sentence by (row, column), both from 1. ``padded``: how many digits a number is shown
    with, likewise."""

    last_row: int = 0
    last_column: int = 0
    text_length: int = 0
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    padded: dict[tuple[int, int], int] = field(default_factory=dict)


def scan(parts: Parts, sheet: SheetPart) -> Scan:
    """Read the sheet's part once. Raises ``Unreadable`` when its cells would not fit."""
    lengths = _text_lengths(parts.xml.get(parts.strings, b"<sst/>"))
    widths = _zero_widths(parts.xml.get(parts.styles, b"<styleSheet/>"))
    scanner = _Scanner(lengths, widths)
    parser = workbook_parts.new_parser()
    parser.StartElementHandler, parser.EndElementHandler = scanner.start, scanner.end
    parser.CharacterDataHandler = scanner.text
    workbook_parts.parse(parser, parts.xml[sheet.part])
    return scanner.scan


def column_letters(column: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


@functools.cache
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _text_lengths(xml: bytes) -> list[int]:
    """How long each shared text is, in the part's order."""
    lengths: list[int] = []

    def start(tag: str, _attributes: dict[str, str]) -> None:
        if local(tag) == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    parser = workbook_parts.new_parser()
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    workbook_parts.parse(parser, xml)
    return lengths


def _zero_widths(xml: bytes) -> dict[str, int]:
    """By a style's number as cells name it: how many digits a format of nothing but zeros shows."""
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in workbook_parts.elements(xml, "numFmt")}
    widths, is_used, count = {}, False, 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal is_used, count
        if local(tag) == "cellXfs":
            is_used = True
        elif is_used and local(tag) == "xf":
            code = codes.get(attributes.get("numFmtId"), "")
            if ZEROS.fullmatch(code):
                widths[str(count)] = len(code)
            count += 1

    def end(tag: str) -> None:
        nonlocal is_used
        is_used = is_used and local(tag) != "cellXfs"

    parser = workbook_parts.new_parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    workbook_parts.parse(parser, xml)
    return widths


class _Scanner:
    """Follows rows and cells. A cell without a reference stands after the one before it."""

    def __init__(self, lengths: list[int], widths: dict[str, int]) -> None:
        self.scan = Scan()
        self._lengths, self._widths = lengths, widths
        self._row = self._column = 0
        self._cell: dict[str, str] = {}
        self._value: list[str] | None = None  # None: the cell has none
        self._is_value = self._has_formula = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A row, a cell or what a cell holds begins."""
        name = local(tag)
        if name == "c":
            self._cell, self._value, self._has_formula = attributes, None, False
            self._column += 1
            if "r" in attributes:
                place = REFERENCE.fullmatch(attributes["r"])
                if place is None:
                    raise Unreadable(UNUSUAL)
                self._column, self._row = _column_number(place[1]), int(place[2])
        elif name in ("v", "t"):
            self._value = self._value or []
            self._is_value = True
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            if not ROW.fullmatch(attributes.get("r", "1")):
                raise Unreadable(UNUSUAL)
            self._row, self._column = _whole(attributes.get("r"), self._row + 1), 0

    def text(self, data: str) -> None:
        """What a value is written with, whole or in pieces."""
        if self._is_value and self._value is not None:
            self._value.append(data)

    def end(self, tag: str) -> None:
        """A value or a cell ends."""
        name = local(tag)
        if name in ("v", "t"):
            self._is_value = False
        elif name == "c" and (self._value is not None or self._has_formula):
            self._end_cell("".join(self._value or ()))

    def _end_cell(self, value: str) -> None:
        scan, kind = self.scan, self._cell.get("t", "n")
        scan.last_row, scan.last_column = max(scan.last_row, self._row), max(scan.last_column, self._column)
        if scan.last_row * scan.last_column > MOST_CELLS:
            raise Unreadable(
                f"arket är för stort: cell {self._name()} ligger långt från de andra. Radera tomma rader och "
                "kolumner runt tabellen, eller spara arket som CSV UTF-8."
            )
        scan.text_length += self._length(kind, value)
        if scan.text_length > MOST_TEXT:
            raise Unreadable("arket har mer text än som kan läsas. Ta bort kolumner som inte behövs.")
        if kind == "e":
            told = f"har felet {value[:20]}. Rätta formeln, eller skriv värdet."
            scan.faults[self._row, self._column] = f"cell {self._name()} {told}"
        elif self._has_formula and self._value is None:
            told = "har en formel utan värde. Öppna filen i ett kalkylprogram och spara den."
            scan.faults[self._row, self._column] = f"cell {self._name()} {told}"
        elif kind == "n" and (width := self._widths.get(self._cell.get("s", ""))):
            scan.padded[self._row, self._column] = width

    def _name(self) -> str:
        return f"{column_letters(self._column)}{self._row}"

    def _length(self, kind: str, value: str) -> int:
        """Of a shared text, what the cell refers to."""
        if kind != "s":
            return len(value)
        place = _whole(value, -1)
        return self._lengths[place] if 0 <= place < len(self._lengths) else 0


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise
