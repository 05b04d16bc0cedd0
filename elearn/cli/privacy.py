"""Commands that follow from the law: what is stored about somebody, erasing, and what is given out."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from elearn import database
from elearn.cli import context
from elearn.cli.files import Decorator, private_file
from elearn.cli.reports import parse_date
from elearn.errors import Refused
from elearn.operations import disclosure, scrub
from elearn.operations import erase as erasing
from elearn.operations import extract as extracting
from elearn.operations.erase import Erasure, Mention
from elearn.people import queries

number_argument = click.argument("number", metavar="ANSTÄLLNINGSNR")


def new_file_option(metavar: str) -> Decorator:
    """``--output``: a file that must not be there yet."""
    kind = click.Path(path_type=Path)
    return click.option("--output", required=True, metavar=metavar, type=kind, help="Ny fil att skriva till.")


ROWS = {
    "employment": "anställningar",
    "attempt": "försök, utan svar",
    "lesson_completion": "avsnitt som är klara",
    "completion": "genomförda och tillgodoräknade kurser",
    "target_decision": "beslut om målgruppen, utan skäl",
    "meeting_attendance": "närvaro på möten",
    "login_session": "inloggningar",
    "invitation": "koder",
    "access_grant": "behörigheter",
    "unit_manager": "enheter som chef",
    "lesson_draft": "påbörjade avsnitt",
}
BACKUPS = (
    "Säkerhetskopior från tidigare har kvar uppgifterna. Radera dem när de inte behövs, eller låt dem gå ut "
    "som vanligt. Läses en sådan kopia in igen: radera på nytt, med samma beslut."
)
NOT_SCRUBBED = (
    "Personen är raderad, men databasen användes hela tiden, och gamla kopior kan ligga kvar i filen. Kör "
    "när ingen använder den: elearn erase {number} --decision …"
)


@click.command()
@number_argument
@click.option("--decision", required=True, metavar="BETECKNING", help="Beslutet, till exempel diarienumret.")
@click.option("--confirm", metavar="ANSTÄLLNINGSNR", help="Numret en gång till, för skript utan terminal.")
def erase(number: str, decision: str, confirm: str | None) -> None:
    """Radera en person som har slutat: namn, nummer, e-post och allt som har skrivits om personen. Siffrorna
    står kvar. Det går inte att ångra."""
    settings = context.settings()
    engine = context.migrated_engine(settings)
    erasing.checked_reference(decision)
    with database.snapshot(engine) as session:
        plan = erasing.plan_erasure(session, number, context.today(settings))
    tell_plan(plan)
    if not plan.is_done:
        refuse_unconfirmed(number, confirm)
    with database.transaction(engine) as session:
        mentions = erasing.erase_person(session, context.deed(settings), number, decision)
    engine.dispose()
    tell_mentions(mentions)
    called = erasing.erased_number(plan.person.person_id)
    if not scrub.scrub(engine):
        raise Refused(NOT_SCRUBBED.format(number=called))
    click.echo(f"Personen är raderad och heter nu {called}. Beslutet står i journalen.", err=True)
    click.echo(BACKUPS, err=True)


@click.command()
@number_argument
@new_file_option("FIL.json")
def extract(number: str, output: Path) -> None:
    """Registerutdrag: allt som är sparat om en person, som JSON. Det står i journalen."""
    settings = context.settings()
    engine, deed = context.migrated_engine(settings), context.deed(settings)
    with private_file(output, "Kör igen.") as file:
        with database.transaction(engine) as session:
            person = queries.person_by_number(session, number)
            found = extracting.extract_person(session, settings, person.person_id, deed.now)
            extracting.record_extract(session, deed, person.person_id)
        file.write(extracting.to_json(found))
    click.echo(f"Registerutdraget finns i {output}. Lämna det bara till personen själv.", err=True)


@click.command()
@new_file_option("FIL.csv")
@click.option("--as-of", metavar="DATUM", help="De som var anställda den dagen. Utan: i dag.")
@click.option("--decision", metavar="BETECKNING", help="Begäran eller beslutet, till exempel diarienumret.")
def disclose(output: Path, as_of: str | None, decision: str | None) -> None:
    """Underlag när någon begär ut allmänna handlingar: vilka kurser de anställda har gått, per enhet. Den som
    har skyddade personuppgifter är maskerad. Det står i journalen."""
    settings = context.settings()
    reference = None if decision is None else erasing.checked_reference(decision)
    engine, deed = context.migrated_engine(settings), context.deed(settings)
    day = deed.today if as_of is None else parse_date(as_of)
    with private_file(output, "Kör igen.") as file:
        with database.transaction(engine) as session:
            rows = disclosure.disclosed(session, day)
            disclosure.record_disclosure(session, deed, day, rows, reference)
        file.write(disclosure.to_csv(rows))
    masked = sum(row.is_masked for row in rows)
    click.echo(f"Antal rader: {len(rows)}, varav maskerade: {masked}. De finns i {output}.", err=True)
    click.echo(
        "Lämna inte ut filen utan prövning: kommunen avgör vad som är offentligt (tryckfrihetsförordningen "
        "2 kap., offentlighets- och sekretesslagen 21 och 39 kap.).",
        err=True,
    )


def tell_plan(plan: Erasure) -> None:
    """What will happen, in words."""
    if plan.is_done:
        click.echo("Personen är redan raderad. Databasens filer skrivs om en gång till.", err=True)
        return
    who = f"{plan.person.label} ({plan.person.number})"
    click.echo(f"{who} raderas: namn, nummer, e-post och lösenord.", err=True)
    for what, counts in (("Tas bort", plan.removed), ("Står kvar utan namn", plan.kept)):
        tables = [*(name for name in ROWS if name in counts), *sorted(counts.keys() - ROWS.keys())]
        told = ", ".join(f"{ROWS.get(name, name)} {counts[name]}" for name in tables if counts[name])
        click.echo(f"{what}: {told or 'inget'}.", err=True)
    if len(plan.ids) > 1:
        click.echo("Personens tidigare anställningsnummer raderas på samma gång.", err=True)


def refuse_unconfirmed(number: str, confirm: str | None) -> None:
    """Ask for the number once more, at a terminal. Raises ``Refused`` when it is another, or nobody is there
    to ask."""
    if confirm is None:
        if not sys.stdin.isatty():
            raise Refused("Ingenting är raderat. Bekräfta med --confirm ANSTÄLLNINGSNR.")
        confirm = str(click.prompt("Skriv numret en gång till för att radera", err=True))
    if confirm.strip() != number:
        raise Refused("Numren är inte lika. Ingenting är raderat.")


def tell_mentions(mentions: Iterable[Mention]) -> None:
    for one in mentions:
        click.echo(
            f"Varning: namnet, numret eller e-postadressen står också i {one.table}.{one.column}, som någon "
            f"har skrivit. Antal rader: {one.row_count}. De ändras inte.",
            err=True,
        )


COMMANDS: tuple[click.Command, ...] = (extract, erase, disclose)
