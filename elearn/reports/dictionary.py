"""The data dictionary: every report that leaves as a file, with what its columns mean (R43).

A report tells its columns once, where it writes them; here they are only gathered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from elearn.reports import (
    activities_files,
    export,
    knowledge_files,
    measurement_files,
    needs_table,
    report_workbook,
    results,
    table,
)


class Described(Protocol):
    """A column, of whichever report."""

    @property
    def name(self) -> str:
        """As it stands in the file."""

    @property
    def meaning(self) -> str:
        """A sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report: ``id`` on the page, its name, where it is fetched and in which formats."""

    id: str
    name: str
    source: str
    columns: Sequence[Described]


REPORTS: tuple[Entry, ...] = (
    Entry(
        "tackning", "Täckning", "Sidan Export, eller elearn coverage. CSV, JSON och kalkylark.", table.COLUMNS
    ),
    Entry(
        "tackning-mer",
        "Täckning: mer i kalkylarket",
        "Bara i den fullständiga formen. I JSON står skälen tillsammans, som outside.",
        table.MORE_COLUMNS,
    ),
    Entry(
        "mattet",
        "Måttet",
        "Ett eget blad i kalkylarket. I JSON står det som measure.",
        export.MEASURE_COLUMNS,
    ),
    Entry(
        "matningar",
        "Mätningar",
        "elearn measure list. En mätning har också täckningens kolumner.",
        measurement_files.LISTED,
    ),
    Entry("jamforelse", "Två mätningar jämförda", "elearn measure compare.", measurement_files.COMPARED),
    Entry(
        "stod",
        "Rapporten: enheter som behöver stöd",
        "Sidan Rapport, eller elearn report. Kalkylark.",
        report_workbook.IN_NEED_COLUMNS,
    ),
    Entry(
        "utveckling",
        "Rapporten: utveckling",
        "Ett eget blad i samma kalkylark.",
        report_workbook.TREND_COLUMNS,
    ),
    Entry("aktiviteter", "Aktiviteter", "elearn activities. CSV och kalkylark.", activities_files.COLUMNS),
    Entry("behov", "Kompetensbehov", "elearn needs. CSV, JSON och kalkylark.", needs_table.COLUMNS),
    Entry("kunskap", "Kunskap", "elearn knowledge. CSV och JSON.", knowledge_files.COLUMNS),
    Entry(
        "resultat",
        "Resultat till personalsystemet",
        "elearn export-completions. CSV. Den filen har personuppgifter.",
        results.COLUMNS,
    ),
)
