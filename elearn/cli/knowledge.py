"""``knowledge``: what people know, per course, outcome and question."""

from pathlib import Path

import click

from elearn import database
from elearn.cli import context
from elearn.cli.files import deliver, format_option, output_option
from elearn.content.rendering import builder
from elearn.reports import knowledge_files
from elearn.reports.knowledge import knowledge
from elearn.training import tallies


@click.command("knowledge")
@format_option("csv", "json")
@output_option
def knowledge_command(file_format: str, output: Path | None) -> None:
    """Kunskapen: förtest mot slutprov, lärandemål, tröskeln och varje fråga. Aldrig färre än tio svar."""
    settings = context.settings()
    catalog = builder.read_catalog(settings.courses_dir)
    with database.snapshot(context.migrated_engine(settings)) as session:
        found = knowledge(catalog, tallies.shown(session))
    data = knowledge_files.to_csv(found) if file_format == "csv" else knowledge_files.to_json(found).encode()
    deliver(data, output)


COMMANDS: tuple[click.Command, ...] = (knowledge_command,)
