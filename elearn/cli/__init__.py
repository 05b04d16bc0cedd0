"""The ``elearn`` command: thin, one module per room. Data goes to standard output, words to standard error.

Exit 0 done, 1 refused with reasons in Swedish on standard error, 2 wrong usage (operations.md,
"Commands").
"""

import sys
from typing import Any

import click
import sqlalchemy as sa

from elearn import database
from elearn.cli import (
    access,
    committee_report,
    courses,
    imports,
    journal,
    knowledge,
    measurements,
    meetings,
    needs,
    operations,
    people,
    privacy,
    reports,
    serving,
    training,
)
from elearn.errors import ElearnError


class SwedishGroup(click.Group):
    """A group that tells a refusal in its own words and exits 1, instead of showing a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ElearnError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        except sa.exc.DBAPIError as error:
            sentence = database.outage_in_words(error)
            if sentence is None:
                raise
            click.echo(sentence, err=True)
            sys.exit(1)


@click.group(cls=SwedishGroup)
def main() -> None:
    """Basutbildningen: kurser som ren text och ärliga siffror."""


for room in (
    serving,
    courses,
    imports,
    people,
    access,
    training,
    reports,
    measurements,
    committee_report,
    needs,
    meetings,
    knowledge,
    privacy,
    journal,
    operations,
):
    for command in room.COMMANDS:
        main.add_command(command)
