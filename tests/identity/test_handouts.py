"""The codes that a manager hands out: to whom, by whom, and what they open."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import Conflict, NotFound, Refused
from elearn.identity import actions, handouts, holders, logins
from elearn.identity.models import Invitation
from elearn.journal.deed import person
from elearn.journal.models import JournalEntry
from elearn.people.access import Access
from elearn.people.models import AccessRole, OrgUnit, Person, UnitKind
from tests import builders
from tests.builders import NOW, TODAY

DAY = dt.timedelta(days=1)


@pytest.fixture
def school(session: Session) -> OrgUnit:
    above = builders.unit(session, "U", UnitKind.DEPARTMENT)
    return builders.unit(session, "U1", parent=above, name="Tallskolan")


@pytest.fixture
def boss(session: Session, school: OrgUnit) -> Person:
    someone = builders.person(session, "Johan", "Åberg")
    builders.employ(session, someone, school)
    builders.manage(session, someone, session.get_one(OrgUnit, school.parent_id))
    return someone


def employed(session: Session, at: OrgUnit, first_name: str = "Sara", **more: dt.date) -> Person:
    someone = builders.person(session, first_name)
    builders.employ(session, someone, at, **more)
    return someone


def as_manager(boss: Person, *roles: AccessRole) -> Access:
    return Access(boss.id, frozenset({AccessRole.MANAGER, *roles}))


def give(session: Session, boss: Person, to: Person, code: str = "U1") -> actions.Handout:
    return handouts.give_code(session, builders.deed(by=person(boss.id)), as_manager(boss), code, to.id)


def test_a_new_code_replaces_the_older_and_opens_the_account_once(
    session: Session, school: OrgUnit, boss: Person
) -> None:
    sara = employed(session, school)
    older, newer = give(session, boss, sara), give(session, boss, sara)
    assert (newer.unit, newer.name, newer.number) == ("Tallskolan", "Sara Lind", sara.number)
    with pytest.raises(Conflict):
        actions.choose_password_with_code(session, builders.deed(), older.code, "a hash")
    assert actions.choose_password_with_code(session, builders.deed(), newer.code, "a hash") == sara.id
    with pytest.raises(Conflict):
        actions.choose_password_with_code(session, builders.deed(), newer.code, "another")


def test_the_password_and_the_logins_go_on_until_the_code_is_used(
    session: Session, school: OrgUnit, boss: Person
) -> None:
    """Else a manager could shut somebody out by giving a code."""
    sara = employed(session, school)
    actions.set_password(session, builders.deed(), sara.id, "the old hash")
    token = logins.begin_session(session, sara.id, NOW)
    handout = give(session, boss, sara)
    session.refresh(sara)
    assert sara.password_hash == "the old hash"
    assert logins.session_person(session, token, NOW, TODAY)
    actions.choose_password_with_code(session, builders.deed(), handout.code, "the new hash")
    assert logins.session_person(session, token, NOW, TODAY) is None


def test_who_gave_a_code_to_whom_stands_in_the_journal(
    session: Session, school: OrgUnit, boss: Person
) -> None:
    sara, mikael = employed(session, school), employed(session, school, "Mikael")
    give(session, boss, sara)
    handouts.give_first_codes(session, builders.deed(by=person(boss.id)), as_manager(boss), "U1")
    entries = session.execute(
        sa.select(JournalEntry.actor, JournalEntry.kind, JournalEntry.details).order_by(JournalEntry.id)
    ).all()
    assert [(actor, kind, json.loads(details)) for actor, kind, details in entries] == [
        (f"person:{boss.id}", "handed-out-codes", {"unit": school.id, "persons": str(sara.id)}),
        (f"person:{boss.id}", "handed-out-codes", {"unit": school.id, "persons": f"{mikael.id} {sara.id}"}),
    ]
    assert "Sara" not in repr(entries)


@pytest.mark.parametrize("role", list(AccessRole)[2:])
def test_nobody_with_more_rights_gets_a_code_from_a_manager(
    session: Session, school: OrgUnit, boss: Person, role: AccessRole
) -> None:
    """S6."""
    karin = employed(session, school, "Karin")
    unit = "U" if role == AccessRole.COORDINATOR else None
    actions.grant_role(session, builders.deed(), karin.number, role, unit)
    with pytest.raises(Refused, match="Karin Lind har fler behörigheter"):
        give(session, boss, karin)
    with pytest.raises(Conflict, match="Alla här"):
        handouts.give_first_codes(session, builders.deed(by=person(boss.id)), as_manager(boss), "U1")
    assert session.scalars(sa.select(Invitation)).all() == []


@pytest.mark.parametrize(("ends_on", "is_refused"), [(TODAY - DAY, False), (TODAY, True)])
def test_a_manager_of_any_open_unit_gets_none_either(
    session: Session, school: OrgUnit, boss: Person, ends_on: dt.date, is_refused: bool
) -> None:
    """Also of a unit that the first manager knows nothing of."""
    other = employed(session, school, "Nadja")
    builders.manage(session, other, builders.unit(session, "S9", ends_on=ends_on))
    if is_refused:
        with pytest.raises(Refused):
            give(session, boss, other)
    else:
        assert give(session, boss, other).name == "Nadja Lind"


def test_nobody_gives_a_code_to_themselves(session: Session, school: OrgUnit, boss: Person) -> None:
    with pytest.raises(Refused, match="dig själv"):
        give(session, boss, boss)


def test_who_is_out_of_reach_is_not_there(session: Session, school: OrgUnit, boss: Person) -> None:
    """S3, S4: another unit's, one who has left, one who has not begun, one of a unit below."""
    elsewhere = builders.unit(session, "S1")
    below = builders.unit(session, "U11", parent=school)
    for someone, code in (
        (employed(session, elsewhere), "S1"),
        (employed(session, elsewhere), "U1"),
        (employed(session, below), "U1"),
        (employed(session, school, ends_on=TODAY - DAY), "U1"),
        (employed(session, school, starts_on=TODAY + DAY), "U1"),
        (employed(session, school), "finns-inte"),
    ):
        with pytest.raises(NotFound):
            give(session, boss, someone, code)
    for code in ("S1", "finns-inte"):
        with pytest.raises(NotFound):
            handouts.give_first_codes(session, builders.deed(by=person(boss.id)), as_manager(boss), code)
    assert give(session, boss, employed(session, school, ends_on=TODAY)).name == "Sara Lind"


@pytest.mark.parametrize("grants", [False, True])
def test_a_managers_code_does_not_open_an_account_that_was_given_more_rights_after_it(
    session: Session, school: OrgUnit, boss: Person, grants: bool
) -> None:
    """S6: else a code could be kept until the person has become VPC's. An operator's code still opens it."""
    sara = employed(session, school)
    code = give(session, boss, sara).code
    assert holders.find_by_code(session, code, TODAY, NOW)
    if grants:
        actions.grant_role(session, builders.deed(), sara.number, AccessRole.VPC, None)
    else:
        builders.manage(session, sara, builders.unit(session, "S9"))
    assert holders.find_by_code(session, code, TODAY, NOW) is None
    with pytest.raises(Conflict):
        actions.choose_password_with_code(session, builders.deed(), code, "a hash")
    session.execute(sa.update(Invitation).values(created_by="operator:anna"))
    assert holders.find_by_code(session, code, TODAY, NOW)


def test_first_codes_go_to_whoever_of_the_unit_has_no_password(
    session: Session, school: OrgUnit, boss: Person
) -> None:
    for name in ("Örjan", "Åsa"):
        employed(session, school, name)
    has_one = employed(session, school, "Har-redan")
    actions.set_password(session, builders.deed(), has_one.id, "a hash")
    double = employed(session, school, "Två-jobb")
    builders.employ(session, double, school, "kock")
    employed(session, builders.unit(session, "U11", parent=school), "Annan-enhet")
    handed_out = handouts.give_first_codes(session, builders.deed(by=person(boss.id)), as_manager(boss), "U1")
    assert [one.name for one in handed_out] == ["Två-jobb Lind", "Åsa Lind", "Örjan Lind"]
    assert len({one.code for one in handed_out}) == 3


def test_a_manager_hands_out_no_code_to_whom_they_are_not_told_of_by_name(
    session: Session, school: OrgUnit, boss: Person
) -> None:
    """S52: the code would stand beside the name. VPC, who is told of everybody, may; and the manager who is
    protected is no other manager for that."""
    sara = employed(session, school)
    hidden = builders.person(session, "Hemlig", "Hemlund", is_protected=True)
    builders.employ(session, hidden, school)
    boss.is_protected = True
    with pytest.raises(NotFound):
        give(session, boss, hidden)
    deed = builders.deed(by=person(boss.id))
    assert [one.name for one in handouts.give_first_codes(session, deed, as_manager(boss), "U1")] == [
        sara.name
    ]
    also_vpc = as_manager(boss, AccessRole.VPC)
    assert handouts.give_code(session, deed, also_vpc, "U1", hidden.id).name == "Hemlig Hemlund"
    with pytest.raises(Refused, match="dig själv"):
        give(session, boss, boss)
