"""Commands of the training room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
