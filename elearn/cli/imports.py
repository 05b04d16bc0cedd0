"""``import`` and ``mapping``: the personnel system's files, given by name or left in the inbox."""

from pathlib import Path

import click

from elearn.cli import context, import_plan
from elearn.cli import inbox as inbox_command
from elearn.cli.files import deliver, output_option
from elearn.cli.import_plan import ImportJob
from elearn.content.reading import reader
from elearn.directory import mapping_draft, mapping_files
from elearn.directory.changes import BrakeKind
from elearn.directory.holders import Choices
from elearn.directory.mapping import OURS
from elearn.errors import Refused

FILE = click.Path(path_type=Path)


@click.command("import")
@click.argument("files", metavar="[ORGANISATION] [PERSONAL]", nargs=-1, type=FILE)
@click.option("--inbox", is_flag=True, help="Läs in det nyaste paret i ELEARN_IMPORT_DIR. För cron.")
@click.option(
    "--mapping", type=FILE, help="Hur filerna läses när de har andra kolumner eller värden än våra."
)
@click.option("--aid", type=FILE, help="aid.csv: vilken yrkesroll varje AID-kod har.")
@click.option("--aid-report", type=FILE, help="CSV-fil att skriva de AID-koder till som saknar yrkesroll.")
@click.option("--dry-run", is_flag=True, help="Visa varje ändring och skriv ingenting.")
@click.option(
    "--accept-ended", is_flag=True, help="Läs in även om mer än 10 procent skulle sluta eller stängas."
)
@click.option(
    "--accept-changed",
    is_flag=True,
    help="Läs in även om mer än 10 procent skulle ändras: namn, e-post, enhet, yrkesroll eller chef.",
)
@click.option(
    "--same-person", metavar="NUMMER", multiple=True, help="Numret är samma person, trots andra uppgifter."
)
@click.option("--new-person", metavar="NUMMER", multiple=True, help="Numret har gått till någon annan.")
@click.option(
    "--same-unit",
    metavar="KOD",
    multiple=True,
    help="Koden är samma enhet, trots annat namn och annan plats.",
)
def import_command(
    files: tuple[Path, ...],
    inbox: bool,
    mapping: Path | None,
    aid: Path | None,
    aid_report: Path | None,
    dry_run: bool,
    accept_ended: bool,
    accept_changed: bool,
    same_person: tuple[str, ...],
    new_person: tuple[str, ...],
    same_unit: tuple[str, ...],
) -> None:
    """Läs in organisationen och personalen, som CSV eller XLSX. Allt kontrolleras innan något skrivs."""
    settings = context.settings()
    engine, deed = context.migrated_engine(settings), context.deed(settings)
    roles = reader.read_roles(settings.courses_dir)
    read = mapping_files.read_mapping(mapping) if mapping else OURS
    accepted = {BrakeKind.ENDED} if accept_ended else set[BrakeKind]()
    accepted |= {BrakeKind.CHANGED} if accept_changed else set[BrakeKind]()
    choices = Choices(frozenset(same_person), frozenset(new_person), frozenset(same_unit))
    job = ImportJob(engine, deed, roles, read, aid, aid_report, choices, frozenset(accepted), dry_run)
    if inbox:
        if files:
            raise click.UsageError("Med --inbox anges inga filer: de tas ur ELEARN_IMPORT_DIR.")
        if settings.import_dir is None:
            raise Refused("ELEARN_IMPORT_DIR är inte angiven: det är mappen som --inbox läser ur.")
        inbox_command.import_inbox(job, settings.import_dir)
        return
    if len(files) != (1 if read.is_flat else 2):
        wanted = (
            "en fil, som mappningen säger" if read.is_flat else "två filer: organisationen och personalen"
        )
        raise click.UsageError(f"Ange {wanted}.")
    import_plan.import_files(job, None if read.is_flat else files[0], files[-1])


@click.command()
@click.argument("file", metavar="FIL", type=FILE)
@click.option("--header-row", type=click.IntRange(1, 1000), default=1, help="Raden med kolumnernas namn.")
@click.option("--sheet", default="", help="Arket i en XLSX-fil. Utan: det första.")
@output_option
def mapping(file: Path, header_row: int, sheet: str, output: Path | None) -> None:
    """Gör ett utkast till en mappning av en fils kolumner, för import --mapping."""
    deliver(mapping_draft.draft(file, header_row, sheet).encode(), output)


COMMANDS: tuple[click.Command, ...] = (import_command, mapping)
