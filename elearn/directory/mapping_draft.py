"""A first mapping from a file's header: what is like a column of ours is filled in, and a person says the
rest."""

import csv
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from elearn import csv_in
from elearn.csv_in import Faults
from elearn.directory import tables
from elearn.directory.columns import (
    DAYS,
    JOB_COLUMNS,
    NEEDED_OF_JOBS,
    NEEDED_OF_UNITS,
    OPTIONAL_JOB_COLUMNS,
    UNIT_COLUMNS,
)
from elearn.directory.mapping import DATE_FORMATS, iso_date

MOST_LOOKED_AT = 1000  # rows, to tell how dates are written
ALIKE = 0.85
# What personnel systems call our columns, squashed (letters and digits alone). Among them Visma Agda's export
# and the fields of Sundsvall's published employee service.
ALIASES = {
    "anställningsnr": ("anställningsnummer", "anstnr", "anstnummer", "anställningsid", "employeenumber",
                       "employeeid", "referencenumber"),
    "förnamn": ("fornamn", "tilltalsnamn", "förnamnsmå", "givenname", "firstname"),
    "efternamn": ("efternamnsmå", "lastname", "surname"),
    "e-post": ("epostadress", "mejl", "mail", "email", "emailadress", "emailadr", "emailaddress"),
    "enhetskod": ("enhet", "enhetsid", "orgid", "orgkod", "organisationskod", "organisationsid", "orgenhet"),
    "namn": ("enhetsnamn", "orgname", "organisationsnamn", "benämning", "enhetsbenämning"),
    "nivå": ("organisationsnivå", "orgnivå", "level"),
    "överordnad": ("överordnadenhet", "parentid", "förälder", "överordnadkod"),
    "nämnd": ("nämnden",),
    "chef": ("chefensanställningsnr", "enhetschef", "chefanstnr"),
    "yrkesroll": ("roll",),
    "befattning": ("befattningsbenämning", "titel", "title", "yrke", "yrkesbenämning"),
    "från": ("startdatum", "startdate", "anställdfrån", "anställningsdatum", "anstdatum", "fromdatum",
             "giltigfrån", "from", "fom", "hiredate"),
    "till": ("slutdatum", "enddate", "anställdtill", "avgångsdatum", "tomdatum", "giltigtill", "tom"),
    "aid": ("aidkod", "aidetikett", "etikett"),
    "anställningsform": ("anstform", "formofemploymentid"),
    "huvudanställning": ("ismainemployment", "huvudanst"),
    "skyddad": ("skyddadidentitet", "skyddadeuppgifter", "sekretess", "sekretessmarkering", "isclassified"),
}  # fmt: skip
NOTE = {
    "personal": '# Utelämna rader: [[personal.utan]], kolumn = "…", lika = ["…"]',
    "organisation": '# Byt värden: [organisation.byt."nivå"], "deras" = "enhet"',
}


@dataclass(frozen=True, slots=True)
class Header:
    """A file's columns as they are written, and the values under each."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[str]]

    def values(self, name: str) -> list[str]:
        """What stands under a column, without the empty ones."""
        place = self.names.index(name)
        return [row[place] for row in self.rows if place < len(row) and row[place]]


def draft(path: Path, header_row: int = 1, sheet: str = "") -> str:
    """A mapping file for this file as TOML. Raises ``Invalid`` when its header cannot be read."""
    header = read_header(path, header_row, sheet)
    staff, units = (
        matches(header.names, (*JOB_COLUMNS, *OPTIONAL_JOB_COLUMNS)),
        matches(header.names, UNIT_COLUMNS),
    )
    is_staff = "anställningsnr" in staff or len(staff) > len(units)
    found, section = (staff, "personal") if is_staff else (units, "organisation")
    ours = (*JOB_COLUMNS, *OPTIONAL_JOB_COLUMNS) if is_staff else UNIT_COLUMNS
    needed = NEEDED_OF_JOBS if is_staff else NEEDED_OF_UNITS
    lines = [f"# Utkast efter {_line(path.name)}. Gå igenom varje rad innan filen används.", f"[{section}]"]
    lines += [f"rubrikrad = {header_row}"] if header_row > 1 else []
    lines += [f"ark = {_quoted(sheet)}"] if sheet else []
    formats = date_formats([value for day in DAYS if day in found for value in header.values(found[day])])
    lines += [f"datum = {json.dumps(formats, ensure_ascii=False)}"] if formats else []
    lines += ["", f"[{section}.kolumner]", *_entries(found, ours, needed)]
    unused = [name for name in header.names if name and name not in found.values()]
    lines += ["", *(f"# används inte: {_line(name)}" for name in unused), NOTE[section]]
    return "\n".join([*lines, ""])


def read_header(path: Path, header_row: int = 1, sheet: str = "") -> Header:
    """The columns and at most 1 000 rows. Raises ``Invalid``."""
    faults = Faults(path.name)
    data = tables.read_file(path, faults)
    csv_in.refuse(faults)
    known = _every_cell(data or b"")
    rows = [cells for _row, cells in tables.read_rows(data or b"", known, faults, header_row, sheet) if cells]
    if not rows:
        faults.add(header_row, "här finns inga kolumner att läsa.")
        csv_in.refuse(faults)
    return Header(tuple(rows[0]), rows[1 : MOST_LOOKED_AT + 1])


def _every_cell(data: bytes) -> frozenset[str]:
    """What could be a column's name, whatever parts the columns: it tells which delimiter the file has."""
    start = data[:20_000].decode("utf-8-sig", errors="replace").splitlines()
    cells = csv.reader(re.split("[;,\t]", " ; ".join(start[:50])))
    return frozenset(csv_in.column_name(cell) for row in cells for cell in row)


def matches(names: Iterable[str], ours: Sequence[str]) -> dict[str, str]:
    """Which of the file's columns is which of ours: alike first, then nearly alike. No column is used
    twice."""
    left = {_squashed(name): name for name in reversed(list(names)) if _squashed(name)}
    found: dict[str, str] = {}
    for column in ours:
        for alias in (_squashed(column), *ALIASES.get(column, ())):
            if alias in left:
                found[column] = left.pop(alias)
                break
    for column in ours:
        if column not in found:
            close = difflib.get_close_matches(_squashed(column), left, n=1, cutoff=ALIKE)
            if close:
                found[column] = left.pop(close[0])
    return {column: found[column] for column in ours if column in found}


def date_formats(values: Sequence[str]) -> list[str]:
    """The first format that every value is written in; none when that is 2026-12-31 or no format is."""
    for name in DATE_FORMATS:
        if values and all(iso_date(value, (name,)) != value or _is_iso(value) for value in values):
            is_plain = name == "ÅÅÅÅ-MM-DD" or all(map(_is_iso, values))
            return [] if is_plain else [name]
    return []


def _is_iso(value: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def _entries(found: dict[str, str], ours: Sequence[str], needed: Sequence[str]) -> Iterator[str]:
    for column in ours:
        if column in found:
            yield f"{_key(column)} = {_quoted(found[column])}"
        else:
            must = "måste anges" if column in needed else "kan utelämnas"
            yield f'# {_key(column)} = ""  # {must}: ingen kolumn liknar den'


def _squashed(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def _key(column: str) -> str:
    return column if column.isascii() else _quoted(column)


def _quoted(text: str) -> str:
    """As a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(text: str) -> str:
    """In a comment: on one line."""
    return " ".join(text.split())
