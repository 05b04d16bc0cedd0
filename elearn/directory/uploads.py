"""The personnel system's files that an administrator sends: they wait for an answer, are accepted or
rejected, and are erased then, or after a day (measure.md, "What an import does"; docs/decisions.md)."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import sqlalchemy as sa

from elearn.database import Session
from elearn.directory import actions, preview
from elearn.directory.actions import EndAccess
from elearn.directory.changes import BrakeKind, Plan
from elearn.directory.files import DirectoryFiles
from elearn.directory.holders import Choices
from elearn.directory.models import Outcome, StaffUpload
from elearn.directory.preview import Preview
from elearn.errors import Conflict, NotFound
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.source import SentFile
from elearn.swedish import folded

KEPT = dt.timedelta(hours=24)
MOST_ENDED = 10
CHANGED_SINCE = (
    "Något har ändrats sedan du såg planen, så att den inte längre är densamma. Ingenting är inläst. "
    "Gå igenom den nya planen och svara igen."
)


class PlanChanged(Conflict):
    """The plan is not the one that was shown: it must be shown again."""


class Stopped(Conflict):
    """The plan has a stop that was not accepted, or one that cannot be."""


Stops = Callable[[Plan], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that wait, or what became of them. ``organisation`` and ``staff`` are empty once they are
    erased."""

    id: int
    sent_by: str
    sent_at: dt.datetime
    organisation: SentFile
    staff: SentFile
    choices: Choices
    outcome: Outcome | None
    ended_at: dt.datetime | None
    ended_by: str | None
    summary: str

    @property
    def erased_at(self) -> dt.datetime:
        """When the files are erased if nobody answers."""
        return self.sent_at + KEPT


def receive_upload(session: Session, deed: Deed, organisation: SentFile, staff: SentFile) -> int:
    """Keep two files until they are answered: the id. The same two by the same person while they wait are the
    ones that are there."""
    actions.lock_imports(session)
    erase_old(session, deed.now)
    same = sa.and_(
        StaffUpload.sent_by == str(deed.actor),
        StaffUpload.organisation == organisation.data,
        StaffUpload.staff == staff.data,
    )
    there = session.scalar(sa.select(StaffUpload.id).where(same, StaffUpload.outcome.is_(None)))
    if there is not None:
        return there
    row = StaffUpload(
        sent_by=str(deed.actor),
        sent_at=deed.now,
        organisation_name=organisation.name,
        staff_name=staff.name,
        organisation=organisation.data,
        staff=staff.data,
    )
    session.add(row)
    session.flush()
    digests = {
        "organisation_sha256": hashlib.sha256(organisation.data).hexdigest(),
        "staff_sha256": hashlib.sha256(staff.data).hexdigest(),
    }
    journal.record(session, deed, EntryKind.RECEIVED_DIRECTORY, upload=row.id, **digests)
    return row.id


def find_upload(session: Session, id: int, now: dt.datetime) -> Upload:
    """One of them. Raises ``NotFound``."""
    row = session.get(StaffUpload, id)
    if row is None:
        raise NotFound
    return _shown(row, now)


def waiting(session: Session, now: dt.datetime) -> list[Upload]:
    """Those that wait for an answer, the latest first."""
    unanswered = sa.select(StaffUpload).where(StaffUpload.outcome.is_(None), StaffUpload.sent_at > now - KEPT)
    return [_shown(row, now) for row in session.scalars(unanswered.order_by(StaffUpload.id.desc()))]


def ended(session: Session, now: dt.datetime) -> list[Upload]:
    """What became of the latest ones."""
    is_over = sa.or_(StaffUpload.outcome.is_not(None), StaffUpload.sent_at <= now - KEPT)
    rows = session.scalars(
        sa.select(StaffUpload).where(is_over).order_by(StaffUpload.id.desc()).limit(MOST_ENDED)
    )
    return [_shown(row, now) for row in rows]


def choose(session: Session, deed: Deed, id: int, choices: Choices) -> bool:
    """Keep what has been answered about numbers and codes. False when the files have been answered
    already."""
    row = _locked(session, id, deed.now)
    if row is None:
        return False
    same = choices.same_persons
    row.same_persons, row.same_units = _lines(same), _lines(choices.same_units)
    row.new_persons = _lines(choices.new_persons - same)
    session.flush()
    return True


def plan_of(
    session: Session, upload: Upload, files: DirectoryFiles, today: dt.date, text: str = "", opened: str = ""
) -> tuple[Plan, Preview]:
    """What the files would change, and that as it is shown. Raises ``Invalid`` with every fault of them."""
    directory, plan = actions.prepare(session, files, today, _within(files, upload.choices))
    return plan, preview.preview(directory, plan, text, opened)


def accept_upload(
    session: Session,
    deed: Deed,
    id: int,
    files: DirectoryFiles,
    shown: str,
    accepted: Sequence[BrakeKind],
    end_access: EndAccess,
    stops: Stops,
) -> bool:
    """Make the plan anew and carry it out, if it is the one that was ``shown``. False when the files have
    been answered already: then nothing is done. Raises ``PlanChanged``, and ``Stopped`` for a brake that is
    not ``accepted`` or what ``stops`` tells."""
    actions.lock_imports(session)
    row = _locked(session, id, deed.now)
    if row is None:
        return False
    plan, made = plan_of(session, _shown(row, deed.now), files, deed.today)
    if made.mark != shown:
        raise PlanChanged(CHANGED_SINCE)
    if told := [*stops(plan), *preview.refused(plan, accepted)]:
        raise Stopped(" ".join(told))
    brakes = {f"accepted_{kind.name.lower()}": 1 for kind in accepted if _has(plan, kind)}
    stored = plan.stored.persons
    chosen = {  # ids of persons: a number could not be taken out of the journal again
        name: " ".join(str(stored[number].id) for number in numbers.split() if number in stored) or None
        for name, numbers in (("same_persons", row.same_persons), ("new_persons", row.new_persons))
    }
    chosen["same_units"] = row.same_units.replace("\n", " ") or None
    actions.apply_plan(session, deed, plan, end_access, lambda: None)
    _end(row, deed, Outcome.ACCEPTED, plan.summary)
    journal.record(session, deed, EntryKind.ACCEPTED_DIRECTORY, upload=id, **brakes, **chosen)
    return True


def reject_upload(session: Session, deed: Deed, id: int) -> bool:
    """Erase the files; nothing of them is read in. False when they have been answered already."""
    row = _locked(session, id, deed.now)
    if row is None:
        return False
    _end(row, deed, Outcome.REJECTED, None)
    journal.record(session, deed, EntryKind.REJECTED_DIRECTORY, upload=id)
    return True


def erase_old(session: Session, now: dt.datetime) -> int:
    """Erase the files that nobody has answered within ``KEPT``: how many pairs."""
    return _erase(session, now, StaffUpload.sent_at <= now - KEPT)


def erase_waiting(session: Session, now: dt.datetime) -> int:
    """Erase every file that waits for an answer, since it can hold what somebody is called: how many
    pairs."""
    return _erase(session, now, sa.true())


def _erase(session: Session, now: dt.datetime, which: sa.ColumnElement[bool]) -> int:
    old = sa.and_(StaffUpload.outcome.is_(None), which)
    values = {"organisation": None, "staff": None, "outcome": Outcome.EXPIRED.value, "ended_at": now}
    values |= dict.fromkeys(("same_persons", "new_persons", "same_units"), "")
    return cast(
        sa.CursorResult[Any], session.execute(sa.update(StaffUpload).where(old).values(**values))
    ).rowcount


def _locked(session: Session, id: int, now: dt.datetime) -> StaffUpload | None:
    """The row, for this transaction alone; None when it is answered or too old. Raises ``NotFound``."""
    asked = sa.select(StaffUpload).where(StaffUpload.id == id).with_for_update()
    row = session.scalar(asked.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row if row.outcome is None and row.sent_at > now - KEPT else None


def _end(row: StaffUpload, deed: Deed, outcome: Outcome, summary: str | None) -> None:
    row.organisation = row.staff = None
    row.same_persons = row.new_persons = row.same_units = ""
    row.outcome, row.ended_at, row.ended_by, row.summary = outcome.value, deed.now, str(deed.actor), summary


def _shown(row: StaffUpload, now: dt.datetime) -> Upload:
    outcome = Outcome(row.outcome) if row.outcome else None
    if outcome is None and row.sent_at <= now - KEPT:
        outcome = Outcome.EXPIRED
    is_waiting = outcome is None
    return Upload(
        row.id,
        row.sent_by,
        row.sent_at,
        SentFile(row.organisation_name, (row.organisation or b"") if is_waiting else b""),
        SentFile(row.staff_name, (row.staff or b"") if is_waiting else b""),
        Choices(*map(_read_lines, (row.same_persons, row.new_persons, row.same_units))),
        outcome,
        row.ended_at,
        row.ended_by,
        row.summary or "",
    )


def _read_lines(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split("\n")))


def _lines(values: Iterable[str]) -> str:
    return "\n".join(sorted(" ".join(value.split()) for value in values))


def _within(files: DirectoryFiles, choices: Choices) -> Choices:
    """The choices about what is in the files."""
    numbers = {folded(row.number) for row in files.jobs}
    same, new = (
        frozenset(number for number in some if folded(number) in numbers)
        for some in (choices.same_persons, choices.new_persons)
    )
    return replace(
        choices, same_persons=same, new_persons=new - same, same_units=choices.same_units & files.units.keys()
    )


def _has(plan: Plan, kind: BrakeKind) -> bool:
    return any(brake.kind == kind for brake in plan.brakes)
