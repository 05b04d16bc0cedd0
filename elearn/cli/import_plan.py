"""What every import does: read, plan, tell, and apply what no brake stops."""

import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import click
import sqlalchemy as sa

from elearn import database
from elearn.cli.files import write
from elearn.database import Session
from elearn.directory import actions as directory_actions
from elearn.directory import aid as aid_shelf
from elearn.directory import files as directory_files
from elearn.directory.changes import BrakeKind, Plan
from elearn.directory.files import DirectoryFiles
from elearn.directory.holders import Choices
from elearn.directory.mapping import Mapping
from elearn.directory.rows import Directory
from elearn.errors import Conflict
from elearn.identity import ending, grants
from elearn.journal.deed import Deed
from elearn.operations import lockout


@dataclass(frozen=True, slots=True)
class ImportJob:
    """What every import of this command is made with."""

    engine: sa.Engine
    deed: Deed
    roles: Collection[str]
    mapping: Mapping
    aid: Path | None
    aid_report: Path | None
    choices: Choices
    accepted: frozenset[BrakeKind]
    is_dry_run: bool

    def read(self, organisation: Path | None, staff: Path) -> DirectoryFiles:
        """The files, with their faults beside them."""
        return directory_files.read_files(organisation, staff, self.roles, self.aid, self.mapping)


def import_files(job: ImportJob, organisation: Path | None, staff: Path) -> None:
    """Show the plan, or apply it. Raises ``Invalid`` and ``Conflict`` as the plan does."""
    found = job.read(organisation, staff)
    if job.is_dry_run:
        with database.snapshot(job.engine) as session:
            directory, plan = directory_actions.prepare(session, found, job.deed.today, job.choices)
            stops = lockout.stops(session, plan, job.deed.today)
        tell(directory, plan)
        report(job, directory)
        show(plan, job.accepted, stops)
        return
    with database.transaction(job.engine) as session:
        directory_actions.lock_imports(session)
        directory, plan = directory_actions.prepare(session, found, job.deed.today, job.choices)
        tell(directory, plan)
        apply_unbraked(job, session, plan)
    report(job, directory)
    click.echo(f"Inläst: {plan.summary}", err=True)


def apply_unbraked(job: ImportJob, session: Session, plan: Plan) -> None:
    """Apply the plan with a bar that moves, unless a brake stops it, or nobody could give a role afterwards
    (``Conflict``)."""
    refuse_braked(plan, job.accepted)
    grants.lock_grants(session)
    if told := lockout.stops(session, plan, job.deed.today):
        raise Conflict("\n".join(told))
    steps = click.progressbar(length=directory_actions.STEPS + 1, label="Läser in", file=sys.stderr)
    with steps as bar:
        bar.update(1)
        directory_actions.apply_plan(session, job.deed, plan, ending.end_access, lambda: bar.update(1))


def tell(directory: Directory, plan: Plan) -> list[str]:
    """Warnings, and AID codes without a role, on standard error; the lines."""
    lines = [f"Varning: {warning}" for warning in (*directory.warnings, *plan.warnings)]
    lines += aid_shelf.sentences(directory.missing_codes)
    for line in lines:
        click.echo(line, err=True)
    return lines


def report(job: ImportJob, directory: Directory) -> None:
    """Write the file of AID codes without a role, when one is asked for. Called outside a transaction."""
    if job.aid_report:
        write(job.aid_report, aid_shelf.to_csv(directory.missing_codes))


def show(plan: Plan, accepted: Collection[BrakeKind], stops: Collection[str]) -> None:
    """Every change on standard output; what would stop the import, and the changes counted, in words."""
    for change in plan.changes:
        click.echo(change.sentence)
    for brake in plan.brakes:
        outcome = "görs ändå" if brake.kind in accepted else "stannar här"
        click.echo(f"{brake.sentence} Inläsningen {outcome} utan --dry-run.", err=True)
    for sentence in stops:
        click.echo(f"{sentence} Inläsningen stannar här.", err=True)
    click.echo(f"Ingenting är skrivet. Inläsningen skulle ge: {plan.summary}", err=True)


def refuse_braked(plan: Plan, accepted: Collection[BrakeKind]) -> None:
    """Raise ``Conflict`` with every reason to stop that is not accepted."""
    brakes = [brake for brake in plan.brakes if brake.kind not in accepted]
    if brakes:
        options = dict.fromkeys(brake.kind.value for brake in brakes)
        advice = (
            "Är filerna hela? Ingenting är skrivet. Se ändringarna med --dry-run. Stämmer "
            f"de: läs in med {' och '.join(options)}"
        )
        raise Conflict("\n".join([*(brake.sentence for brake in brakes), advice]))
