"""Commands of the serving room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
