"""``measure``: freeze, list, show, compare and verify measurements (measure.md, "Measurements")."""

import sys

import click

from elearn import clock, database
from elearn.cli import context
from elearn.cli.reports import parse_date
from elearn.content.reading import reader
from elearn.errors import Invalid, Refused
from elearn.reports import comparison, measurement_actions, measurement_files, measurements
from elearn.training import curriculum

FORMATS = click.Choice(["csv", "json"])


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
@click.option(
    "--format", "file_format", type=FORMATS, default="csv", show_default=True, help="Filens format."
)
def list_all(file_format: str) -> None:
    """Alla mätningar med måttet, den äldsta först."""
    found, faults = [], []
    with database.snapshot(context.migrated_engine(context.settings())) as session:
        for id in measurements.ids(session):
            try:
                found.append(measurements.load(session, id))
            except Refused as refusal:
                faults.append(str(refusal))
    as_file = measurement_files.list_to_csv if file_format == "csv" else measurement_files.list_to_json
    click.echo(as_file(found), nl=False)
    tell_and_end(faults)


@measure.command()
@click.argument("id", metavar="NUMMER", type=int)
@click.option(
    "--format", "file_format", type=FORMATS, default="csv", show_default=True, help="Filens format."
)
def show(id: int, file_format: str) -> None:
    """En mätnings alla rader, som de frystes."""
    with database.snapshot(context.migrated_engine(context.settings())) as session:
        one = measurements.load(session, id)
    if not one.is_whole:
        click.echo(f"Mätning {id} är ändrad sedan den frystes: kontrollsumman stämmer inte.", err=True)
    text = measurement_files.to_csv(one) if file_format == "csv" else measurement_files.to_json(one).encode()
    click.echo(text, nl=False)


@measure.command()
@click.argument("one", metavar="NUMMER", type=int)
@click.argument("other", metavar="NUMMER", type=int)
@click.option(
    "--format", "file_format", type=FORMATS, default="csv", show_default=True, help="Filens format."
)
def compare(one: int, other: int, file_format: str) -> None:
    """Två mätningar bredvid varandra, per förvaltning och enhet."""
    if one == other:
        raise Invalid("Det är samma mätning. Skriv två olika nummer.")
    with database.snapshot(context.migrated_engine(context.settings())) as session:
        found = sorted(
            (measurements.load(session, id) for id in (one, other)), key=lambda each: (each.on, each.id)
        )
    compared = comparison.compare(found[0].coverage, found[1].coverage)
    ids = (found[0].id, found[1].id)
    if file_format == "csv":
        click.echo(measurement_files.comparison_to_csv(compared), nl=False)
    else:
        click.echo(measurement_files.comparison_to_json(compared, ids), nl=False)
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
