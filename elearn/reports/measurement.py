"""A measurement: coverage on a date, frozen with all that it was counted by, and the checksum over it
(measure.md, "Measurements"). Pure."""

import datetime as dt
import hashlib
import json
import operator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from elearn.journal.chain import canonical
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.training.curriculum import Curriculum, RequiredCourse

# What is frozen of a row, by the names of ``UnitCoverage``. A checksum is for ever: a figure that is added
# some day comes with a form of its own, and the older measurements keep theirs.
ROW = (
    "unit_id", "code", "name", "kind", "parent", "committee", "depth",
    "employees", "target", "trained", "expired", "started", "not_started", "offered",
    "exempt", "external", "without_course", "without_role",
)  # fmt: skip


@dataclass(frozen=True)
class Measurement:
    """``frozen_by``: the actor as the journal writes it. ``curriculum``: what was required of each job role.
    ``checksum``: as it was stored."""

    id: int
    name: str
    frozen_at: dt.datetime
    frozen_by: str
    curriculum: Curriculum
    coverage: Coverage
    checksum: str

    @property
    def on(self) -> dt.date:
        """The day that its figures are of."""
        return self.coverage.on

    @property
    def is_whole(self) -> bool:
        """Whether what is stored is what was frozen."""
        return self.checksum == checksum(self)


def checksum(measurement: Measurement) -> str:
    """SHA-256, hexadecimal, over the canonical JSON of everything but the checksum itself."""
    document = {
        "id": measurement.id,
        "name": measurement.name,
        "on": measurement.on.isoformat(),
        "frozen_at": measurement.frozen_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "frozen_by": measurement.frozen_by,
        "threshold": str(measurement.coverage.threshold),
        "curriculum": _objects(measurement.curriculum),
        "rows": [row_values(row) for row in measurement.coverage.rows],
    }
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def row_values(row: UnitCoverage) -> dict[str, Any]:
    """What is frozen of a row."""
    return dict(zip(ROW, _values(row), strict=True))


_values = operator.attrgetter(*ROW)


def write_curriculum(curriculum: Curriculum) -> str:
    """What is required of each job role, as canonical JSON."""
    return canonical(_objects(curriculum))


def read_curriculum(text: str) -> Curriculum:
    """What ``write_curriculum`` wrote. What roles were offered beside it was not frozen.

    Raises ``ValueError``, ``TypeError``, ``LookupError`` or ``ArithmeticError`` for anything else."""
    return Curriculum(tuple(_required(one) for one in json.loads(text)))


def _objects(curriculum: Curriculum) -> list[dict[str, Any]]:
    return [
        {
            "job_role": one.job_role,
            "course": one.course,
            "validity_months": one.validity_months,
            "renewed_on": one.renewed_on,
            "pass_mark": str(one.pass_mark),
            "introduced_on": one.introduced_on.isoformat() if one.introduced_on else None,
        }
        for one in curriculum.required
    ]


def _required(one: dict[str, Any]) -> RequiredCourse:
    month_and_day, introduced_on = one["renewed_on"], one["introduced_on"]
    return RequiredCourse(
        job_role=one["job_role"],
        course=one["course"],
        validity_months=one["validity_months"],
        pass_mark=Fraction(one["pass_mark"]),
        introduced_on=dt.date.fromisoformat(introduced_on) if introduced_on else None,
        renewed_on=(month_and_day[0], month_and_day[1]) if month_and_day else None,
    )
