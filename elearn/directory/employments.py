"""One person's employments, from what is stored to what the file says (measure.md, "What an import does").
Pure.

A row of the file and a stored employment are the same when person, unit, role in force and ``från`` are;
where only ``från`` differs and the two overlap, the start was corrected. What is left is paired as moves.
Rows that are left then begin; stored employments that are left end, or are removed when they had not begun.

Past dates keep their figures. A file that repeats the date of hire after a move must not count the years
before it: the new employment then begins on the day of the import. So it does when the person moves back,
and when the person comes back more than ``SLIP_DAYS`` after an import ended what they had.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from elearn.directory.changes import ChangeKind, Job, JobChange
from elearn.directory.in_force import Roles
from elearn.directory.rows import JobRow
from elearn.swedish import folded

DAY = dt.timedelta(days=1)
SLIP_DAYS = 31  # what an import ended and the file has again within them was missing by mistake


def plan_person(
    rows: Sequence[JobRow], jobs: Sequence[Job], today: dt.date, closing: Collection[str], roles: Roles
) -> list[JobChange]:
    """What becomes of one person's stored ``jobs`` when the file has ``rows``. ``closing``: codes of the
    units that close."""
    matching = _Matching(sorted(rows, key=_row_order), sorted(jobs, key=_job_order), today, closing, roles)
    matching.match()
    matching.move()
    matching.reopen()
    matching.begin_and_end()
    return matching.changes


def _row_order(row: JobRow) -> tuple[dt.date, str, str]:
    return row.starts_on, row.unit, folded(row.job_role)


def _job_order(job: Job) -> tuple[bool, int, int]:
    """Those without an end first, then the latest: of two that could be the same, the one that still is."""
    return job.ends_on is not None, -job.starts_on.toordinal(), job.id or 0


@dataclass(slots=True)
class _Matching:
    """``rows`` and ``jobs`` are what has not found its other half yet."""

    rows: list[JobRow]
    jobs: list[Job]
    today: dt.date
    closing: Collection[str]
    roles: Roles
    changes: list[JobChange] = field(default_factory=list)
    kept: list[Job] = field(default_factory=list)

    def match(self) -> None:
        """Pair what is the same. What was over before yesterday and goes on again waits for ``reopen``."""
        yesterday = self.today - DAY
        self._keep_each(lambda row, job: not row.is_open(self.today) or job.is_open(yesterday))

    def reopen(self) -> None:
        """What goes on again though it was over, when it was no move: its last day was changed, or the file
        missed it for a while."""
        self._keep_each(lambda _row, job: not job.is_ended_by_import or self._is_slip(job))

    def _is_slip(self, job: Job) -> bool:
        ended = job.ends_on or self.today  # the import was on the day after
        return self.today - (ended + DAY) <= dt.timedelta(days=SLIP_DAYS)

    def _is_in_place_of(self, row: JobRow, job: Job) -> bool:
        return job.unit == row.unit and self.roles.is_same(row, job)

    def _is_same(self, row: JobRow, job: Job) -> bool:
        """Same unit and role, and overlapping: ``från`` may have been corrected, but after a gap it is a new
        period."""
        begun = min(job.starts_on, job.reported_from)
        overlaps = (job.ends_on or dt.date.max) >= row.starts_on and (row.ends_on or dt.date.max) >= begun
        return overlaps and self._is_in_place_of(row, job)

    def _keep_each(self, is_match: Callable[[JobRow, Job], bool]) -> None:
        """Those with the same ``från`` first, then the nearest."""
        pairs = [
            (row, job)
            for row in self.rows
            for job in self.jobs
            if self._is_same(row, job) and is_match(row, job)
        ]
        for row, job in sorted(pairs, key=lambda pair: abs(pair[0].starts_on - pair[1].reported_from)):
            if row in self.rows and job in self.jobs:
                self._keep(row, job)

    def _keep(self, row: JobRow, job: Job) -> None:
        self.rows.remove(row)
        self.jobs.remove(job)
        wanted = _as_reported(row, job, self.roles.written(row, job))
        self.kept.append(wanted)
        if wanted != job:
            is_reopened = row.is_open(self.today) and not job.is_open(self.today)
            is_ended = job.is_open(self.today) and not row.is_open(self.today)
            kind = (
                ChangeKind.JOB_REOPENED
                if is_reopened
                else ChangeKind.JOB_ENDED
                if is_ended
                else ChangeKind.JOB_CHANGED
            )
            self.changes.append(JobChange(kind, job, wanted))

    def move(self) -> None:
        """Pair what is lost with what begins again or begins: within a unit first, then within a role, then
        by date."""
        lost = [
            job
            for job in self.jobs
            if job.is_open(self.today) and job.starts_on <= self.today and not self._moves_later(job)
        ]
        gained = [row for row in self.rows if row.is_open(self.today)]
        for row, job in sorted(((row, job) for row in gained for job in lost), key=self._distance):
            if row in self.rows and job in self.jobs:
                self._move(row, job)

    def _moves_later(self, job: Job) -> bool:
        """Whether an earlier import has ended it on a coming day, since the person then moves on to one that
        the file has."""
        if job.ends_on is None or job.starts_on > self.today or job.unit in self.closing:
            return False
        return any(kept.starts_on > job.ends_on for kept in self.kept)

    def _is_return(self, row: JobRow) -> bool:
        """Whether it is one that was over and goes on again. (What is not over has found its row already.)"""
        return any(self._is_same(row, job) for job in self.jobs)

    def _distance(self, pair: tuple[JobRow, Job]) -> tuple[bool, bool, bool]:
        row, job = pair
        return (
            not self._is_return(row),
            row.unit != job.unit,
            not self.roles.is_same(row, job),
        )

    def _move(self, row: JobRow, old: Job) -> None:
        """The old one ends on the day before the new one begins. Where HR repeats the date of hire, that is
        the day of the import."""
        starts_on, last_day = row.starts_on, row.starts_on - DAY
        if last_day <= old.starts_on or self._is_return(row):
            starts_on, last_day = max(starts_on, self.today), self.today - DAY
        if old.unit in self.closing:
            last_day = min(last_day, self.today - DAY)
        self.rows.remove(row)
        self.jobs.remove(old)
        new = _begun(row, starts_on)
        self.kept.append(new)
        ended = _ended(old, min(last_day, old.ends_on or last_day))
        self.changes.append(
            JobChange(ChangeKind.JOB_MOVED, old, ended if last_day >= old.starts_on else None, new)
        )

    def begin_and_end(self) -> None:
        """The rest. What had not begun before today never was."""
        for row in self.rows:
            job = _begun(row, self._first_day(row))
            self.changes.append(JobChange(ChangeKind.JOB_ADDED, job, job))
        for job in self.jobs:
            if not job.is_open(self.today) or self._moves_later(job):
                continue
            if job.starts_on < self.today:
                self.changes.append(JobChange(ChangeKind.JOB_ENDED, job, _ended(job, self.today - DAY)))
            else:
                self.changes.append(JobChange(ChangeKind.JOB_REMOVED, job, None))

    def _first_day(self, row: JobRow) -> dt.date:
        """``från``, unless it is the date of hire, repeated after an employment that is over and that the
        file no longer has: the same one, or another that had begun by then."""
        is_repeated = any(
            self._is_same(row, job) or row.starts_on - DAY <= job.starts_on
            for job in self.jobs
            if not job.is_open(self.today)
        )
        return max(row.starts_on, self.today) if is_repeated and row.is_open(self.today) else row.starts_on


def _ended(job: Job, last_day: dt.date) -> Job:
    """Ended by the import, unless the file had told that day already."""
    return job if job.ends_on == last_day else replace(job, ends_on=last_day, is_ended_by_import=True)


def _begun(row: JobRow, starts_on: dt.date) -> Job:
    return Job(
        None,
        row.number,
        row.unit,
        row.job_role,
        row.position,
        starts_on,
        row.ends_on,
        row.starts_on,
        position_key=row.position_key,
    )


def _as_reported(row: JobRow, job: Job, job_role: str | None) -> Job:
    """The stored employment as the row has it. A start that an import moved (``starts_on`` is not
    ``reported_from``) is moved by the file only to a later day, or the date of hire would count days that
    have passed; no start lies after the last day."""
    starts_on = job.starts_on
    if job.reported_from != row.starts_on:
        starts_on = row.starts_on if job.starts_on == job.reported_from else max(job.starts_on, row.starts_on)
    return replace(
        job,
        job_role=job_role,
        position=row.position,
        position_key=row.position_key,
        starts_on=min(starts_on, row.ends_on or starts_on),
        ends_on=row.ends_on,
        reported_from=row.starts_on,
        is_ended_by_import=False,
    )
