"""``report``: the report to a nämnd, on a department or on the whole municipality, in a file."""

from pathlib import Path

import click

from elearn import database
from elearn.cli import context
from elearn.cli.reports import parse_date, write
from elearn.content.reading import reader
from elearn.errors import Invalid
from elearn.reports import committee_report, coverage, export_pdf
from elearn.reports.committee_report import Origin
from elearn.training import curriculum

MADE_BY = "den som sköter systemet"


@click.command("report")
@click.option("--department", help="Förvaltningens enhetskod.")
@click.option("--committee", help="Nämndens namn: rapporten gäller de förvaltningar som den ansvarar för.")
@click.option("--as-of", "as_of", help="Datumet, till exempel 2026-12-31. Utan: i dag.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Filen att skriva till.",
)
def report(department: str | None, committee: str | None, as_of: str | None, output: Path) -> None:
    """Rapporten till en nämnd eller om en förvaltning. Utan båda: om hela kommunen."""
    if department is not None and committee is not None:
        raise click.UsageError("Välj --department eller --committee, inte båda.")
    settings = context.settings()
    today = context.today(settings)
    on = today if as_of is None else parse_date(as_of)
    if on > today:
        raise Invalid(f"{on} ligger framåt i tiden. En rapport gäller en dag som har varit.")
    required = curriculum.from_courses(reader.read_heads(settings.courses_dir))
    with database.snapshot(context.migrated_engine(settings)) as session:
        counted = coverage.report(session, required, on, settings.threshold, today)
    origin = Origin(settings.municipality, MADE_BY, today)
    write(output, export_pdf.draw(committee_report.make(counted, origin, department, committee)))


COMMANDS: tuple[click.Command, ...] = (report,)
