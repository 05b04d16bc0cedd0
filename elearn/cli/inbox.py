"""``import --inbox``: the newest complete pair of the folder, once, and where it goes afterwards."""

from collections.abc import Sequence
from pathlib import Path

import click

from elearn import csv_in, database
from elearn.cli import import_plan
from elearn.cli.import_plan import ImportJob
from elearn.directory import actions as directory_actions
from elearn.directory import aid, inbox
from elearn.directory.inbox import Outcome, Pair, Verdict
from elearn.directory.role_names import RoleNames
from elearn.errors import Conflict, Invalid


def import_inbox(job: ImportJob, folder: Path) -> None:
    """Read the pair. Nothing new is no fault. Raises ``Invalid`` and ``Conflict`` as any import, when the
    files have been moved to the refused ones."""
    with inbox.lock(folder) as is_alone:
        if not is_alone:
            click.echo("En annan inläsning ur mappen pågår. Den här gör ingenting.", err=True)
            return
        if job.aid:  # its faults are not the pair's
            csv_in.refuse(aid.read_aid(job.aid, RoleNames(job.roles)).table.faults)
        found = inbox.find(folder, job.mapping.is_flat, job.deed.now)
        for sentence in found.waiting:
            click.echo(sentence, err=True)
        if not found.pairs:
            return
        newest, *older = found.pairs
        if job.is_dry_run:
            import_plan.import_files(job, newest.organisation, newest.staff)
            return
        try:
            outcome = _read_pair(job, folder, newest)
        except (Invalid, Conflict) as refusal:
            _refuse(job, folder, newest, refusal)
            _set_aside(folder, older)
            raise
        if outcome:
            _set_aside(folder, older)


def _read_pair(job: ImportJob, folder: Path, pair: Pair) -> Outcome | None:
    """What became of the pair; None when somebody still writes to it, and it waits."""
    before = pair.state()
    files = job.read(pair.organisation, pair.staff)
    if pair.state() != before:
        click.echo(f"{pair.staff.name} väntar: filerna ändrades medan de lästes.", err=True)
        return None
    outcome, directory = Outcome.IMPORTED, None
    with database.transaction(job.engine) as session:
        directory_actions.lock_imports(session)
        verdict = inbox.verdict(session, pair)
        if verdict == Verdict.NEW:
            directory, plan = directory_actions.prepare(session, files, job.deed.today, job.choices)
            lines = import_plan.tell(directory, plan)
            plan.digests = {**plan.digests, "inbox": pair.stamp}
            import_plan.apply_unbraked(job, session, plan)
            lines.append(f"Inläst: {plan.summary}")
        elif verdict == Verdict.SAME:
            lines = ["Paret var redan inläst."]
        else:
            outcome, lines = Outcome.OUTDATED, ["Paret är äldre än det som lästes senast, och läses inte."]
            inbox.record_refusal(session, job.deed, pair, "older")
    if directory:
        import_plan.report(job, directory)
    target = inbox.move(folder, pair, outcome, lines)
    click.echo(f"{lines[-1]} Filerna ligger i {target}.", err=True)
    return outcome


def _refuse(job: ImportJob, folder: Path, pair: Pair, refusal: Invalid | Conflict) -> None:
    with database.transaction(job.engine) as session:
        reason = "brake" if isinstance(refusal, Conflict) else "faults"
        inbox.record_refusal(session, job.deed, pair, reason)
    target = inbox.move(folder, pair, Outcome.REFUSED, str(refusal).splitlines())
    click.echo(f"Ingenting är inläst. Filerna och orsaken ligger i {target}.", err=True)


def _set_aside(folder: Path, older: Sequence[Pair]) -> None:
    """Pairs that were there beside a newer one are never read: their turn is over."""
    for pair in older:
        inbox.move(folder, pair, Outcome.OUTDATED, ["Det fanns ett nyare par i mappen."])
