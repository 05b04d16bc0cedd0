"""``coverage``: the report on standard output, or in a file."""

import datetime as dt
import sys
from fractions import Fraction
from pathlib import Path

import click

from elearn import clock, database
from elearn.cli import context
from elearn.content.reading import reader
from elearn.errors import Invalid, Refused
from elearn.reports import export, suppression
from elearn.reports.coverage import department_id, report
from elearn.reports.export import FileFormat, Form
from elearn.settings import parse_threshold
from elearn.training import curriculum


@click.command()
@click.option("--as-of", "as_of", help="Datumet, till exempel 2026-12-31. Utan: i dag.")
@click.option("--department", help="Bara den här förvaltningen (enhetskod).")
@click.option("--threshold", help="Tröskeln, över 0 och högst 1, till exempel 0.9. Utan: inställningens.")
@click.option(
    "--form",
    type=click.Choice([form.value for form in Form]),
    default=Form.FULL.value,
    show_default=True,
    help="Den fullständiga formen, eller den offentliga som döljer små grupper.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice([one.value for one in FileFormat]),
    default=FileFormat.CSV.value,
    show_default=True,
    help="Filens format.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Filen att skriva till. Utan: standard ut.",
)
def coverage(
    as_of: str | None,
    department: str | None,
    threshold: str | None,
    form: str,
    file_format: str,
    output: Path | None,
) -> None:
    """Täckningen per förvaltning och enhet, och måttet."""
    settings = context.settings()
    today = context.today(settings)
    on = today if as_of is None else parse_date(as_of)
    limit = settings.threshold if threshold is None else chosen_threshold(threshold)
    required = curriculum.from_courses(reader.read_heads(settings.courses_dir))
    refuse_screen(file_format, output)
    with database.snapshot(context.migrated_engine(settings)) as session:
        tops = None if department is None else (department_id(session, department),)
        counted = report(session, required, on, limit, today, tops)
    if counted.is_forecast:
        click.echo(f"{on} ligger framåt i tiden: siffrorna är en prognos.", err=True)
    told: export.AnyCoverage = counted
    if form == Form.PUBLIC:
        told = suppression.public(counted, settings.small_group, is_whole=tops is None)
    deliver(export.written(told, FileFormat(file_format), settings.municipality), output)


def refuse_screen(file_format: str, output: Path | None) -> None:
    """A spreadsheet is bytes that no terminal shows."""
    if file_format == FileFormat.XLSX and output is None and sys.stdout.isatty():
        raise Refused("Ett kalkylark går inte att visa här. Skriv det till en fil med --output.")


def deliver(data: bytes, output: Path | None) -> None:
    """Write the file, or to standard output."""
    if output is None:
        click.echo(data, nl=False)
    else:
        write(output, data)


def write(output: Path, data: bytes) -> None:
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Refused(f"{output} går inte att skriva: {error.strerror}.") from None


def parse_date(text: str) -> dt.date:
    try:
        return clock.parse_date(text)
    except ValueError:
        raise Invalid(f"{text} är inget datum. Skriv det som 2026-12-31.") from None


def chosen_threshold(text: str) -> Fraction:
    try:
        return parse_threshold(text)
    except ValueError as error:
        raise Invalid(str(error)) from None


COMMANDS: tuple[click.Command, ...] = (coverage,)
