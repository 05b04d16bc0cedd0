"""A mapping file in TOML -> a ``Mapping``, or every fault of it at once with its row (operations.md, "Their
columns and values")."""

import difflib
import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from elearn import csv_in
from elearn.csv_in import Faults
from elearn.directory import mapping_lines
from elearn.directory.columns import JOB_COLUMNS, LEVELS, NEEDED_OF_UNITS, OPTIONAL_JOB_COLUMNS, UNIT_COLUMNS
from elearn.directory.mapping import DATE_FORMATS, Layout, Mapping, Source, Without
from elearn.directory.mapping_lines import Place
from elearn.swedish import folded

FLAT = "ur-personal"
LEVEL_KEYS = ("kolumner", "fast", "byt")
LAYOUT_KEYS = (*LEVEL_KEYS, "utan", "datum", "ark", "rubrikrad")
SOURCE_KEYS = ("kolumn", "flera", "första", "mellan", "del", "vid")
LAST_HEADER_ROW = 1000
ANSWERS = frozenset(("", "ja", "nej"))
# What a column may become: anything, but for these.
ALLOWED = {"nivå": frozenset(LEVELS), "huvudanställning": ANSWERS, "skyddad": ANSWERS}
TextTable: TypeAlias = dict[str, Any]


def read_mapping(path: Path) -> Mapping:
    """The mapping. Raises ``Invalid`` with everything that is wrong."""
    faults = Faults(path.name)
    data = csv_in.read_bytes(path, faults)
    csv_in.refuse(faults)
    mapping = parse_mapping(data or b"", faults)
    csv_in.refuse(faults)
    return mapping


def parse_mapping(data: bytes, faults: Faults) -> Mapping:
    """The mapping as far as it can be read; what is wrong is added to ``faults``."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        faults.add(None, "filen är inte sparad som UTF-8. Spara om den som UTF-8.")
        return Mapping()
    except tomllib.TOMLDecodeError as error:
        row = re.search(r"at line (\d+)", str(error))
        faults.add(
            int(row[1]) if row else None,
            "raden går inte att läsa som TOML. Text står inom citattecken, och det gör också nycklar med å, "
            'ä, ö, punkt eller blanksteg: "anställningsnr" = "Anst.nr"',
        )
        return Mapping()
    reader = _Reader(faults, mapping_lines.lines_of(text))
    return reader.mapping(document, hashlib.sha256(data).hexdigest())


class _Reader:
    """Reads the parts of the document. A part that is wrong is told and left out."""

    def __init__(self, faults: Faults, lines: dict[Place, int]) -> None:
        self._faults, self._lines = faults, lines

    def mapping(self, document: TextTable, sha256: str) -> Mapping:
        """The whole document."""
        self._known((), document, ("organisation", "personal"))
        if not document:
            self._tell((), "filen är tom. Den ska ha [personal], [organisation] eller båda.")
        jobs = self._file(document, "personal", (*JOB_COLUMNS, *OPTIONAL_JOB_COLUMNS))
        organisation = self._table(("organisation",), document.get("organisation", {}))
        if FLAT not in organisation:
            return Mapping(self._file(document, "organisation", UNIT_COLUMNS), jobs, (), sha256)
        self._known(("organisation",), organisation, (FLAT,))
        return Mapping(Layout(), jobs, tuple(self._levels(organisation[FLAT])), sha256)

    def _file(self, document: TextTable, name: str, columns: Sequence[str]) -> Layout:
        """How one of the files is read. One that the document does not speak of is ours as it stands."""
        if name not in document:
            return Layout()
        return self._layout((name,), self._table((name,), document[name]), columns, LAYOUT_KEYS)

    def _levels(self, given: object) -> Iterator[Layout]:
        place = ("organisation", FLAT)
        if not isinstance(given, list) or not given:
            self._tell(place, f"ska vara en lista av nivåer: [[organisation.{FLAT}]] för var och en.")
            return
        for number, one in enumerate(given):
            level = (*place, number)
            layout = self._layout(level, self._table(level, one), UNIT_COLUMNS, LEVEL_KEYS)
            for column in NEEDED_OF_UNITS:
                if column not in layout.sources and column not in layout.fixed:
                    where = "fast" if column == "nivå" else "kolumner"
                    self._tell(level, f"”{column}” saknas. Skriv den under {where}.")
            yield layout

    def _layout(self, place: Place, given: TextTable, columns: Sequence[str], keys: Sequence[str]) -> Layout:
        self._known(place, given, keys)
        sources = {
            column: source
            for column, spec in self._columns((*place, "kolumner"), given, columns)
            if (source := self._source((*place, "kolumner", column), spec))
        }
        fixed = {
            column: text
            for column, value in self._columns((*place, "fast"), given, columns)
            if (text := self._allowed((*place, "fast", column), column, value)) is not None
        }
        for column in sources.keys() & fixed.keys():
            self._tell((*place, "fast", column), "kolumnen står också under kolumner. Ta bort en av dem.")
        swaps = {
            column: self._swap((*place, "byt", column), column, values)
            for column, values in self._columns((*place, "byt"), given, columns)
        }
        return Layout(
            sources,
            fixed,
            swaps,
            self._dates((*place, "datum"), given.get("datum", [])),
            tuple(self._without((*place, "utan"), given.get("utan", []))),
            self._text((*place, "ark"), given.get("ark", "")) or "",
            self._header_row((*place, "rubrikrad"), given.get("rubrikrad", 1)),
        )

    def _columns(self, place: Place, given: TextTable, columns: Sequence[str]) -> Iterator[tuple[str, Any]]:
        """The entries of a table whose keys are columns of ours."""
        entries = self._table(place, given.get(str(place[-1]), {}))
        self._known(place, entries, columns)
        return ((column, entries[column]) for column in columns if column in entries)

    def _source(self, place: Place, spec: object) -> Source | None:
        if isinstance(spec, str):
            return Source((name,)) if (name := self._name(place, spec)) else None
        if isinstance(spec, list):
            return Source(names) if (names := self._names(place, spec)) else None
        if not isinstance(spec, dict):
            self._tell(place, 'skriv filens kolumn inom citattecken, eller flera som ["A", "B"].')
            return None
        self._known(place, spec, SOURCE_KEYS)
        given = [key for key in ("kolumn", "flera", "första") if key in spec]
        if len(given) != 1:
            self._tell(place, "skriv en av kolumn, flera och första.")
            return None
        names = self._names(place, [spec["kolumn"]] if given == ["kolumn"] else spec[given[0]])
        between = self._text(place, spec.get("mellan", " "))
        part, at = spec.get("del", 0), self._text(place, spec.get("vid", ""))
        if isinstance(part, bool) or not isinstance(part, int) or part < 0 or bool(part) != bool(at):
            self._tell(place, "del är ett heltal från 1, och vid är tecknet som delar. Skriv båda.")
            return None
        return Source(names, None if given == ["första"] else between, at or "", part) if names else None

    def _swap(self, place: Place, column: str, values: object) -> dict[str, str]:
        swap: dict[str, str] = {}
        for text, value in self._table(place, values).items():
            new = self._allowed((*place, text), column, value)
            if new is not None and swap.setdefault(folded(text), new) != new:
                self._tell((*place, text), f"”{text}” står två gånger, med olika värden.")
        return swap

    def _allowed(self, place: Place, column: str, value: object) -> str | None:
        """A value that a column of ours may have."""
        text = self._text(place, value)
        allowed = ALLOWED.get(column)
        if text is not None and allowed and text.lower() not in allowed:
            choices = ", ".join(sorted(filter(None, allowed)))
            self._tell(place, f"”{text}” kan inte stå i {column}. Välj bland: {choices}.")
            return None
        return text

    def _without(self, place: Place, given: object) -> Iterator[Without]:
        if not isinstance(given, list):
            self._tell(place, f"skriv [[{place[0]}.utan]] med kolumn och lika.")
            return
        for number, one in enumerate(given):
            here = (*place, number)
            entry = self._table(here, one)
            self._known(here, entry, ("kolumn", "lika"))
            name = self._name(here, entry.get("kolumn", ""))
            values = entry.get("lika")
            if not isinstance(values, list) or not values:
                self._tell(here, 'lika ska vara en lista av värden, till exempel ["Arvodist"].')
            elif name:
                texts = [self._text(here, value) for value in values]
                yield Without(name, frozenset(folded(text) for text in texts if text is not None))

    def _dates(self, place: Place, given: object) -> tuple[str, ...]:
        formats = [given] if isinstance(given, str) else given
        if not isinstance(formats, list) or any(one not in DATE_FORMATS for one in formats):
            self._tell(place, f"välj bland: {', '.join(DATE_FORMATS)}.")
            return ()
        if {"DD/MM/ÅÅÅÅ", "MM/DD/ÅÅÅÅ"} <= set(formats):
            self._tell(place, "DD/MM/ÅÅÅÅ och MM/DD/ÅÅÅÅ kan inte gälla båda: 02/03/2026 vore två dagar.")
            return ()
        return tuple(dict.fromkeys((*formats, "ÅÅÅÅ-MM-DD")))

    def _header_row(self, place: Place, given: object) -> int:
        if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= LAST_HEADER_ROW:
            return given
        self._tell(place, f"ska vara ett heltal från 1 till {LAST_HEADER_ROW}: raden med kolumnernas namn.")
        return 1

    def _names(self, place: Place, given: object) -> tuple[str, ...]:
        if not isinstance(given, list) or not given:
            self._tell(place, 'skriv filens kolumner som en lista: ["A", "B"].')
            return ()
        return tuple(name for one in given if (name := self._name(place, one)))

    def _name(self, place: Place, given: object) -> str | None:
        text = self._text(place, given)
        if text is not None and not text.strip():
            self._tell(place, "namnet på filens kolumn är tomt.")
        return text.strip() if text and text.strip() else None

    def _text(self, place: Place, given: object) -> str | None:
        if isinstance(given, str):
            return given
        self._tell(place, "skriv värdet inom citattecken.")
        return None

    def _table(self, place: Place, given: object) -> TextTable:
        if isinstance(given, dict):
            return given
        self._tell(place, f"ska vara en tabell: [{mapping_lines.written(place)}] på en egen rad.")
        return {}

    def _known(self, place: Place, given: Iterable[str], known: Collection[str]) -> None:
        for key in given:
            if key not in known:
                close = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.6)
                advice = f"Menar du ”{close[0]}”?" if close else f"Välj bland: {', '.join(known)}."
                self._tell((*place, key), f"nyckeln finns inte. {advice}")

    def _tell(self, place: Place, sentence: str) -> None:
        row = mapping_lines.row_of(place, self._lines)
        written = mapping_lines.written(place)
        self._faults.add(row, f"{written}: {sentence}" if written else sentence)
