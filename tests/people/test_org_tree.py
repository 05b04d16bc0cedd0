"""The tree as SQL: who lies below whom, and what comes from above, at any depth."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people import org_tree
from elearn.people.models import OrgUnit, UnitKind
from tests import builders
from tests.builders import TODAY


@pytest.fixture
def chain(session: Session) -> list[OrgUnit]:
    """A department and four levels under it; the second and the fourth level have a role of their own."""
    units: list[OrgUnit] = []
    for depth, job_role in enumerate((None, "skola", None, "fritid", None)):
        kind = UnitKind.UNIT if depth else UnitKind.DEPARTMENT
        units.append(builders.unit(session, f"D{depth}", kind, units[-1] if units else None, job_role))
    return units


def ids(session: Session, *units: OrgUnit) -> set[int]:
    return set(
        session.scalars(
            org_tree.below(sa.select(OrgUnit.id).where(OrgUnit.id.in_([unit.id for unit in units])))
        )
    )


def test_below_is_the_unit_itself_and_everything_under_it(session: Session, chain: list[OrgUnit]) -> None:
    sibling = builders.unit(session, "B", parent=chain[1])
    assert ids(session, chain[2]) == {unit.id for unit in chain[2:]}
    assert ids(session, chain[0]) == {unit.id for unit in (*chain, sibling)}
    assert ids(session, chain[3], sibling) == {chain[3].id, chain[4].id, sibling.id}
    assert ids(session) == set()


def test_below_a_closed_unit_nobody_is_lost(session: Session, chain: list[OrgUnit]) -> None:
    chain[2].ends_on = TODAY
    session.flush()
    assert ids(session, chain[1]) == {unit.id for unit in chain[1:]}


def test_the_closure_has_each_unit_with_itself_and_all_above_it_once(
    session: Session, chain: list[OrgUnit]
) -> None:
    closure = org_tree.closure()
    found = session.execute(sa.select(closure.c.unit_id, closure.c.ancestor_id)).all()
    assert sorted(map(tuple, found)) == sorted(
        (lower.id, upper.id) for n, lower in enumerate(chain) for upper in chain[: n + 1]
    )


def test_a_role_comes_from_the_nearest_unit_that_has_one(session: Session, chain: list[OrgUnit]) -> None:
    inherited = org_tree.inherited(sa.select(OrgUnit.id))
    found = session.execute(
        sa.select(OrgUnit.code, inherited.c.job_role).join(inherited, inherited.c.unit_id == OrgUnit.id)
    ).all()
    assert {row.code: row.job_role for row in found} == {
        "D0": None,
        "D1": "skola",
        "D2": "skola",
        "D3": "fritid",
        "D4": "fritid",
    }


def test_what_lies_below_an_external_is_external(session: Session, chain: list[OrgUnit]) -> None:
    shelter = builders.unit(session, "X", UnitKind.EXTERNAL)
    builders.unit(session, "X2", parent=builders.unit(session, "X1", parent=shelter))
    inherited = org_tree.inherited(sa.select(OrgUnit.id))
    external = (
        sa.select(OrgUnit.code)
        .join(inherited, inherited.c.unit_id == OrgUnit.id)
        .where(inherited.c.is_external == 1)
    )
    assert set(session.scalars(external)) == {"X", "X1", "X2"}
