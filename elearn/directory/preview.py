"""A plan as an administrator sees it before it is made: counted, listed with the worst first, and known again
by its hash. Pure."""

import datetime as dt
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from elearn.directory import brake
from elearn.directory.changes import BrakeKind, ChangeKind, Plan
from elearn.directory.rows import Directory
from elearn.swedish import folded

MOST_SHOWN = 25  # of each kind; all of one kind, or of a search, when that is asked for
MOST_FOUND = 500

# What takes something away from somebody is read first.
ORDER = (
    ChangeKind.JOB_ENDED,
    ChangeKind.JOB_REMOVED,
    ChangeKind.UNIT_CLOSED,
    ChangeKind.MANAGER_REMOVED,
    ChangeKind.PERSON_REPLACED,
    ChangeKind.UNIT_REPLACED,
    ChangeKind.JOB_MOVED,
    ChangeKind.UNIT_CHANGED,
    ChangeKind.PERSON_CHANGED,
    ChangeKind.JOB_CHANGED,
    ChangeKind.MANAGER_ADDED,
    ChangeKind.UNIT_REOPENED,
    ChangeKind.JOB_REOPENED,
    ChangeKind.UNIT_ADDED,
    ChangeKind.PERSON_ADDED,
    ChangeKind.JOB_ADDED,
)
# How a command is told to choose: on the page there are buttons for it.
COMMAND_CHOICE = re.compile(r" Är det samma (?:person|enhet): läs in med .*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one kind: the sentences that are shown, of ``count``, ``found_count`` of them with what
    was searched for."""

    kind: ChangeKind
    count: int
    found_count: int
    sentences: tuple[str, ...]

    @property
    def name(self) -> str:
        """``kind`` in the address."""
        return self.kind.name.lower()

    @property
    def title(self) -> str:
        """What so many of them are called."""
        return self.kind.value[self.count > 1]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody has to say: whether the number is the same person."""

    number: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole plan. ``mark``: the hash that the answer is bound to. ``questions`` must be answered. A
    number that has gone to somebody else (``replaced``) and a code that is used again (``reused``) stand
    among the warnings, and can be answered otherwise."""

    mark: str
    summary: str
    is_empty: bool
    groups: tuple[Group, ...]
    warnings: tuple[str, ...]
    stops: tuple[tuple[BrakeKind, tuple[str, ...]], ...]
    questions: tuple[Question, ...]
    more_questions: str
    replaced: tuple[str, ...]
    reused: tuple[str, ...]
    change_count: int


def preview(directory: Directory, plan: Plan, text: str = "", opened: str = "") -> Preview:
    """``text``: what is searched for in the sentences; ``opened``: the name of the kind that is shown
    whole."""
    asked = [brake for brake in plan.brakes if brake.kind == BrakeKind.PERSON]
    return Preview(
        mark(plan),
        plan.summary,
        plan.is_empty,
        groups(plan, text, opened),
        tuple(COMMAND_CHOICE.sub("", warning) for warning in (*directory.warnings, *plan.warnings)),
        tuple(
            (kind, told)
            for kind in (BrakeKind.ENDED, BrakeKind.CHANGED)
            if (told := tuple(brake.sentence for brake in plan.brakes if brake.kind == kind))
        ),
        tuple(Question(brake.number, brake.sentence) for brake in asked if brake.number),
        "".join(brake.sentence for brake in asked if not brake.number),
        tuple(plan.persons_to_rename),
        tuple(plan.units_to_rename),
        len(plan.changes),
    )


def groups(plan: Plan, text: str, opened: str) -> tuple[Group, ...]:
    """A group for each kind that there is any of; when something is searched for, of those that have it."""
    sentences = defaultdict[ChangeKind, list[str]](list)
    for change in plan.changes:
        sentences[change.kind].append(change.sentence)
    words = folded(text).split()
    made = []
    for kind in ORDER:
        found = [one for one in sentences[kind] if all(word in folded(one) for word in words)]
        most = len(found) if opened == kind.name.lower() else MOST_FOUND if words else MOST_SHOWN
        if found:
            made.append(Group(kind, len(sentences[kind]), len(found), tuple(found[:most])))
    return tuple(made)


def mark(plan: Plan) -> str:
    """SHA-256 over everything that the plan would do and tells: the same for the same plan in every process,
    another one as soon as anything is another."""
    told = [
        plan.last_day.isoformat(),
        sorted(plan.digests.items()),
        [[change.kind.name, change.sentence] for change in plan.changes],
        plan.warnings,
        [[one.kind.name, one.sentence] for one in plan.brakes],
        [repr(change) for change in plan.job_changes],
        [repr(row) for row in (*plan.units_to_add, *plan.units_to_change)],
        [repr(row) for row in (*plan.persons_to_add, *plan.persons_to_change)],
        [sorted(plan.units_to_close), sorted(plan.managers_to_add), sorted(plan.managers_to_remove)],
        [[code, former.code] for code, former in sorted(plan.units_to_rename.items())],
        [[number, former.number] for number, former in sorted(plan.persons_to_rename.items())],
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def locked_out(plan: Plan, today: dt.date) -> frozenset[int]:
    """Ids of the persons who can log in today by an employment that the plan takes from them, or whose number
    goes to somebody else."""
    ids = {number: person.id for number, person in plan.stored.persons.items()}
    before = {ids[job.number] for job in plan.stored.jobs if job.is_active(today)}
    after = {ids[job.number] for job in brake.jobs_after(plan) if job.number in ids and job.is_active(today)}
    renamed = {former.id for former in plan.persons_to_rename.values()}
    return frozenset((before - after) | renamed)


def refused(plan: Plan, accepted: Sequence[BrakeKind]) -> list[str]:
    """What stops the plan, when these brakes are accepted."""
    return [brake.sentence for brake in plan.brakes if brake.kind not in accepted]
