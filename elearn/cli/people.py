"""``import`` and ``import-exemptions``: files from the personnel system and from the departments."""

import sys
from pathlib import Path

import click

from elearn import clock, database
from elearn.cli import context
from elearn.content import reader
from elearn.errors import Conflict
from elearn.people import directory_actions, directory_files, directory_plan, exemptions
from elearn.people.directory_changes import Plan

FILE = click.Path(path_type=Path)


@click.command("import")
@click.argument("organisation", type=FILE)
@click.argument("staff", type=FILE)
@click.option("--dry-run", is_flag=True, help="Visa varje ändring och skriv ingenting.")
@click.option("--accept-ended", is_flag=True, help="Läs in även om mer än 10 procent skulle sluta eller stängas.")
def import_command(organisation: Path, staff: Path, dry_run: bool, accept_ended: bool) -> None:
    """Läs in organisation.csv och personal.csv. Allt kontrolleras innan något skrivs."""
    settings = context.settings()
    engine, today = context.engine(settings), context.today(settings)
    roles = reader.read_catalog(settings.courses_dir).required_courses()
    with database.snapshot(engine) as session:
        externals = directory_actions.external_codes(session)
    directory = directory_files.read_directory(organisation, staff, roles, externals)
    for warning in directory.warnings:
        click.echo(f"Varning: {warning}", err=True)
    if dry_run:
        with database.snapshot(engine) as session:
            show(directory_plan.make_plan(directory, directory_actions.read_stored(session), today))
        return
    with (
        click.progressbar(length=directory_actions.STEPS + 1, label="Läser in", file=sys.stderr) as bar,
        database.transaction(engine) as session,
    ):
        plan = directory_plan.make_plan(directory, directory_actions.read_stored(session), today)
        refuse_braked(plan, accept_ended)
        bar.update(1)
        directory_actions.apply_plan(session, plan, lambda: bar.update(1))
    click.echo(summary(plan), err=True)


def show(plan: Plan) -> None:
    """Every change on standard output; what would stop the import, and the summary, in words."""
    for line in plan.lines:
        click.echo(line)
    for brake in plan.brakes:
        click.echo(f"Bromsen: {brake}", err=True)
    click.echo(f"Ingenting är skrivet. {summary(plan)}", err=True)


def refuse_braked(plan: Plan, accept_ended: bool) -> None:
    if plan.brakes and not accept_ended:
        advice = "Är filen hel? Ingenting är skrivet. Stämmer det ändå: läs in igen med --accept-ended."
        raise Conflict("\n".join([*plan.brakes, advice]))


def summary(plan: Plan) -> str:
    if not plan.count:
        return "Inget har ändrats sedan förra inläsningen."
    counts = (
        (len(plan.units_to_add), "nya enheter"),
        (len(plan.units_to_change), "ändrade enheter"),
        (len(plan.units_to_close), "stängda enheter"),
        (len(plan.persons_to_add), "nya personer"),
        (len(plan.persons_to_change), "personer med nya uppgifter"),
        (len(plan.jobs_to_add), "nya anställningar"),
        (len(plan.jobs_to_change), "ändrade anställningar"),
        (len(plan.jobs_to_remove), "borttagna anställningar"),
        (len(plan.managers_to_add) + len(plan.managers_to_remove), "ändrade chefskap"),
    )
    return "Ändringar: " + ", ".join(f"{count} {what}" for count, what in counts if count) + "."


@click.command("import-exemptions")
@click.argument("file", type=FILE)
def import_exemptions(file: Path) -> None:
    """Läs in undantag.csv: vilka som inte ska gå utbildningen, och när."""
    faults, rows = exemptions.read_exemptions(file)
    with database.transaction(context.engine(context.settings())) as session:
        count = exemptions.record_exemptions(session, rows, faults, clock.now())
    click.echo(f"{count} nya undantag, {len(rows) - count} fanns redan.", err=True)


COMMANDS: tuple[click.Command, ...] = (import_command, import_exemptions)
