"""One person's employments, from what is stored to what the file says (measure.md, "What an import does"). Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from elearn.people.directory_changes import Job, Plan
from elearn.people.directory_files import JobRow

DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Person:
    """One person's employments on their way from what is stored to what the file says."""

    plan: Plan
    today: dt.date
    left: list[Job]  # stored, and not yet found in the file
    kept: list[Job] = field(default_factory=list)

    def take(self, rows: Sequence[JobRow]) -> list[Job]:
        """Match what is the same, then what was corrected, then who moved; the rest begins or ends."""
        gained = [row for row in rows if not self._is_same(row)]
        gained = [row for row in gained if not self._is_corrected(row)]
        lost = [job for job in self.left if job.is_open(self.today) and not self._has_been_moved(job)]
        for row in sorted(gained, key=lambda row: (row.starts_on, row.unit)):
            can_move = row.ends_on is None or row.ends_on >= self.today
            if lost and can_move:
                self._move(lost.pop(0), row)
            else:
                self._add(row, row.starts_on)
        for job in lost:
            self._end(job, self.today - DAY)
        return lost

    def _is_same(self, row: JobRow) -> bool:
        """Number, unit, role and the file's ``från``: a change of ``till`` or position is an update, an ended one is reopened."""
        for job in self.left:
            if (job.unit, job.job_role, job.reported_from) == (row.unit, row.job_role, row.starts_on):
                self._keep(job, replace(job, position=row.position, ends_on=row.ends_on))
                return True
        return False

    def _is_corrected(self, row: JobRow) -> bool:
        """Same unit and role with another ``från``: a correction of the start, unless the old one was over by then."""
        for job in self.left:
            is_over = job.ends_on is not None and job.ends_on < row.starts_on
            if (job.unit, job.job_role) == (row.unit, row.job_role) and not is_over:
                corrected = replace(job, position=row.position, starts_on=row.starts_on, ends_on=row.ends_on, reported_from=row.starts_on)
                self._keep(job, corrected)
                return True
        return False

    def _has_been_moved(self, job: Job) -> bool:
        """Whether it ends on a coming day because another one, which the file has, begins after it: an earlier import's move."""
        return job.ends_on is not None and any(kept.starts_on > job.ends_on for kept in self.kept)

    def _keep(self, job: Job, wanted: Job) -> None:
        self.left.remove(job)
        self.kept.append(wanted)
        if job != wanted:
            self.plan.jobs_to_change.append(wanted)
            self.plan.lines.append(f"{job.number} i {job.unit}: {_change(job, wanted, self.today)}")

    def _move(self, old: Job, row: JobRow) -> None:
        """The old one ends on the day before the new one begins. Where HR repeats the date of hire, that is the day of the import."""
        self.left.remove(old)
        last_day, starts_on = row.starts_on - DAY, row.starts_on
        if last_day <= old.starts_on and old.starts_on < self.today:
            last_day, starts_on = self.today - DAY, self.today
        self._end(old, last_day if old.ends_on is None else min(last_day, old.ends_on))
        self._add(row, starts_on)

    def _add(self, row: JobRow, starts_on: dt.date) -> None:
        job = Job(None, row.number, row.unit, row.job_role, row.position, starts_on, row.ends_on, row.starts_on)
        self.kept.append(job)
        self.plan.jobs_to_add.append(job)
        self.plan.lines.append(f"{row.number} börjar i {row.unit} den {starts_on}")

    def _end(self, job: Job, last_day: dt.date) -> None:
        """One that had not begun is removed: it never was."""
        if last_day < job.starts_on:
            self.plan.jobs_to_remove.append(job)
            self.plan.lines.append(f"{job.number} i {job.unit}: tas bort, hade inte börjat")
        elif job.ends_on != last_day:
            self.plan.jobs_to_change.append(replace(job, ends_on=last_day))
            self.plan.lines.append(f"{job.number} slutar i {job.unit}, sista dagen {last_day}")


def _change(job: Job, wanted: Job, today: dt.date) -> str:
    if job.starts_on != wanted.starts_on:
        return f"första dagen rättas från {job.starts_on} till {wanted.starts_on}"
    if job.ends_on != wanted.ends_on:
        if wanted.is_open(today) and not job.is_open(today):
            return "öppnas igen"
        return f"sista dagen ändras från {job.ends_on or 'tills vidare'} till {wanted.ends_on or 'tills vidare'}"
    return f"befattning ändras från {job.position or 'ingen'} till {wanted.position or 'ingen'}"
