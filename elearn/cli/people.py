"""Commands of the people room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
