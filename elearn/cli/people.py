"""``join``, ``import-exemptions`` and decisions about the target group: files from the departments."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Literal

import click

from elearn import database
from elearn.cli import context
from elearn.cli.reports import parse_date
from elearn.content.reading import reader
from elearn.directory import actions as directory_actions
from elearn.errors import Invalid
from elearn.training import decision_actions, decisions, exemptions, joining

FILE = click.Path(path_type=Path)


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
    join,
    import_exemptions,
    import_decisions,
    recall_exemption,
    end_decision,
)
