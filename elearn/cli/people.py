"""``import`` and ``import-exemptions``: files from the personnel system and from the departments."""

import sys
from pathlib import Path

import click

from elearn import database
from elearn.cli import context
from elearn.content import reader
from elearn.directory import actions as directory_actions
from elearn.directory import files as directory_files
from elearn.directory import plan as directory_plan
from elearn.directory.changes import Plan
from elearn.errors import Conflict
from elearn.training import exemption_actions, exemptions

FILE = click.Path(path_type=Path)


@click.command("import")
@click.argument("organisation", metavar="ORGANISATION.csv", type=FILE)
@click.argument("staff", metavar="PERSONAL.csv", type=FILE)
@click.option("--dry-run", is_flag=True, help="Visa varje ändring och skriv ingenting.")
@click.option(
    "--accept-ended", is_flag=True, help="Läs in även om mer än 10 procent skulle sluta eller stängas."
)
def import_command(organisation: Path, staff: Path, dry_run: bool, accept_ended: bool) -> None:
    """Läs in organisationen och personalen. Allt kontrolleras innan något skrivs."""
    settings = context.settings()
    engine, today = context.migrated_engine(settings), context.today(settings)
    roles = reader.read_roles(settings.courses_dir)
    with database.snapshot(engine) as session:
        stored_units = directory_actions.read_units(session)
    directory = directory_files.read_directory(organisation, staff, roles, stored_units, today)
    for warning in directory.warnings:
        click.echo(f"Varning: {warning}", err=True)
    if dry_run:
        with database.snapshot(engine) as session:
            show(
                directory_plan.make_plan(directory, directory_actions.read_stored(session), today),
                accept_ended,
            )
        return
    steps = click.progressbar(length=directory_actions.STEPS + 1, label="Läser in", file=sys.stderr)
    with steps as bar, database.transaction(engine) as session:
        directory_actions.wait_for_turn(session)
        plan = directory_plan.make_plan(directory, directory_actions.read_stored(session), today)
        refuse_braked(plan, accept_ended)
        bar.update(1)
        directory_actions.apply_plan(session, context.deed(settings), plan, lambda: bar.update(1))
    click.echo(f"Inläst: {plan.summary}", err=True)


def show(plan: Plan, accept_ended: bool) -> None:
    """Every change on standard output; what would stop the import, and the changes counted, in words."""
    for change in plan.changes:
        click.echo(change.sentence)
    for brake in plan.brakes:
        click.echo(
            f"{brake} Inläsningen {'görs ändå' if accept_ended else 'stannar här'} utan --dry-run.", err=True
        )
    click.echo(f"Ingenting är skrivet. Inläsningen skulle ge: {plan.summary}", err=True)


def refuse_braked(plan: Plan, accept_ended: bool) -> None:
    if plan.brakes and not accept_ended:
        advice = (
            "Är filerna hela? Ingenting är skrivet. Se ändringarna med --dry-run. Stämmer "
            "de: läs in med --accept-ended."
        )
        raise Conflict("\n".join([*plan.brakes, advice]))


@click.command("import-exemptions")
@click.argument("file", metavar="UNDANTAG.csv", type=FILE)
def import_exemptions(file: Path) -> None:
    """Läs in undantag: vilka som inte ska gå utbildningen, och när."""
    settings = context.settings()
    engine = context.migrated_engine(settings)
    read = exemptions.read_exemptions(file)
    if read.unknown:
        click.echo(f"Varning: {file.name}: kolumnen {', '.join(read.unknown)} används inte.", err=True)
    with database.transaction(engine) as session:
        directory_actions.wait_for_turn(session)
        count = exemption_actions.record_exemptions(session, context.deed(settings), read)
    click.echo(
        f"{count} {'nytt' if count == 1 else 'nya'} undantag, {len(read.rows) - count} fanns redan.", err=True
    )


COMMANDS: tuple[click.Command, ...] = (import_command, import_exemptions)
