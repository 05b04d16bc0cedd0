"""An invented municipality as the two files that a personnel system would give: about 400 units and 6 400
persons.

Deterministic but for the dates, which are counted from today. Names are ordinary and mixed at random; every
place is made up.
"""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from elearn.demo.departments import (
    EXTERNAL_CODE,
    EXTERNAL_NAME,
    EXTERNAL_STAFF_COUNT,
    Branch,
    Department,
    departments,
    words,
)
from elearn.people.models import AccessRole

SEED = 20221212
EXEMPTIONS_HEADER = ("anställningsnr", "enhetskod", "från", "till", "skäl", "beslut av")
FIRST_NUMBER = 100001
SECOND_JOBS = 90
LEAVERS = 160
EXEMPTED = 60
PLAIN = str.maketrans("åäöéíóćıç ", "aaoeiocic.")


@dataclass(frozen=True, slots=True)
class Job:
    """A row of personal.csv."""

    number: str
    first_name: str
    last_name: str
    unit: str
    position: str
    starts_on: dt.date
    ends_on: dt.date | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        email = (
            f"{self.first_name}.{self.last_name}.{self.number}".lower().translate(PLAIN) + "@kommun.example"
        )
        ends_on = self.ends_on.isoformat() if self.ends_on else ""
        return (
            self.number,
            self.first_name,
            self.last_name,
            email,
            self.unit,
            "",
            self.position,
            self.starts_on.isoformat(),
            ends_on,
        )


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody whom the demonstration lets you be. They are hired first, so that their numbers are the same
    everywhere."""

    first_name: str
    last_name: str
    unit: str
    position: str
    what: str
    role: AccessRole
    department: str | None = None
    employed_days: int | None = None


CAST = (
    Member(
        "Sara",
        "Lindell",
        "UTB-F1-01",
        "Barnskötare",
        "Barnskötare, Förskolan Tallkotten",
        AccessRole.EMPLOYEE,
        employed_days=40,
    ),
    Member("Johan", "Åberg", "UTB-F1-01", "Rektor", "Rektor, Förskolan Tallkotten", AccessRole.MANAGER),
    Member(
        "Elif",
        "Nordin",
        "UTB",
        "Samordnare",
        "Samordnare, Utbildningsförvaltningen",
        AccessRole.COORDINATOR,
        "UTB",
    ),
    Member("Karin", "Ståhl", "KLF-T-01", "Enhetschef", "Våldspreventivt center, VPC", AccessRole.VPC),
    Member(
        "Per", "Holm", "SOC-B", "Utvecklare", "Arbetsgruppen, Socialförvaltningen", AccessRole.WORKING_GROUP
    ),
    Member(
        "Mirjam",
        "Ek",
        "KLF-S-07",
        "Systemförvaltare",
        "Administratör, Digitalisering",
        AccessRole.ADMINISTRATOR,
    ),
)


@dataclass(slots=True)
class Town:
    """Both files' rows, drawn one after the other from one source of chance."""

    today: dt.date
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    organisation: list[tuple[str, ...]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    first_names: list[str] = field(default_factory=lambda: words("first_names"))
    last_names: list[str] = field(default_factory=lambda: words("last_names"))

    def hire(
        self, unit: str, position: str, name: tuple[str, str] | None = None, employed_days: int | None = None
    ) -> Job:
        """Most have been here for years, some began this autumn."""
        first_name, last_name = name or (
            self.chance.choice(self.first_names),
            self.chance.choice(self.last_names),
        )
        starts_on = self.today - dt.timedelta(
            days=employed_days or int(self.chance.triangular(10, 5200, 400))
        )
        job = Job(str(FIRST_NUMBER + len(self.jobs)), first_name, last_name, unit, position, starts_on)
        self.jobs.append(job)
        return job

    def add_unit(
        self, code: str, name: str, kind: str, parent: str, committee: str, job_role: str, head: Job | None
    ) -> None:
        self.organisation.append((code, name, kind, parent, committee, job_role, head.number if head else ""))

    def head_of(self, code: str) -> Job | None:
        """A persona who manages this unit, hired before everybody else."""
        return next(
            (
                job
                for job in self.jobs[: len(CAST)]
                if (job.unit, job.position) in ((code, "Rektor"), (code, "Enhetschef"))
            ),
            None,
        )

    def staff_units(self, branch: Branch, codes: Sequence[str]) -> Iterable[str]:
        """One unit per person beside the heads: uneven in size as real ones are, none without staff."""
        weights = [self.chance.uniform(0.6, 1.8) for _ in codes]
        return [*codes, *self.chance.choices(codes, weights, k=branch.staff_count - 2 * len(codes))]

    def exemptions(self) -> list[tuple[str, ...]]:
        """A few are away for a time."""
        away = self.chance.sample([job for job in self.jobs[len(CAST) :] if job.ends_on is None], EXEMPTED)
        until = (self.today + dt.timedelta(days=120)).isoformat()
        since = self.today.replace(day=1).isoformat()
        return [(job.number, "", since, until, "Tjänstledig", "Närmaste chef") for job in away]

    def add_branch(self, department: Department, branch: Branch) -> None:
        self.add_unit(
            branch.code,
            branch.name,
            "område",
            department.code,
            "",
            branch.job_role,
            self.hire(branch.code, "Områdeschef"),
        )
        codes = [f"{branch.code}-{number:02}" for number in range(1, len(branch.unit_names) + 1)]
        for code, name in zip(codes, branch.unit_names, strict=True):
            self.add_unit(
                code, name, "enhet", branch.code, "", "", self.head_of(code) or self.hire(code, branch.head)
            )
        for code in self.staff_units(branch, codes):
            self.hire(code, self.chance.choice(branch.positions))


def build(today: dt.date) -> Town:
    """The whole municipality on ``today``."""
    town = Town(today)
    for member in CAST:
        town.hire(member.unit, member.position, (member.first_name, member.last_name), member.employed_days)
    for department in departments():
        head = town.hire(department.code, "Förvaltningschef")
        town.add_unit(department.code, department.name, "förvaltning", "", department.committee, "", head)
        for branch in department.branches:
            town.add_branch(department, branch)
    town.add_unit(EXTERNAL_CODE, EXTERNAL_NAME, "extern", "", "", "socialtjänst", None)
    for _ in range(EXTERNAL_STAFF_COUNT):
        town.hire(EXTERNAL_CODE, "Volontär")
    _add_second_jobs(town)
    _add_leavers(town)
    return town


def _add_second_jobs(town: Town) -> None:
    """Some work in two places: a resurspedagog in a school and a preschool, say."""
    places = sorted(
        {job.unit for job in town.jobs if job.unit.startswith(("UTB-", "KOF-")) and job.unit.count("-") == 2}
    )
    for first in town.chance.sample(
        [job for job in town.jobs if job.unit in places and job.position != "Rektor"], SECOND_JOBS
    ):
        unit = town.chance.choice([place for place in places if place != first.unit])
        town.jobs.append(
            Job(first.number, first.first_name, first.last_name, unit, "Resurs", first.starts_on)
        )


def _add_leavers(town: Town) -> None:
    """And some have left during the last three years."""
    for job in town.chance.sample(town.jobs, LEAVERS):
        ends_on = town.today - dt.timedelta(days=town.chance.randrange(1, 1000))
        starts_on = ends_on - dt.timedelta(days=town.chance.randrange(100, 2000))
        number = str(FIRST_NUMBER + 900_000 + len(town.jobs))
        names = town.chance.choice(town.first_names), town.chance.choice(town.last_names)
        town.jobs.append(Job(number, *names, job.unit, job.position, starts_on, ends_on))
