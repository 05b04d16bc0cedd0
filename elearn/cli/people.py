"""``import`` and ``import-exemptions``: files from the personnel system and from the departments."""

import datetime as dt
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Literal

import click

from elearn import database
from elearn.cli import context
from elearn.cli.reports import parse_date
from elearn.content.reading import reader
from elearn.directory import actions as directory_actions
from elearn.directory import files as directory_files
from elearn.directory.changes import BrakeKind, Plan
from elearn.directory.holders import Choices
from elearn.directory.rows import Directory
from elearn.errors import Conflict, Invalid
from elearn.identity import ending
from elearn.training import decision_actions, decisions, exemptions, joining

FILE = click.Path(path_type=Path)


@click.command("import")
@click.argument("organisation", metavar="ORGANISATION.csv", type=FILE)
@click.argument("staff", metavar="PERSONAL.csv", type=FILE)
@click.option("--dry-run", is_flag=True, help="Visa varje ändring och skriv ingenting.")
@click.option(
    "--accept-ended", is_flag=True, help="Läs in även om mer än 10 procent skulle sluta eller stängas."
)
@click.option(
    "--accept-changed",
    is_flag=True,
    help="Läs in även om mer än 10 procent skulle ändras: namn, e-post, enhet, yrkesroll eller chef.",
)
@click.option(
    "--same-person", metavar="NUMMER", multiple=True, help="Numret är samma person, trots andra uppgifter."
)
@click.option("--new-person", metavar="NUMMER", multiple=True, help="Numret har gått till någon annan.")
@click.option(
    "--same-unit",
    metavar="KOD",
    multiple=True,
    help="Koden är samma enhet, trots annat namn och annan plats.",
)
def import_command(
    organisation: Path,
    staff: Path,
    dry_run: bool,
    accept_ended: bool,
    accept_changed: bool,
    same_person: tuple[str, ...],
    new_person: tuple[str, ...],
    same_unit: tuple[str, ...],
) -> None:
    """Läs in organisationen och personalen. Allt kontrolleras innan något skrivs."""
    settings = context.settings()
    engine, deed = context.migrated_engine(settings), context.deed(settings)
    roles = reader.read_roles(settings.courses_dir)
    files = directory_files.read_files(organisation, staff, roles)
    choices = Choices(frozenset(same_person), frozenset(new_person), frozenset(same_unit))
    accepted = {BrakeKind.ENDED} if accept_ended else set[BrakeKind]()
    accepted |= {BrakeKind.CHANGED} if accept_changed else set[BrakeKind]()
    if dry_run:
        with database.snapshot(engine) as session:
            directory, plan = directory_actions.prepare(session, files, deed.today, choices)
        warn(directory, plan)
        show(plan, accepted)
        return
    steps = click.progressbar(length=directory_actions.STEPS + 1, label="Läser in", file=sys.stderr)
    with database.transaction(engine) as session:
        directory_actions.lock_imports(session)
        directory, plan = directory_actions.prepare(session, files, deed.today, choices)
        warn(directory, plan)
        refuse_braked(plan, accepted)
        with steps as bar:
            bar.update(1)
            directory_actions.apply_plan(session, deed, plan, ending.end_access, lambda: bar.update(1))
    click.echo(f"Inläst: {plan.summary}", err=True)


def warn(directory: Directory, plan: Plan) -> None:
    for warning in (*directory.warnings, *plan.warnings):
        click.echo(f"Varning: {warning}", err=True)


def show(plan: Plan, accepted: Collection[BrakeKind]) -> None:
    """Every change on standard output; what would stop the import, and the changes counted, in words."""
    for change in plan.changes:
        click.echo(change.sentence)
    for brake in plan.brakes:
        outcome = "görs ändå" if brake.kind in accepted else "stannar här"
        click.echo(f"{brake.sentence} Inläsningen {outcome} utan --dry-run.", err=True)
    click.echo(f"Ingenting är skrivet. Inläsningen skulle ge: {plan.summary}", err=True)


def refuse_braked(plan: Plan, accepted: Collection[BrakeKind]) -> None:
    brakes = [brake for brake in plan.brakes if brake.kind not in accepted]
    if brakes:
        options = dict.fromkeys(brake.kind.value for brake in brakes)
        advice = (
            "Är filerna hela? Ingenting är skrivet. Se ändringarna med --dry-run. Stämmer "
            f"de: läs in med {' och '.join(options)}"
        )
        raise Conflict("\n".join([*(brake.sentence for brake in brakes), advice]))


@click.command()
@click.argument("old", metavar="GAMMALT")
@click.argument("new", metavar="NYTT")
def join(old: str, new: str) -> None:
    """Slå ihop två anställningsnummer som är samma person. Det går inte att ångra."""
    settings = context.settings()
    engine = context.migrated_engine(settings)
    with database.transaction(engine) as session:
        directory_actions.lock_imports(session)
        joining.join_persons(session, context.deed(settings), old, new)
    click.echo(f"{new} har nu allt som {old} hade.", err=True)


@click.command("import-exemptions")
@click.argument("file", metavar="UNDANTAG.csv", type=FILE)
def import_exemptions(file: Path) -> None:
    """Läs in undantag: vilka som inte ska gå utbildningen, och när."""
    settings = context.settings()
    engine = context.migrated_engine(settings)
    read = exemptions.read_exemptions(file)
    warn_of_columns(file, read.unknown)
    with database.transaction(engine) as session:
        directory_actions.lock_imports(session)
        done = exemptions.record_exemptions(session, context.deed(settings), read)
    new = "nytt" if done.new_count == 1 else "nya"
    click.echo(f"{done.new_count} {new} undantag, {done.there_count} fanns redan.", err=True)
    if done.corrected_count:
        click.echo(f"{done.corrected_count} har rättats: det förra är kvar som misstag.", err=True)
    if done.recalled_count:
        what = "rättat eller återkallat" if done.recalled_count == 1 else "rättade eller återkallade"
        click.echo(f"{done.recalled_count} är {what} och gäller bara med ett annat skäl.", err=True)


@click.command("import-decisions")
@click.argument("file", metavar="MALGRUPP.csv", type=FILE)
def import_decisions(file: Path) -> None:
    """Läs in beslut om målgruppen: vilka enheter, befattningar och personer som ingår eller är undantagna."""
    settings = context.settings()
    engine = context.migrated_engine(settings)
    read = decisions.read_decisions(file, reader.read_roles(settings.courses_dir))
    warn_of_columns(file, read.unknown)
    with database.transaction(engine) as session:
        directory_actions.lock_imports(session)
        done = decisions.record_decisions(session, context.deed(settings), read)
    new = "nytt" if done.new_count == 1 else "nya"
    for warning in done.warnings:
        click.echo(f"Varning: {file.name}: {warning}", err=True)
    click.echo(f"{done.new_count} {new} beslut, {done.there_count} fanns redan.", err=True)
    if done.corrected_count:
        click.echo(f"{done.corrected_count} har fått ett annat skäl eller beslut av.", err=True)


def warn_of_columns(file: Path, unknown: Collection[str]) -> None:
    if unknown:
        click.echo(f"Varning: {file.name}: kolumnen {', '.join(unknown)} används inte.", err=True)


@click.command("recall-exemption")
@click.argument("number", metavar="ANSTÄLLNINGSNR")
@click.option("--unit", metavar="ENHETSKOD", help='Enheten, om det finns flera. "" = alla enheter.')
@click.option("--from", "starts_on", metavar="DATUM", help='Första dagen, om det finns flera. "" = utan dag.')
@click.option("--reason", required=True, help="Varför det återkallas. Det sparas.")
def recall_exemption(number: str, unit: str | None, starts_on: str | None, reason: str) -> None:
    """Återkalla ett undantag: det gäller inte för någon dag, men står kvar med skälet."""
    if not reason.strip():
        raise Invalid("Skriv varför det återkallas, med --reason.")
    settings = context.settings()
    day = _first_day(starts_on)
    with database.transaction(context.migrated_engine(settings)) as session:
        exemptions.recall_exemption(session, context.deed(settings), number, unit, day, reason.strip())
    click.echo(f"Undantaget för {number} är återkallat.", err=True)


@click.command("end-decision")
@click.argument("number", metavar="BESLUT", type=click.IntRange(1, 2**31 - 1))
@click.argument("last_day", metavar="DATUM")
def end_decision(number: int, last_day: str) -> None:
    """Avsluta ett beslut om målgruppen: dess sista dag, tidigast i går. Det görs en gång."""
    settings = context.settings()
    day = parse_date(last_day)
    with database.transaction(context.migrated_engine(settings)) as session:
        decision_actions.end_decision(session, context.deed(settings), None, number, day)
    click.echo(f"Beslut {number} gäller till och med {last_day}.", err=True)


def _first_day(text: str | None) -> dt.date | Literal[""] | None:
    """None when it is not said; empty = the exemption without a first day."""
    if text is None:
        return None
    return parse_date(text) if text else ""


COMMANDS: tuple[click.Command, ...] = (
    import_command,
    join,
    import_exemptions,
    import_decisions,
    recall_exemption,
    end_decision,
)
