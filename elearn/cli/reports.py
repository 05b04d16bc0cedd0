"""``coverage``: the report on standard output, or in a file."""

import datetime as dt
from fractions import Fraction
from pathlib import Path

import click

from elearn import clock, database
from elearn.cli import context
from elearn.cli.files import deliver, format_option, output_option
from elearn.content.reading import reader
from elearn.errors import Invalid
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
@format_option(*FileFormat)
@output_option
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
    with database.snapshot(context.migrated_engine(settings)) as session:
        tops = None if department is None else (department_id(session, department),)
        counted = report(session, required, on, limit, today, tops)
    if counted.is_forecast:
        click.echo(f"{on} ligger framåt i tiden: siffrorna är en prognos.", err=True)
    told: export.AnyCoverage = counted
    if form == Form.PUBLIC:
        told = suppression.public(counted, settings.small_group, is_whole=tops is None)
    deliver(export.written(told, FileFormat(file_format), settings.municipality), output)


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
