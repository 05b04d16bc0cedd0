"""Who may see what: the table of permissions, and the units that the database lets through (S4, S7), on both
engines."""

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn.identity import actions, logins
from elearn.people import access
from elearn.people.access import Access, Permission
from elearn.people.models import AccessRole, OrgUnit, Person, UnitKind, UnitManager
from tests import builders
from tests.builders import NOW, TODAY
from tests.conftest import EXAMPLES

YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
MAY = {
    AccessRole.EMPLOYEE: {Permission.TAKE_COURSES},
    AccessRole.MANAGER: {Permission.SEE_OWN_UNITS, Permission.SEE_NEEDS, Permission.FETCH_FIGURES},
    AccessRole.COORDINATOR: {
        Permission.SEE_COVERAGE,
        Permission.DECIDE_TARGET_GROUP,
        Permission.REGISTER_MEETINGS,
        Permission.SEE_NEEDS,
        Permission.SEE_MEASUREMENTS,
        Permission.FETCH_FIGURES,
    },
    AccessRole.VPC: {
        Permission.SEE_COVERAGE,
        Permission.EXPORT_COVERAGE,
        Permission.DECIDE_TARGET_GROUP,
        Permission.REGISTER_MEETINGS,
        Permission.RECOGNISE_MEETINGS,
        Permission.SEE_KNOWLEDGE,
        Permission.SEE_NEEDS,
        Permission.SEE_MEASUREMENTS,
        Permission.FETCH_FIGURES,
        Permission.FREEZE_MEASUREMENTS,
    },
    AccessRole.WORKING_GROUP: {
        Permission.SEE_COVERAGE,
        Permission.SEE_MEASUREMENTS,
        Permission.FETCH_FIGURES,
    },
    AccessRole.ADMINISTRATOR: {
        Permission.IMPORT_DIRECTORY,
        Permission.GRANT_ROLES,
        Permission.SEE_OPERATIONS,
    },
    AccessRole.AUDITOR: {Permission.READ_JOURNAL},
}


def access_of(session: Session, person_id: int, on: dt.date) -> Access | None:
    """What a login of this person may on the date."""
    viewer = logins.session_person(session, logins.begin_session(session, person_id, NOW), NOW, on)
    return viewer.access if viewer else None


@pytest.mark.parametrize("role", AccessRole)
def test_each_role_may_what_is_written_here_and_nothing_else(role: AccessRole) -> None:
    """S2."""
    assert {permission for permission in Permission if Access(1, frozenset({role})).may(permission)} == MAY[
        role
    ]


def test_roles_add_up() -> None:
    both = Access(1, frozenset({AccessRole.EMPLOYEE, AccessRole.MANAGER}))
    assert both.may(Permission.TAKE_COURSES)
    assert both.may(Permission.SEE_OWN_UNITS)
    assert not both.may(Permission.SEE_COVERAGE)


def test_an_employee_has_that_role_from_the_first_day_to_the_last(session: Session) -> None:
    """S7."""
    someone = builders.person(session)
    builders.employ(session, someone, builders.unit(session, "U1"), starts_on=TODAY, ends_on=TOMORROW)
    days = [YESTERDAY, TODAY, TOMORROW, TOMORROW + dt.timedelta(days=1)]
    found = [access_of(session, someone.id, day) for day in days]
    employee = Access(someone.id, frozenset({AccessRole.EMPLOYEE}))
    assert found == [None, employee, employee, None]


def test_every_grant_lapses_with_the_last_employment_and_not_before(session: Session) -> None:
    """S7."""
    department = builders.unit(session, "D", UnitKind.DEPARTMENT)
    someone = builders.person(session, number="1001")
    builders.employ(session, someone, department, ends_on=YESTERDAY)
    second = builders.employ(session, someone, department, ends_on=TODAY)
    builders.manage(session, someone, department)
    for role in (AccessRole.VPC, AccessRole.WORKING_GROUP, AccessRole.ADMINISTRATOR, AccessRole.AUDITOR):
        actions.grant_role(session, builders.deed(today=TODAY), "1001", role, None)
    actions.grant_role(session, builders.deed(today=TODAY), "1001", AccessRole.COORDINATOR, "D")
    assert access_of(session, someone.id, TODAY) == Access(
        someone.id, frozenset(AccessRole), (department.id,)
    )
    assert access_of(session, someone.id, TOMORROW) is None
    second.ends_on = None
    session.flush()
    assert access_of(session, someone.id, TOMORROW) is not None


def test_a_manager_is_one_while_the_unit_is_open(session: Session) -> None:
    someone = builders.person(session)
    builders.employ(session, someone, builders.unit(session, "U1"))
    builders.manage(session, someone, builders.unit(session, "U2", ends_on=TODAY))
    today, tomorrow = (access_of(session, someone.id, day) for day in (TODAY, TOMORROW))
    assert today is not None
    assert tomorrow is not None
    assert AccessRole.MANAGER in today.roles
    assert AccessRole.MANAGER not in tomorrow.roles


def test_somebody_elses_grants_and_units_give_nothing(session: Session) -> None:
    """S4."""
    department = builders.unit(session, "D", UnitKind.DEPARTMENT)
    one, other = builders.person(session, number="1001"), builders.person(session, number="1002")
    for someone in (one, other):
        builders.employ(session, someone, department)
    builders.manage(session, other, department)
    actions.grant_role(session, builders.deed(today=TODAY), "1002", AccessRole.COORDINATOR, "D")
    assert access_of(session, one.id, TODAY) == Access(one.id, frozenset({AccessRole.EMPLOYEE}))


def test_who_holds_a_login_and_what_they_may_is_read_in_one_select(session: Session) -> None:
    someone = builders.person(session)
    builders.employ(session, someone, builders.unit(session, "U1"))
    token = logins.begin_session(session, someone.id, NOW)
    session.flush()
    statements: list[str] = []
    sa.event.listen(session.connection(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert logins.session_person(session, token, NOW, TODAY)
    assert len(statements) == 1


def test_coverage_reaches_the_municipality_or_the_own_departments_or_none() -> None:
    def reached(*roles: AccessRole, department_ids: tuple[int, ...] = ()) -> tuple[int, ...] | None:
        return access.reported_departments(Access(1, frozenset(roles), department_ids))

    coordinator = AccessRole.COORDINATOR
    assert reached(AccessRole.VPC) is None
    assert reached(AccessRole.WORKING_GROUP) is None
    assert reached(coordinator, AccessRole.VPC, department_ids=(7,)) is None
    assert reached(coordinator, department_ids=(7,)) == (7,)
    assert reached(coordinator, department_ids=(7, 9)) == (7, 9)
    assert reached(AccessRole.EMPLOYEE, AccessRole.MANAGER, AccessRole.ADMINISTRATOR) == ()


Node = tuple[
    int | None, dt.date | None, bool
]  # the parent's place, the last day, whether our manager manages it
CLOSING = st.sampled_from([None, None, None, TODAY, YESTERDAY])


@st.composite
def forests(draw: st.DrawFn, size: int) -> list[Node]:
    parents = [draw(st.none() | st.integers(0, place - 1)) if place else None for place in range(size)]
    return [(parent, draw(CLOSING), draw(st.booleans())) for parent in parents]


def seen_by_oracle(nodes: list[Node]) -> set[int]:
    """Five lines that walk upwards from each unit."""

    def is_seen(place: int) -> bool:
        parent, ends_on, is_managed = nodes[place]
        return (is_managed and ends_on != YESTERDAY) or (parent is not None and is_seen(parent))

    return {place for place, node in enumerate(nodes) if node[1] != YESTERDAY and is_seen(place)}


def rearrange(session: Session, units: list[OrgUnit], nodes: list[Node], boss: Person, rival: Person) -> None:
    """Give the units these parents, last days and managers: what the boss does not manage, the rival does."""
    session.execute(sa.delete(UnitManager))
    for unit, (parent, ends_on, is_managed) in zip(units, nodes, strict=True):
        unit.parent_id, unit.ends_on = None if parent is None else units[parent].id, ends_on
        builders.manage(session, boss if is_managed else rival, unit)


def test_a_manager_sees_exactly_the_own_units_and_those_below(session: Session, engine: sa.Engine) -> None:
    """S4: random trees; then the same units are moved, in the other direction, and get other managers."""
    size = 8
    boss, rival = builders.person(session), builders.person(session)
    units = [builders.unit(session, f"U{place}") for place in range(size)]

    @settings(max_examples=EXAMPLES[engine.dialect.name])
    @given(forests(size), forests(size))
    def check(before: list[Node], after: list[Node]) -> None:
        for order, nodes in ((units, before), (units[::-1], after)):
            rearrange(session, order, nodes, boss, rival)
            seen = list(session.scalars(access.managed_units(boss.id, TODAY)))
            assert len(seen) == len(set(seen))
            assert set(seen) == {order[place].id for place in seen_by_oracle(nodes)}

    check()


@pytest.mark.parametrize(
    ("roles", "departments"),
    [
        ({AccessRole.COORDINATOR}, (7,)),
        ({AccessRole.COORDINATOR, AccessRole.WORKING_GROUP}, (7,)),  # sees every unit's totals
        ({AccessRole.COORDINATOR, AccessRole.VPC}, None),
    ],
)
def test_seeing_every_unit_lets_nobody_decide_about_it(
    roles: set[AccessRole], departments: tuple[int, ...] | None
) -> None:
    assert access.deciding_departments(Access(1, frozenset(roles), (7,))) == departments


def test_reach_is_the_departments_and_all_below_them(session: Session) -> None:
    own, other = (builders.unit(session, code, UnitKind.DEPARTMENT) for code in ("D", "E"))
    division = builders.unit(session, "D1", UnitKind.DIVISION, own)
    builders.unit(session, "D11", parent=division)
    builders.unit(session, "E1", parent=other)

    def reached(tops: tuple[int, ...] | None) -> list[str]:
        return list(session.scalars(sa.select(OrgUnit.code).where(access.in_reach(tops)).order_by("code")))

    assert reached((own.id,)) == ["D", "D1", "D11"]
    assert reached(()) == []
    assert reached(None) == ["D", "D1", "D11", "E", "E1"]
