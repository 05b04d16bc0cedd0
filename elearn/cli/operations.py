"""Commands of the operations room."""

import sys
from pathlib import Path

import click

from elearn import clock
from elearn.cli import context
from elearn.errors import Invalid
from elearn.operations import backup as backups
from elearn.operations import doctor as doctors
from elearn.operations import restore as restoring
from elearn.operations import sealing
from elearn.operations.backup import Taken


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Filen att skriva till. Utan: en ny fil i ELEARN_BACKUP_DIR.",
)
def backup(output: Path | None) -> None:
    """Ta en säkerhetskopia medan servern är igång, och kontrollera den. För cron, varje natt."""
    settings = context.settings()
    if output is None and settings.backup_dir is None:
        raise Invalid("Säg var säkerhetskopian ska ligga: sätt ELEARN_BACKUP_DIR eller skriv --output FIL.")
    key = sealing.read_key(settings.backup_key_file)
    engine, deed = context.migrated_engine(settings), context.deed(settings)
    if output is not None:
        taken = backups.take(engine, deed, output, key)
    else:
        taken = backups.take_into(engine, deed, Path(settings.backup_dir or ""), key, settings.backup_keep)
    click.echo(taken.path)
    click.echo(told(taken, is_encrypted=key is not None), err=True)
    for finding in taken.findings:
        click.echo(f"Obs: {finding}", err=True)


def told(taken: Taken, *, is_encrypted: bool) -> str:
    """What was taken, in a sentence or three."""
    size = f"{taken.manifest.row_count} rader, {taken.byte_count} byte"
    first = f"Säkerhetskopian är tagen och kontrollerad: {size}."
    second = "Den är krypterad." if is_encrypted else "Den är inte krypterad."
    third = f" Gamla säkerhetskopior borttagna: {taken.removed_count}." if taken.removed_count else ""
    return f"{first} {second}{third}"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Återläs en säkerhetskopia till en tom databas. Alla inloggningar avslutas."""
    settings = context.settings()
    key = sealing.read_key(settings.backup_key_file)
    engine, deed = context.engine(settings), context.deed(settings)
    manifest = restoring.restore(engine, deed, file, key)
    click.echo(
        f"Säkerhetskopian från {manifest.head.taken_at:%Y-%m-%d %H:%M} UTC är återläst: {manifest.row_count} "
        "rader. Alla är utloggade. Starta om servern.",
        err=True,
    )
    tell(list(doctors.database_findings(engine, deed.now)))


@click.command()
def doctor() -> None:
    """Kontrollera databasen, inställningarna och säkerhetskopian. En rad för varje fel."""
    settings = context.settings()
    engine = context.engine(settings)
    tell(list(doctors.findings(settings, engine, clock.now(), context.today(settings))))


def tell(findings: list[str]) -> None:
    """A line for each, on standard error; then the command ends with 1."""
    for finding in findings:
        click.echo(finding, err=True)
    if findings:
        sys.exit(1)
    click.echo("Inga fel hittades.", err=True)


COMMANDS: tuple[click.Command, ...] = (backup, restore, doctor)
