"""genomforda.csv: training done elsewhere or earlier that VPC recognises (tillgodoräknande, R24)."""

import datetime as dt
import difflib
from dataclasses import dataclass
from pathlib import Path

from elearn import csv_in
from elearn.content.catalog import Catalog
from elearn.content.reading.sources import folded
from elearn.directory import tables

COLUMNS = ("anställningsnr", "kurs", "datum", "källa")


@dataclass(frozen=True, slots=True)
class RecognitionRow:
    """A row of genomforda.csv."""

    row: int
    number: str
    course: str
    completed_on: dt.date
    source: str


@dataclass(frozen=True, slots=True)
class Recognitions:
    """The file as read. ``numbers`` holds (row, anställningsnummer) of the rows with another fault too, so
    that a person who does not exist is told with all the rest; ``unknown``: columns that are not used."""

    rows: tuple[RecognitionRow, ...]
    numbers: tuple[tuple[int, str], ...]
    unknown: tuple[str, ...]
    faults: csv_in.Faults


def read_recognitions(path: Path, catalog: Catalog, today: dt.date) -> Recognitions:
    """The rows, and the file's faults so far: a course that does not exist and a day that has not come are
    among them."""
    table = tables.read_table(path, COLUMNS)
    faults, rows, numbers = table.faults, [], []
    for record in table.records:
        number = csv_in.parse(faults, record, "anställningsnr", csv_in.number)
        completed_on = csv_in.parse(faults, record, "datum", csv_in.date)
        source = csv_in.parse(faults, record, "källa", csv_in.required)
        if record["kurs"] not in catalog.courses:
            faults.add(record.row, f"kurs: ”{record['kurs']}” finns inte. {_advice(record['kurs'], catalog)}")
        if completed_on and completed_on > today:
            faults.add(record.row, f"datum: {completed_on} har inte varit än.")
        if number:
            numbers.append((record.row, number))
        if number and completed_on and source:
            rows.append(RecognitionRow(record.row, number, record["kurs"], completed_on, source))
    return Recognitions(tuple(rows), tuple(numbers), table.unknown, faults)


def _advice(slug: str, catalog: Catalog) -> str:
    """What to write instead. Folded, since a role's name is the likely mistake: "Förskola" is forskola, and
    not skola."""
    close = difflib.get_close_matches(folded(slug), catalog.courses, n=1)
    return f"Menar du {close[0]}?" if close else f"Välj bland: {', '.join(catalog.courses)}."
