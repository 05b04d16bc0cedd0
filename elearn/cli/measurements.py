"""``measure``: freeze, list, show, compare and verify measurements (measure.md, "Measurements")."""

import sys
from pathlib import Path

import click

from elearn import clock, database
from elearn.cli import context
from elearn.cli.files import deliver, format_option, output_option
from elearn.cli.reports import parse_date
from elearn.content.reading import reader
from elearn.database import LARGEST_ID
from elearn.errors import Invalid, Refused
from elearn.reports import comparison, measurement_actions, measurement_files, measurements, suppression
from elearn.reports.export import AnyCoverage, FileFormat, Form
from elearn.training import curriculum


@click.group()
def measure() -> None:
    """Mätningar: frysta siffror som aldrig ändras."""


@measure.command()
@click.option("--as-of", "as_of", help="Datumet, till exempel 2026-12-31. Utan: i dag.")
@click.option("--name", default="", help="Mätningens namn, till exempel ”Årsuppföljning 2026”.")
def freeze(as_of: str | None, name: str) -> None:
    """Frys täckningen på ett datum. Mätningens nummer skrivs på standard ut."""
    settings = context.settings()
    deed = context.deed(settings)
    on = deed.today if as_of is None else parse_date(as_of)
    required = curriculum.from_courses(reader.read_heads(settings.courses_dir))
    engine = context.migrated_engine(settings)
    click.echo(f"Räknar täckningen den {on} …", err=True)
    with database.transaction(engine) as session:
        made = measurement_actions.freeze_measurement(session, deed, required, on, settings.threshold, name)
    rows = len(made.coverage.rows)
    click.echo(f"Fryst: mätning {made.id}, {made.name}, med {rows} rader.", err=True)
    click.echo(f"Kontrollsumma: {made.checksum}", err=True)
    click.echo(made.id)


@measure.command("list")
@format_option(*FileFormat)
@output_option
def list_all(file_format: str, output: Path | None) -> None:
    """Alla mätningar med måttet, den äldsta först."""
    found, faults = [], []
    settings = context.settings()
    with database.snapshot(context.migrated_engine(settings)) as session:
        for id in measurements.ids(session):
            try:
                found.append(measurements.load(session, id))
            except Refused as refusal:
                faults.append(str(refusal))
    deliver(measurement_files.list_written(found, FileFormat(file_format), settings.municipality), output)
    tell_and_end(faults)


@measure.command()
@click.argument("id", metavar="NUMMER", type=click.IntRange(1, LARGEST_ID))
@click.option(
    "--form",
    type=click.Choice([form.value for form in Form]),
    default=Form.FULL.value,
    show_default=True,
    help="Den fullständiga formen, eller den offentliga som döljer små grupper.",
)
@format_option(*FileFormat)
@output_option
def show(id: int, form: str, file_format: str, output: Path | None) -> None:
    """En mätnings alla rader, som de frystes."""
    settings = context.settings()
    with database.snapshot(context.migrated_engine(settings)) as session:
        one = measurements.load(session, id)
        if form == Form.PUBLIC:
            measurements.refuse_close(session, id)
    if not one.is_whole:
        click.echo(f"Mätning {id} är ändrad sedan den frystes: kontrollsumman stämmer inte.", err=True)
    told: AnyCoverage = one.coverage
    if form == Form.PUBLIC:
        told = suppression.public(one.coverage, settings.small_group, is_whole=True)
    deliver(measurement_files.written(one, told, FileFormat(file_format), settings.municipality), output)


@measure.command()
@click.argument("one", metavar="NUMMER", type=click.IntRange(1, LARGEST_ID))
@click.argument("other", metavar="NUMMER", type=click.IntRange(1, LARGEST_ID))
@format_option(*FileFormat)
@output_option
def compare(one: int, other: int, file_format: str, output: Path | None) -> None:
    """Två mätningar bredvid varandra, per förvaltning och enhet."""
    if one == other:
        raise Invalid("Det är samma mätning. Skriv två olika nummer.")
    settings = context.settings()
    with database.snapshot(context.migrated_engine(settings)) as session:
        found = sorted(
            (measurements.load(session, id) for id in (one, other)), key=lambda each: (each.on, each.id)
        )
    compared = comparison.compare(found[0].coverage, found[1].coverage)
    ids = (found[0].id, found[1].id)
    data = measurement_files.comparison_written(compared, ids, FileFormat(file_format), settings.municipality)
    deliver(data, output)
    since = f" den {clock.in_words(compared.before.on)}"
    click.echo(comparison.change_in_words(compared, since), err=True)
    if told := comparison.thresholds_in_words(compared):
        click.echo(told, err=True)
    for apart in (*compared.came, *compared.went, *compared.moved):
        click.echo(f"{apart.code} {apart.name}: {apart.reason}", err=True)


@measure.command()
def verify() -> None:
    """Kontrollera att varje mätning är som den frystes."""
    with database.snapshot(context.migrated_engine(context.settings())) as session:
        checks = measurements.check(session)
    faults = [fault for check in checks for fault in check.faults]
    tell_and_end(faults)
    click.echo(f"Alla mätningar är som de frystes. Antal: {len(checks)}.", err=True)


def tell_and_end(faults: list[str]) -> None:
    """Exit 1 with what is wrong, if anything is."""
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)


COMMANDS: tuple[click.Command, ...] = (measure,)
