"""What an XLSX file is made of, unpacked within a limit: a file of a few kB can hold gigabytes.

Only the parts that are needed are kept, and packed anew without compression for the library that reads the
cells, so that it never unpacks anything that has not been counted."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

LARGEST = 50_000_000  # bytes, unpacked
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
PACKAGE = ("[Content_Types].xml", "_rels/.rels")
SAVE_AGAIN = "Öppna den i ett kalkylprogram och spara den som .xlsx eller som CSV UTF-8."


class Unreadable(ValueError):
    """The file cannot be read as a spreadsheet: a Swedish sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet as the workbook lists it: what it is called, its part, and whether people see it."""

    name: str
    part: str
    is_visible: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """A workbook's parts by name, each as XML. ``strings`` and ``styles``: the names of those two parts."""

    xml: Mapping[str, bytes]
    sheets: tuple[SheetPart, ...]
    strings: str
    styles: str

    def only(self, sheet: SheetPart) -> io.BytesIO:
        """The workbook with one sheet's part, packed without compression."""
        wanted = {*PACKAGE, WORKBOOK, RELATIONS, self.strings, self.styles, sheet.part}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as file:
            for name in self.xml.keys() & wanted:
                file.writestr(name, self.xml[name])
        packed.seek(0)
        return packed


def is_packed(data: bytes) -> bool:
    """Whether the file is a ZIP, as every XLSX is, whatever it is called."""
    return data.startswith(b"PK\x03\x04")


def is_old(data: bytes) -> bool:
    """Whether the file is what Excel wrote before 2007, or an XLSX that is locked with a password."""
    return data.startswith(b"\xd0\xcf\x11\xe0")


def unpack(data: bytes) -> Parts:
    """The parts. Raises ``Unreadable`` for what is no XLSX, or is more than 50 MB unpacked."""
    try:
        xml = _unpack(data)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"filen går inte att packa upp: den är skadad eller låst. {SAVE_AGAIN}") from None
    if WORKBOOK not in xml or RELATIONS not in xml:
        raise Unreadable(f"filen är packad, men är inget Excel-ark (.xlsx). {SAVE_AGAIN}")
    targets, kinds = {}, {}
    for relation in elements(xml[RELATIONS], "Relationship"):
        target = posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        targets[relation.get("Id", "")] = target
        kinds[relation.get("Type", "").rpartition("/")[2]] = target
    sheets = tuple(
        SheetPart(sheet.get("name", ""), targets[sheet["id"]], sheet.get("state", "visible") == "visible")
        for sheet in elements(xml[WORKBOOK], "sheet")
        if targets.get(sheet.get("id", "")) in xml
    )
    return Parts(xml, sheets, kinds.get("sharedStrings", ""), kinds.get("styles", ""))


def _unpack(data: bytes) -> dict[str, bytes]:
    """The XML parts. The sizes that the file tells are added up before anything is unpacked, and a part
    that is more than it told is never unpacked further."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        told = file.infolist()
        size = sum(part.file_size for part in told)
        if size > LARGEST:
            raise Unreadable(
                f"filen är {-(-size // 1_000_000)} MB uppackad. Högst 50 MB läses. Ta bort ark och kolumner "
                "som inte behövs, eller spara arket som CSV UTF-8."
            )
        return {
            part.filename: _part(file, part) for part in told if part.filename.endswith((".xml", ".rels"))
        }


def _part(file: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError  # the others cannot be unpacked piece by piece
    with file.open(part) as stream:
        return stream.read(part.file_size + 1)  # a size must be given: else all of it is unpacked first


def elements(xml: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of every element of that name, without prefixes. Raises ``Unreadable``."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == name:
            found.append({local(key): value for key, value in attributes.items()})

    parser = new_parser()
    parser.StartElementHandler = start
    parse(parser, xml)
    return found


def local(tag: str) -> str:
    """A tag's or an attribute's name without its prefix."""
    return tag.rpartition(":")[2] if ":" in tag else tag


def new_parser() -> expat.XMLParserType:
    """One that follows no document type: a workbook has none, and those that have one are traps."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_declaration: object) -> None:
        raise Unreadable(f"filen är inget vanligt Excel-ark. {SAVE_AGAIN}")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def parse(parser: expat.XMLParserType, xml: bytes) -> None:
    """Run it over a part. Raises ``Unreadable``."""
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise Unreadable(f"filen är skadad: den är inget giltigt Excel-ark. {SAVE_AGAIN}") from None
