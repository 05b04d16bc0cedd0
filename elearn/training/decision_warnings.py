"""What somebody should look at in a file of decisions: a number or a code that was somebody else's when the
decision began, and a decision that covers nobody."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from elearn.database import Session
from elearn.people import org_tree, positions
from elearn.people.models import Employment, OrgUnit, Person
from elearn.swedish import folded
from elearn.training.models import TargetDecision

# How an import names whoever had a number, and the unit that had a code (directory/actions.py).
FORMER = re.compile(r"(?P<name>.+) \(till (?P<last>\d{4}-\d\d-\d\d)\)(?: \d+)?")


class Row(Protocol):
    """A row about a unit, a person or both."""

    @property
    def row(self) -> int: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def number(self) -> str | None: ...
    @property
    def starts_on(self) -> dt.date: ...


@dataclass(frozen=True, slots=True)
class FormerHolders:
    """Ids of those who had a number or a code before, each with the last day: by it, folded."""

    numbers: Mapping[str, Sequence[tuple[int, dt.date]]]
    codes: Mapping[str, Sequence[tuple[int, dt.date]]]

    def of_number(self, number: str | None) -> Sequence[tuple[int, dt.date]]:
        """Who had this number before; none for None."""
        return self.numbers.get(folded(number), ())

    def of_code(self, code: str | None) -> Sequence[tuple[int, dt.date]]:
        """Which units had this code before; none for None."""
        return self.codes.get(folded(code), ())

    def warnings(self, row: Row) -> Iterator[str]:
        """Where the row begins while its number or its code was another's."""
        for what, name, holders in (
            ("anställningsnumret", row.number, self.of_number(row.number)),
            ("enhetskoden", row.unit, self.of_code(row.unit)),
        ):
            last = max((last for _id, last in holders), default=dt.date.min)
            if row.starts_on <= last:
                yield (
                    f"rad {row.row}: {what} {name} var en annans till {last}. Beslutet från {row.starts_on} "
                    "gäller nu den som har det i dag. Kontrollera raden."
                )


def former_holders(session: Session) -> FormerHolders:
    """As the imports have named them."""
    return FormerHolders(
        _former(session, sa.select(Person.number, Person.id).where(Person.number.contains(" (till "))),
        _former(session, sa.select(OrgUnit.code, OrgUnit.id).where(OrgUnit.code.contains(" (till "))),
    )


def _former(session: Session, rows: sa.Select[str, int]) -> dict[str, list[tuple[int, dt.date]]]:
    found = defaultdict[str, list[tuple[int, dt.date]]](list)
    for name, id in session.execute(rows):
        if parts := FORMER.fullmatch(name):
            found[folded(parts["name"])].append((id, dt.date.fromisoformat(parts["last"])))
    return found


def covering_nobody(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Those of these decisions that cover no employment that is known, on any of their days."""
    closure = org_tree.closure()
    decision, job = TargetDecision, Employment
    is_there = sa.exists().where(closure.c.unit_id == job.unit_id, closure.c.ancestor_id == decision.unit_id)
    covered = sa.exists().where(
        sa.or_(decision.person_id.is_(None), job.person_id == decision.person_id),
        sa.or_(decision.unit_id.is_(None), is_there.correlate(job, decision)),
        sa.or_(decision.position_key.is_(None), positions.has(job.position_key, decision.position_key)),
        sa.or_(job.ends_on.is_(None), job.ends_on >= decision.starts_on),
        sa.or_(decision.ends_on.is_(None), job.starts_on <= decision.ends_on),
    )
    nobody = sa.select(decision.id).where(decision.id.in_(ids), ~covered.correlate(decision))
    return frozenset(session.scalars(nobody))
