"""Commands of the register of meetings."""

from pathlib import Path

import click

from elearn import csv_in, database
from elearn.cli import context
from elearn.content.rendering import builder
from elearn.database import LARGEST_ID
from elearn.errors import Invalid
from elearn.training import meeting_actions, meeting_files, meeting_reach
from elearn.training.meeting_credits import Credits

ALL = meeting_reach.EVERYTHING


@click.command("import-meetings")
@click.argument("file", type=click.Path(path_type=Path))
def import_meetings(file: Path) -> None:
    """Läs in moten.csv: fysiska utbildningar som har hållits. Skriver ut vilket nummer varje möte fick."""
    settings = context.settings()
    meetings = meeting_files.read_meetings(file)
    _warn(file, meetings.unknown)
    numbers = []
    with database.transaction(context.migrated_engine(settings)) as session:
        for row, meeting in meetings.rows:
            try:
                number = meeting_actions.register_meeting(session, context.deed(settings), ALL, meeting)
            except Invalid as refusal:
                for sentence in refusal.faults:
                    meetings.faults.add(row, sentence)
            else:
                numbers.append(f"{number};{meeting.held_on};{meeting.title}")
        csv_in.refuse(meetings.faults)
    for line in numbers:
        click.echo(line)


@click.command("import-attendance")
@click.argument("meeting_id", metavar="MÖTE", type=click.IntRange(1, LARGEST_ID))
@click.argument("file", type=click.Path(path_type=Path))
def import_attendance(meeting_id: int, file: Path) -> None:
    """Läs in vilka som var med på ett möte: en fil med kolumnen anställningsnr. MÖTE är mötets nummer."""
    settings = context.settings()
    listed = meeting_files.read_attendance(file)
    _warn(file, listed.unknown)
    catalog = builder.read_catalog(settings.courses_dir)
    with database.transaction(context.migrated_engine(settings)) as session:
        meeting = meeting_reach.meeting_in(session, ALL, meeting_id)
        persons = meeting_files.find_persons(session, listed, ALL, meeting)
        csv_in.refuse(listed.faults)
        outcome = meeting_actions.record_attendance(
            session, context.deed(settings), catalog, ALL, meeting_id, [one.person_id for one in persons]
        )
    new = "ny deltagare" if outcome.new_count == 1 else "nya deltagare"
    click.echo(f"{outcome.new_count} {new}, {outcome.there_count} fanns redan.", err=True)
    _tell(outcome.credits)


def _warn(file: Path, unknown: tuple[str, ...]) -> None:
    if unknown:
        click.echo(f"Varning: {file.name}: kolumnerna {', '.join(unknown)} används inte.", err=True)


def _tell(given: Credits) -> None:
    """What recognised meetings gave and took."""
    if given.new:
        click.echo(f"Tillgodoräknade kurser: {len(given.new)}.", err=True)
    if given.ended:
        click.echo(f"Kurser som inte längre är tillgodoräknade: {len(given.ended)}.", err=True)


COMMANDS: tuple[click.Command, ...] = (import_meetings, import_attendance)
