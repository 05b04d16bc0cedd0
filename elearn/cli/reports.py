"""Commands of the reports room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
