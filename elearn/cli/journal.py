"""Commands of the journal room."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from elearn import clock, csv_out, database
from elearn.cli import context
from elearn.cli.files import deliver, format_option, output_option
from elearn.cli.reports import parse_date
from elearn.journal import chain, queries
from elearn.people import log


@click.group()
def journal() -> None:
    """Journalen över beslut: vem som gjorde vad, och när."""


@journal.command()
def verify() -> None:
    """Kontrollera att ingen post i journalen är ändrad, borttagen eller flyttad."""
    count, last_hash = 0, chain.START

    def counted() -> Iterator[chain.Link]:
        nonlocal count, last_hash
        for entry in queries.entries(session):
            count, last_hash = count + 1, entry.hash
            yield entry

    with database.snapshot(context.migrated_engine(context.settings())) as session:
        faults = chain.faults(counted())
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    click.echo(
        f"Journalen är hel. Antal poster: {count}. Den sista postens kontrollsumma: {last_hash}", err=True
    )
    click.echo(
        "Spara kontrollsumman på annat håll: då märks det också om de sista posterna tas bort.", err=True
    )


HEADER = ("nummer", "tidpunkt", "aktör", "slag", "uppgifter", "förra kontrollsumman", "kontrollsumma")
KEYS = ("id", "recorded_at", "actor", "kind", "details", "previous_hash", "hash")


@journal.command()
@click.option("--since", metavar="DATUM", help="Bara poster från och med den dagen.")
@format_option("csv", "json")
@output_option
def export(since: str | None, file_format: str, output: Path | None) -> None:
    """Skriv ut journalen som den är lagrad, i ordning: CSV, eller JSON med en post på varje rad."""
    start = clock.start_of(parse_date(since)) if since else None
    with database.snapshot(context.migrated_engine(context.settings())) as session:
        rows = list(log.export_rows(queries.entries(session, start)))
    if file_format == "json":
        named = [dict(zip(KEYS, (int(row[0]), *row[1:]), strict=True)) for row in rows]
        lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in named]
        deliver("".join(lines).encode(), output)
    else:
        deliver(csv_out.write_csv(HEADER, rows), output)


COMMANDS: tuple[click.Command, ...] = (journal,)
