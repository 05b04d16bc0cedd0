"""``report``: the report to a nämnd, on a department or on the whole municipality, in a file."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from elearn import database
from elearn.cli import context
from elearn.cli.files import format_option, write
from elearn.cli.reports import parse_date
from elearn.content.reading import reader
from elearn.database import LARGEST_ID
from elearn.errors import Invalid
from elearn.reports import (
    committee_report,
    coverage,
    export_pdf,
    goals,
    measurements,
    report_goals,
    report_trend,
    report_workbook,
)
from elearn.reports.committee_report import Origin
from elearn.reports.coverage import Coverage
from elearn.settings import Settings
from elearn.training import curriculum

MADE_BY = "den som sköter systemet"


@click.command("report")
@click.option("--department", help="Förvaltningens enhetskod.")
@click.option("--committee", help="Nämndens namn: rapporten gäller de förvaltningar som den ansvarar för.")
@click.option("--as-of", "as_of", help="Datumet, till exempel 2026-12-31. Utan: i dag.")
@click.option(
    "--measurement",
    type=click.IntRange(1, LARGEST_ID),
    help="Numret på en fryst mätning. Utan: dagens siffror.",
)
@click.option(
    "--form",
    type=click.Choice(["full", "public"]),
    default="full",
    show_default=True,
    help="Den offentliga döljer små grupper.",
)
@format_option("pdf", "xlsx")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Filen att skriva till.",
)
def report(
    department: str | None,
    committee: str | None,
    as_of: str | None,
    measurement: int | None,
    form: str,
    file_format: str,
    output: Path,
) -> None:
    """Rapporten till en nämnd eller om en förvaltning. Utan båda: om hela kommunen."""
    if department is not None and committee is not None:
        raise click.UsageError("Välj --department eller --committee, inte båda.")
    if as_of is not None and measurement is not None:
        raise click.UsageError("En mätning har sin egen dag. Välj --as-of eller --measurement, inte båda.")
    settings = context.settings()
    origin = Origin(settings.municipality, MADE_BY, context.today(settings))
    with database.snapshot(context.migrated_engine(settings)) as session:
        if measurement is None:
            counted = count(session, settings, as_of)
        else:
            if form == "public":
                measurements.refuse_close(session, measurement)
            found = measurements.load_whole(session, measurement)
            counted, origin = found.coverage, committee_report.from_measurement(origin, found)
        past = list(measurements.whole_ones(session))
        standings = goals.standings(session, counted)
    made = committee_report.make(counted, origin, department, committee)
    if form == "public":
        made = committee_report.in_public(made, settings.small_group)
    told = report_goals.with_goals(report_trend.with_past(made, past), standings)
    write(output, export_pdf.draw(told) if file_format == "pdf" else report_workbook.to_xlsx(told))


def count(session: Session, settings: Settings, as_of: str | None) -> Coverage:
    """The live coverage of everything, on the day or today. Raises ``Invalid`` for a day that has not
    been."""
    today = context.today(settings)
    on = today if as_of is None else parse_date(as_of)
    if on > today:
        raise Invalid(f"{on} ligger framåt i tiden. En rapport gäller en dag som har varit.")
    required = curriculum.from_courses(reader.read_heads(settings.courses_dir))
    return coverage.report(session, required, on, settings.threshold, today)


COMMANDS: tuple[click.Command, ...] = (report,)
