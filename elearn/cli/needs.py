"""``needs``, ``activities``: the kompetensförsörjningsplan (R33) and the aktivitetslista (R34) as files."""

from pathlib import Path

import click

from elearn import database
from elearn.cli import context
from elearn.cli.files import deliver, format_option, output_option
from elearn.content.rendering import builder
from elearn.reports import activities_files, needs_files
from elearn.reports.activities import statuses
from elearn.reports.coverage import department_id
from elearn.reports.needs import needs as count_needs
from elearn.training import curriculum


@click.command()
@click.option("--department", help="Bara den här förvaltningen (enhetskod).")
@format_option("csv", "json", "xlsx")
@output_option
def needs(department: str | None, file_format: str, output: Path | None) -> None:
    """Vilka som saknar kursen, vad som går ut och hur täckningen blir om 3, 6 och 12 månader."""
    settings = context.settings()
    today = context.today(settings)
    catalog = builder.read_catalog(settings.courses_dir)
    lengths = {slug: course.minutes for slug, course in catalog.courses.items()}
    with database.snapshot(context.migrated_engine(settings)) as session:
        tops = None if department is None else (department_id(session, department),)
        required = curriculum.from_catalog(catalog)
        plan = needs_files.make_plan(session, required, lengths, settings.threshold, today, tops)
    deliver(needs_files.to_file(plan, file_format, settings.municipality), output)


@click.command()
@format_option("csv", "xlsx")
@output_option
def activities(file_format: str, output: Path | None) -> None:
    """Aktivitetslistan: nämnder, tidsplan, kurser, vem som ska arrangera, och hur långt det har kommit."""
    settings = context.settings()
    catalog = builder.read_catalog(settings.courses_dir)
    lengths = {slug: course.minutes for slug, course in catalog.courses.items()}
    required = curriculum.from_catalog(catalog)
    with database.snapshot(context.migrated_engine(settings)) as session:
        counted = count_needs(session, required, lengths, settings.threshold, context.today(settings))
    found = statuses(catalog.activities, counted, settings.vpc_joins_from, settings.vpc_leads_from)
    data = activities_files.to_file(found, settings.threshold, file_format, settings.municipality)
    deliver(data, output)


COMMANDS: tuple[click.Command, ...] = (needs, activities)
