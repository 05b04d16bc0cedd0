"""Commands that decide who may log in and what they may do: grant, revoke, set-password, invite."""

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import click

from elearn import csv_out, database
from elearn.cli import context
from elearn.errors import Invalid, Refused
from elearn.identity import actions, invitations, passwords
from elearn.identity import queries as identity_queries
from elearn.identity.queries import Invitee
from elearn.people import queries
from elearn.people.models import GRANTABLE_ROLES, AccessRole
from elearn.settings import Settings

BATCH = 500
HEADER = ("enhet", "namn", "anställningsnr", "kod")

number_argument = click.argument("number", metavar="ANSTÄLLNINGSNR")
role_argument = click.argument(
    "role", metavar="ROLE", type=click.Choice([role.value for role in GRANTABLE_ROLES])
)
unit_option = click.option("--unit", "unit_code", metavar="ENHETSKOD", help="Förvaltningen, för coordinator.")


@click.command()
@number_argument
@role_argument
@unit_option
def grant(number: str, role: str, unit_code: str | None) -> None:
    """Ge en behörighet: coordinator (med --unit), vpc, working-group eller administrator."""
    settings = context.settings()
    with database.transaction(context.migrated_engine(settings)) as session:
        is_new = actions.grant_role(session, context.deed(settings), number, AccessRole(role), unit_code)
    if is_new:
        click.echo(f"{number} har nu behörigheten {role}. Den som var inloggad får logga in igen.", err=True)
    else:
        click.echo(f"{number} hade redan behörigheten {role}. Inget är ändrat.", err=True)


@click.command()
@number_argument
@role_argument
@unit_option
def revoke(number: str, role: str, unit_code: str | None) -> None:
    """Ta bort en behörighet som har getts med grant."""
    settings = context.settings()
    with database.transaction(context.migrated_engine(settings)) as session:
        was_held = actions.revoke_role(session, context.deed(settings), number, AccessRole(role), unit_code)
    if was_held:
        click.echo(
            f"{number} har inte längre behörigheten {role}. Den som var inloggad får logga in igen.", err=True
        )
    else:
        click.echo(f"{number} hade inte behörigheten {role}. Inget är ändrat.", err=True)


@click.command("set-password")
@number_argument
def set_password(number: str) -> None:
    """Sätt en persons lösenord. Frågar två gånger, eller läser en rad från standard in."""
    settings = context.settings()
    engine = context.migrated_engine(settings)
    with database.snapshot(engine) as session:
        person = queries.person_by_number(session, number)
    password_hash = passwords.hash_chosen(_ask_password(person.name), person, settings.municipality)
    with database.transaction(engine) as session:
        actions.set_password(session, context.deed(settings), person.person_id, password_hash)
    click.echo(
        f"{person.name} ({number}) har fått ett nytt lösenord. Den som var inloggad får logga in igen.",
        err=True,
    )


def _ask_password(name: str) -> str:
    if not sys.stdin.isatty():
        try:
            return sys.stdin.readline(passwords.MAXIMUM_SENT + 2).removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            raise Invalid(passwords.UNREADABLE) from None
    while True:
        password = str(click.prompt(f"Nytt lösenord för {name}", hide_input=True, err=True))
        if password == click.prompt("Samma lösenord en gång till", hide_input=True, err=True):
            return password
        click.echo("De två lösenorden är inte lika. Försök igen.", err=True)


@click.command()
@click.option("--unit", "unit_code", metavar="ENHETSKOD", help="Bara enheten och det som ligger under den.")
@click.option(
    "--person",
    "number",
    metavar="ANSTÄLLNINGSNR",
    help="Bara den personen, också den som har glömt sitt lösenord.",
)
@click.option(
    "--output", required=True, metavar="FIL.csv", type=click.Path(path_type=Path), help="Ny fil för koderna."
)
def invite(unit_code: str | None, number: str | None, output: Path) -> None:
    """Skapa engångskoder för alla som saknar lösenord, att lämna ut av chefen. En ny kod ersätter den
    gamla."""
    if unit_code and number:
        raise click.UsageError("Ange --unit eller --person, inte båda.")
    settings = context.settings()
    with _private_file(output) as file:
        with database.transaction(context.migrated_engine(settings)) as session:
            invitees = _invitees(session, unit_code, number, settings)
            batches = [invitees[start : start + BATCH] for start in range(0, len(invitees), BATCH)]
            with click.progressbar(batches, label="Skapar koder", file=sys.stderr) as bar:
                handouts = [
                    handout
                    for batch in bar
                    for handout in actions.create_invitations(session, context.deed(settings), batch)
                ]
        rows = [(handout.unit, handout.name, handout.number, handout.code) for handout in handouts]
        file.write(csv_out.write_csv(HEADER, rows))
    click.echo(
        f"Antal koder: {len(rows)}. De finns i {output} och gäller i {invitations.LIFETIME.days} dagar.",
        err=True,
    )
    click.echo("Den som har filen kan öppna kontona. Radera den när koderna är utlämnade.", err=True)


def _invitees(
    session: database.Session, unit_code: str | None, number: str | None, settings: Settings
) -> Sequence[Invitee]:
    on, use = context.today(settings), settings.passwords
    if number:
        return (identity_queries.person_to_invite(session, number, on, use),)
    return identity_queries.people_to_invite(session, unit_code, on, use)


@contextlib.contextmanager
def _private_file(path: Path) -> Iterator[BinaryIO]:
    """A new file that nobody but its owner may read. It is removed again when the work fails."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        raise Refused(
            f"{path} finns redan. Ange en fil som inte finns, så att inga koder skrivs över."
        ) from None
    except OSError as error:
        raise Refused(f"{path} går inte att skapa: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refused(
            f"{path} gick inte att skriva: {error.strerror}. Kör igen: nya koder ersätter de förra."
        ) from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


COMMANDS: tuple[click.Command, ...] = (grant, revoke, set_password, invite)
