"""Commands of the access room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
