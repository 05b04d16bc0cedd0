"""Commands of the training room."""

import contextlib
from pathlib import Path

import click

from elearn import clock, database
from elearn.cli import context
from elearn.cli.files import deliver, format_option, output_option
from elearn.cli.reports import parse_date
from elearn.content.reading import reader
from elearn.content.rendering import builder
from elearn.errors import Invalid, Refused
from elearn.identity import logins
from elearn.journal.deed import Deed, system
from elearn.operations import erase, retention, scrub
from elearn.reports import results
from elearn.training import actions, recognition, recognition_actions

NOT_SCRUBBED = (
    "Personerna är raderade, men databasen användes hela tiden, och gamla kopior kan ligga kvar i filen. Kör "
    "när ingen använder den: elearn erase raderad-… --decision …"
)


@click.command("import-completions")
@click.argument("file", type=click.Path(path_type=Path))
def import_completions(file: Path) -> None:
    """Läs in genomforda.csv: utbildning på annat håll som ni tillgodoräknar."""
    settings = context.settings()
    catalog = builder.read_catalog(settings.courses_dir)
    recognitions = recognition.read_recognitions(file, catalog, context.today(settings))
    if recognitions.unknown:
        click.echo(
            f"Varning: {file.name}: kolumnerna {', '.join(recognitions.unknown)} används inte.", err=True
        )
    with database.transaction(context.migrated_engine(settings)) as session:
        recorded = recognition_actions.record_recognitions(
            session, context.deed(settings), recognitions, catalog
        )
    new = "ny tillgodoräknad" if recorded.new_count == 1 else "nya tillgodoräknade"
    click.echo(f"{recorded.new_count} {new}, {recorded.there_count} fanns redan.", err=True)
    if recorded.recalled_count:
        what = "återkallad" if recorded.recalled_count == 1 else "återkallade"
        advice = "Ska en av dem ändå gälla: skriv en annan källa på raden och läs in filen igen."
        click.echo(f"{recorded.recalled_count} av dem är {what} och räknas inte. {advice}", err=True)


@click.command()
@click.argument("number", metavar="ANSTÄLLNINGSNR")
@click.argument("course", metavar="KURS")
@click.argument("completed_on", metavar="DATUM")
@click.option("--reason", required=True, help="Varför den återkallas. Det sparas.")
@click.option("--source", help="Källan, om det finns flera den dagen.")
def recall(number: str, course: str, completed_on: str, reason: str, source: str | None) -> None:
    """Återkalla en felaktigt tillgodoräknad kurs: den räknas inte längre någonstans."""
    if not reason.strip():
        raise Invalid("Skriv varför den återkallas, med --reason.")
    settings = context.settings()
    with database.transaction(context.migrated_engine(settings)) as session:
        day, deed = parse_date(completed_on), context.deed(settings)
        recalled = recognition_actions.recall_completion(
            session, deed, number, course, day, source, reason.strip()
        )
    click.echo(f"Återkallad: {number}, {course}, {completed_on} ({recalled}).", err=True)


@click.command("export-completions")
@click.option("--since", help="Bara det som är nytt, ändrat eller återkallat från och med den dagen.")
@click.option(
    "--with-protected",
    is_flag=True,
    help="Också dem med skyddade personuppgifter, om mottagaren har dem.",
)
@format_option("csv", "xlsx")
@output_option
def export_completions(
    since: str | None, with_protected: bool, file_format: str, output: Path | None
) -> None:
    """Genomförda kurser tillbaka till personalsystemet: nummer, kurs, kompetens, datum och giltig till."""
    settings = context.settings()
    first_day = None if since is None else parse_date(since)
    heads = reader.read_heads(settings.courses_dir)
    competences = {course.slug: course.competence for course in heads}
    with database.transaction(context.migrated_engine(settings)) as session:
        exported = results.results(session, competences, first_day, with_protected=with_protected)
        results.record_export(session, context.deed(settings), exported, first_day, file_format)
        deliver(results.to_file(exported, first_day, file_format, settings.municipality), output)
    if exported.left_out:
        one = "1 rad är inte med: numret har gått till någon annan."
        several = f"{exported.left_out} rader är inte med: numren har gått till andra."
        click.echo(one if exported.left_out == 1 else several, err=True)
    if exported.protected:
        click.echo(
            f"Rader om personer med skyddade uppgifter: {exported.protected}. De är inte med. Ska mottagaren "
            "ha dem: kör med --with-protected.",
            err=True,
        )


@click.command()
@click.option("--dry-run", is_flag=True, help="Visa vad som skulle raderas, och radera inget.")
@click.option(
    "--decision",
    metavar="BETECKNING",
    help="Beslutet som raderar dem som slutade för länge sedan (ELEARN_KEEP_LEFT_DAYS).",
)
def tidy(dry_run: bool, decision: str | None) -> None:
    """Radera det vars tid är ute: svar, gamla inloggningar och inbjudningar (för cron), och med ett beslut
    personer som slutade för länge sedan."""
    settings = context.settings()
    if decision is not None:
        decision = erase.checked_reference(decision)
    engine, keep = context.migrated_engine(settings), settings.keep_left_days
    deed = Deed(system("tidy"), clock.now(), context.today(settings))
    with _turn(engine, dry_run=dry_run) as session:
        attempt_count = actions.erase_due_answers(session, deed)
        login_count = logins.forget_old(session, deed.now)
        retention.record_tidying(session, deed, attempt_count, login_count)
        left_count = len(retention.left_long_ago(session, deed.today, keep)) if keep else 0
        erases = bool(decision and keep and left_count)
        if decision and keep:
            retention.erase_left(session, deed, keep, decision)
    click.echo(f"Svar raderade från {attempt_count} försök.", err=True)
    click.echo(f"Gamla inloggningar och inbjudningar raderade: {login_count}.", err=True)
    _tell_left(keep, left_count, decision)
    if dry_run:
        click.echo("Ingenting är raderat: det här är vad som skulle raderas.", err=True)
    elif erases and not scrub.scrub(engine):
        raise Refused(NOT_SCRUBBED)


def _turn(engine: database.Engine, *, dry_run: bool) -> contextlib.AbstractContextManager[database.Session]:
    """A transaction; of a dry run one that is never committed."""
    return database.open_session(engine, writes=True) if dry_run else database.transaction(engine)


def _tell_left(keep_days: int | None, count: int, decision: str | None) -> None:
    if keep_days is None:
        if decision:
            click.echo("Ingen person raderas: ELEARN_KEEP_LEFT_DAYS är inte satt.", err=True)
        return
    told = f"Personer som slutade för mer än {keep_days} dagar sedan: {count}."
    click.echo(f"{told} De är raderade." if decision and count else told, err=True)
    if count and not decision:
        click.echo("De raderas med: elearn tidy --decision BETECKNING", err=True)


COMMANDS: tuple[click.Command, ...] = (import_completions, recall, export_completions, tidy)
