"""Commands of the courses room."""

import click

COMMANDS: tuple[click.Command, ...] = ()
