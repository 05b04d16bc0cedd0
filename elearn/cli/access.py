"""Commands that decide who may log in and what they may do: grant, revoke, set-password, invite."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from elearn import csv_out, database
from elearn.cli import context
from elearn.cli.files import private_file
from elearn.errors import Invalid
from elearn.identity import actions, invitations, passwords
from elearn.identity import queries as identity_queries
from elearn.identity.actions import Handout
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
    """Ge en behörighet: coordinator (med --unit), vpc, working-group, administrator eller auditor."""
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
    password_hash = passwords.hash_chosen(_ask_password(person.label), person, settings.municipality)
    with database.transaction(engine) as session:
        actions.set_password(session, context.deed(settings), person.person_id, password_hash)
    who = number if person.is_protected else f"{person.name} ({number})"
    click.echo(f"{who} har fått ett nytt lösenord. Den som var inloggad får logga in igen.", err=True)


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
    with private_file(output, "Kör igen: nya koder ersätter de förra.") as file:
        with database.transaction(context.migrated_engine(settings)) as session:
            invitees = _invitees(session, unit_code, number, settings)
            left_out = _left_out(session, unit_code, number, settings)
            batches = [invitees[start : start + BATCH] for start in range(0, len(invitees), BATCH)]
            with click.progressbar(batches, label="Skapar koder", file=sys.stderr) as bar:
                handouts = [
                    handout
                    for batch in bar
                    for handout in actions.create_invitations(session, context.deed(settings), batch)
                ]
        rows = [_row(invitee, handout) for invitee, handout in zip(invitees, handouts, strict=True)]
        file.write(csv_out.write_csv(HEADER, rows))
    click.echo(
        f"Antal koder: {len(rows)}. De finns i {output} och gäller i {invitations.LIFETIME.days} dagar.",
        err=True,
    )
    click.echo("Den som har filen kan öppna kontona. Radera den när koderna är utlämnade.", err=True)
    if left_out:
        click.echo(
            f"Med skyddade personuppgifter och därför inte i filen: {left_out}. VPC lämnar ut de koderna. "
            "Gör var och en med: elearn invite --person ANSTÄLLNINGSNR --output FIL.csv",
            err=True,
        )


def _row(invitee: Invitee, handout: Handout) -> tuple[str, str, str, str]:
    """Of a protected identity the code alone: whoever hands it over knows whose it is (S52)."""
    if invitee.person.is_protected:
        return "", "", "", handout.code
    return handout.unit, handout.name, handout.number, handout.code


def _left_out(
    session: database.Session, unit_code: str | None, number: str | None, settings: Settings
) -> int:
    on, use = context.today(settings), settings.passwords
    return 0 if number else identity_queries.protected_to_invite(session, unit_code, on, use)


def _invitees(
    session: database.Session, unit_code: str | None, number: str | None, settings: Settings
) -> Sequence[Invitee]:
    on, use = context.today(settings), settings.passwords
    if number:
        return (identity_queries.person_to_invite(session, number, on, use),)
    return identity_queries.people_to_invite(session, unit_code, on, use)


COMMANDS: tuple[click.Command, ...] = (grant, revoke, set_password, invite)
