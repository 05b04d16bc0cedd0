"""``courses check``: every fault with file and line, or every warning."""

from pathlib import Path

import click

from elearn.cli import context
from elearn.content import check, reader
from elearn.content.faults import CourseFaults


@click.group()
def courses() -> None:
    """Kurserna: kontrollera det som författare skriver."""


@courses.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check_command(folder: Path | None) -> None:
    """Läs alla kurser och visa varje fel (slutkod 1) eller varning (slutkod 0)."""
    settings = context.settings()
    reading = reader.read(folder or settings.courses_dir)
    if reading.faults:
        raise CourseFaults(reading.faults)
    catalog = reader.build(reading)
    for warning in check.warnings(reading, context.today(settings)):
        click.echo(f"Varning: {warning}", err=True)
    for course in catalog.courses.values():
        click.echo(f"{course.slug}: {len(course.lessons)} avsnitt, {course.minutes} minuter", err=True)
    click.echo("Inga fel.", err=True)


COMMANDS: tuple[click.Command, ...] = (courses,)
