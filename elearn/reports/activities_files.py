"""The aktivitetslista as files (R34): CSV and XLSX from columns told once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from elearn import csv_out
from elearn.reports import workbook
from elearn.reports.activities import ActivityStatus, Progress
from elearn.reports.coverage import percent
from elearn.reports.table import in_csv
from elearn.reports.workbook import About, Cell, Kind, Sheet

NO_FIGURE = "ingen siffra"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the files: an activity with one of its courses in one department, or alone."""

    status: ActivityStatus
    progress: Progress | None
    threshold: Fraction

    @property
    def said(self) -> str:
        """The status in words."""
        if not self.progress:
            return NO_FIGURE
        return "säkerställt" if self.progress.has_secured(self.threshold) else "inte säkerställt"


@dataclass(frozen=True, slots=True)
class ActivityColumn:
    """As ``table.Column``: names are for ever."""

    name: str
    value: Callable[[Line], Cell]
    meaning: str
    kind: Kind = Kind.TEXT


def _of(progress: Callable[[Progress], Cell]) -> Callable[[Line], Cell]:
    return lambda line: progress(line.progress) if line.progress else None


COLUMNS = (
    ActivityColumn("mål", lambda line: line.status.activity.goal, "Avsnittet i handlingsplanen."),
    ActivityColumn("aktivitet", lambda line: line.status.activity.title, "Aktivitetens namn."),
    ActivityColumn(
        "ansvarig nämnd",
        lambda line: line.status.activity.lead or None,
        "Nämnden som ska påbörja aktiviteten. Tom: det är inte ifyllt.",
    ),
    ActivityColumn(
        "medansvariga",
        lambda line: "; ".join(line.status.activity.committees) or None,
        "De andra nämnder som ansvarar.",
    ),
    ActivityColumn(
        "tidsplan", lambda line: line.status.activity.schedule or None, "Tom: planen anger ingen tid."
    ),
    ActivityColumn(
        "kurser",
        lambda line: ", ".join(line.status.activity.courses) or None,
        "Kurserna som aktiviteten följs med.",
    ),
    ActivityColumn("mått", lambda line: line.status.activity.indicator, "Det som aktiviteten följs upp med."),
    ActivityColumn(
        "förvaltningar",
        lambda line: line.status.department_count,
        "Förvaltningar där någon ska ha kursen. Utan kurs: nämnder som ansvarar.",
        Kind.COUNT,
    ),
    ActivityColumn(
        "ska arrangeras av",
        lambda line: str(line.status.organiser) if line.status.organiser else None,
        "Efter antalet förvaltningar: nämnden, nämnden och VPC, eller VPC. Tom: det är ingen utbildning.",
    ),
    ActivityColumn(
        "förvaltning", _of(lambda one: one.department.name), "Förvaltningen vars siffror raden har."
    ),
    ActivityColumn(
        "yrkesroll", _of(lambda one: ", ".join(one.course.job_roles)), "Yrkesrollen som har kursen."
    ),
    ActivityColumn("målgrupp", _of(lambda one: one.course.need.target), "De som ska ha kursen.", Kind.COUNT),
    ActivityColumn(
        "utbildade", _of(lambda one: one.course.need.trained), "De av dem som har en giltig kurs.", Kind.COUNT
    ),
    ActivityColumn(
        "andel", _of(lambda one: percent(one.share)), "Utbildade av målgruppen, i procent.", Kind.DECIMAL
    ),
    ActivityColumn(
        "status",
        lambda line: line.said,
        "Säkerställt: andelen är minst lika stor som tröskeln. Ingen siffra: ingen kurs följer aktiviteten, "
        "ingen i nämndernas förvaltningar ska ha den, eller så får den som hämtar listan inte se siffran.",
    ),
)


def lines(statuses: Sequence[ActivityStatus], threshold: Fraction) -> Iterator[Line]:
    """Each activity with each course in each department; one without a figure stands once."""
    for status in statuses:
        for progress in status.progress or (None,):
            yield Line(status, progress, threshold)


def to_csv(statuses: Sequence[ActivityStatus], threshold: Fraction) -> bytes:
    """As every CSV of ours."""
    rows = [[in_csv(column.value(line)) for column in COLUMNS] for line in lines(statuses, threshold)]
    return csv_out.write_csv([column.name for column in COLUMNS], rows)


def to_xlsx(statuses: Sequence[ActivityStatus], threshold: Fraction, municipality: str) -> bytes:
    """One sheet, and the definitions."""
    rows = [[column.value(line) for column in COLUMNS] for line in lines(statuses, threshold)]
    about = About("Aktivitetslista", municipality, (("Tröskel i procent", percent(threshold)),))
    return workbook.write_workbook(about, [Sheet("Aktiviteter", COLUMNS, rows)])


def to_file(
    statuses: Sequence[ActivityStatus], threshold: Fraction, file_format: str, municipality: str
) -> bytes:
    """The list as ``csv`` or ``xlsx``."""
    if file_format == "xlsx":
        return to_xlsx(statuses, threshold, municipality)
    return to_csv(statuses, threshold)
