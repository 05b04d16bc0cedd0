"""Commands of the journal room."""

import sys
from collections.abc import Iterator

import click

from elearn import database
from elearn.cli import context
from elearn.journal import chain, queries


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


COMMANDS: tuple[click.Command, ...] = (journal,)
