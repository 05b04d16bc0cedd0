"""Grants, passwords and invitations: what changes, what does not, and who is told what."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import Conflict, ElearnError, Invalid, NotFound
from elearn.identity import actions, invitations, logins
from elearn.identity import queries as identity_queries
from elearn.identity.models import Invitation
from elearn.identity.queries import Invitee
from elearn.people.models import GRANTABLE_ROLES, AccessGrant, AccessRole, OrgUnit, Person, UnitKind
from elearn.people.queries import PersonRef
from tests import builders
from tests.builders import NOW, TODAY

YESTERDAY = TODAY - dt.timedelta(days=1)
SARA = "1001"


@pytest.fixture
def department(session: Session) -> OrgUnit:
    return builders.unit(session, "D", UnitKind.DEPARTMENT, name="Utbildningsförvaltningen")


@pytest.fixture
def sara(session: Session, department: OrgUnit) -> Person:
    someone = builders.person(session, number=SARA)
    builders.employ(session, someone, department)
    return someone


def granted(session: Session) -> list[tuple[str, int | None]]:
    return [
        (row.role, row.unit_id) for row in session.execute(sa.select(AccessGrant.role, AccessGrant.unit_id))
    ]


def stored_hash(session: Session, someone: Person) -> str | None:
    return session.scalar(sa.select(Person.password_hash).where(Person.id == someone.id))


def invited(someone: Person) -> list[Invitee]:
    return [Invitee("Enhet", PersonRef(someone.id, someone.number, someone.first_name, someone.last_name))]


@pytest.mark.parametrize("role", [role for role in GRANTABLE_ROLES if role != AccessRole.COORDINATOR])
def test_a_role_is_granted_once_and_revoked_once(session: Session, sara: Person, role: AccessRole) -> None:
    assert actions.grant_role(session, builders.deed(today=TODAY), SARA, role, None)
    assert granted(session) == [(role, None)]
    assert not actions.grant_role(session, builders.deed(today=TODAY), SARA, role, None)
    assert granted(session) == [(role, None)]
    assert actions.revoke_role(session, builders.deed(), SARA, role, None)
    assert granted(session) == []
    assert not actions.revoke_role(session, builders.deed(), SARA, role, None)


def test_a_coordinator_has_one_grant_for_each_department(
    session: Session, sara: Person, department: OrgUnit
) -> None:
    second = builders.unit(session, "E", UnitKind.DEPARTMENT)
    for code in ("D", "E"):
        assert actions.grant_role(session, builders.deed(today=TODAY), SARA, AccessRole.COORDINATOR, code)
        assert not actions.grant_role(session, builders.deed(today=TODAY), SARA, AccessRole.COORDINATOR, code)
    assert actions.revoke_role(session, builders.deed(), SARA, AccessRole.COORDINATOR, "D")
    assert granted(session) == [("coordinator", second.id)]


def test_granting_what_is_held_ends_no_login(session: Session, sara: Person) -> None:
    actions.grant_role(session, builders.deed(today=TODAY), SARA, AccessRole.VPC, None)
    token = logins.begin_session(session, sara.id, NOW)
    actions.grant_role(session, builders.deed(today=TODAY), SARA, AccessRole.VPC, None)
    actions.revoke_role(session, builders.deed(), SARA, AccessRole.ADMINISTRATOR, None)
    assert logins.session_person(session, token, NOW, TODAY) is not None


@pytest.mark.parametrize(
    ("number", "role", "unit_code", "kind", "sentence"),
    [
        (SARA, AccessRole.COORDINATOR, None, Invalid, "--unit"),
        (SARA, AccessRole.COORDINATOR, "U1", Invalid, "Förskolan Ängen är ingen förvaltning"),
        (SARA, AccessRole.COORDINATOR, "XYZ", NotFound, "XYZ"),
        (SARA, AccessRole.VPC, "D", Invalid, "hela kommunen"),
        (SARA, AccessRole.MANAGER, None, Invalid, "följer av organisationen"),
        ("9999", AccessRole.VPC, None, NotFound, "9999"),
    ],
)
def test_a_coordinator_needs_a_department_and_the_others_refuse_one(
    session: Session,
    sara: Person,
    number: str,
    role: AccessRole,
    unit_code: str | None,
    kind: type[ElearnError],
    sentence: str,
) -> None:
    builders.unit(session, "U1", name="Förskolan Ängen")
    with pytest.raises(kind, match=sentence):
        actions.grant_role(session, builders.deed(today=TODAY), number, role, unit_code)
    with pytest.raises(kind, match=sentence):
        actions.revoke_role(session, builders.deed(), number, role, unit_code)
    assert granted(session) == []


def test_a_closed_department_gets_no_new_coordinator(
    session: Session, sara: Person, department: OrgUnit
) -> None:
    actions.grant_role(session, builders.deed(today=TODAY), SARA, AccessRole.COORDINATOR, "D")
    department.ends_on = YESTERDAY
    with pytest.raises(Conflict, match="stängd"):
        actions.grant_role(session, builders.deed(today=TODAY), SARA, AccessRole.COORDINATOR, "D")
    assert actions.revoke_role(session, builders.deed(), SARA, AccessRole.COORDINATOR, "D")


def test_nobody_without_an_employment_on_the_day_is_granted_anything(
    session: Session, department: OrgUnit
) -> None:
    """S7."""
    builders.employ(session, builders.person(session, number="1002"), department, ends_on=YESTERDAY)
    builders.person(session, number="1003")
    for number in ("1002", "1003"):
        with pytest.raises(Conflict, match="ingen pågående anställning"):
            actions.grant_role(session, builders.deed(today=TODAY), number, AccessRole.VPC, None)


def test_a_grant_is_revoked_from_somebody_who_has_left(session: Session, sara: Person) -> None:
    actions.grant_role(session, builders.deed(today=TODAY), SARA, AccessRole.VPC, None)
    session.execute(sa.text("UPDATE employment SET ends_on = '2026-01-01'"))
    assert actions.revoke_role(session, builders.deed(), SARA, AccessRole.VPC, None)


def test_a_password_is_stored_for_somebody_who_exists(session: Session, sara: Person) -> None:
    actions.set_password(session, builders.deed(), sara.id, "a hash")
    assert stored_hash(session, sara) == "a hash"
    with pytest.raises(NotFound):
        actions.set_password(session, builders.deed(), 4711, "a hash")


def test_setting_a_password_uses_up_the_invitation(session: Session, sara: Person) -> None:
    (handout,) = actions.create_invitations(session, builders.deed(), invited(sara))
    actions.set_password(session, builders.deed(), sara.id, "a hash")
    with pytest.raises(Conflict):
        actions.choose_password_with_code(session, builders.deed(), handout.code, "another hash")
    assert stored_hash(session, sara) == "a hash"


def test_a_code_chooses_a_password_once(session: Session, sara: Person) -> None:
    (handout,) = actions.create_invitations(session, builders.deed(), invited(sara))
    typed = handout.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert actions.choose_password_with_code(session, builders.deed(), typed, "a hash") == sara.id
    assert stored_hash(session, sara) == "a hash"
    with pytest.raises(Conflict, match="redan använts"):
        actions.choose_password_with_code(session, builders.deed(), handout.code, "another hash")
    assert stored_hash(session, sara) == "a hash"


def test_a_code_holds_for_fourteen_days(session: Session, sara: Person) -> None:
    (handout,) = actions.create_invitations(session, builders.deed(), invited(sara))
    end = NOW + dt.timedelta(days=14)
    with pytest.raises(Conflict):
        actions.choose_password_with_code(session, builders.deed(now=end), handout.code, "a hash")
    assert (
        actions.choose_password_with_code(
            session, builders.deed(now=end - dt.timedelta(seconds=1)), handout.code, "a hash"
        )
        == sara.id
    )


def test_a_new_code_replaces_the_old_one(session: Session, sara: Person) -> None:
    (old,) = actions.create_invitations(session, builders.deed(), invited(sara))
    (new,) = actions.create_invitations(session, builders.deed(), invited(sara))
    with pytest.raises(Conflict):
        actions.choose_password_with_code(session, builders.deed(), old.code, "a hash")
    assert actions.choose_password_with_code(session, builders.deed(), new.code, "a hash") == sara.id


def test_what_was_never_a_code_chooses_nothing(session: Session, sara: Person) -> None:
    for typed in ("", "inte en kod", invitations.new_code()):
        with pytest.raises(Conflict):
            actions.choose_password_with_code(session, builders.deed(), typed, "a hash")
    assert stored_hash(session, sara) is None


def test_a_code_is_stored_as_its_hash_alone(session: Session, sara: Person) -> None:
    (handout,) = actions.create_invitations(session, builders.deed(), invited(sara))
    row = session.scalars(sa.select(Invitation)).one()
    assert row.code_hash == invitations.hash_code(handout.code)
    assert handout.code.replace("-", "") not in row.code_hash.upper()


def test_everybody_active_without_a_password_is_invited_once_in_swedish_order(
    session: Session, department: OrgUnit
) -> None:
    far = builders.unit(session, "U2", parent=department, name="Åsen")
    near = builders.unit(session, "U1", parent=department, name="Ängen")
    elsewhere = builders.unit(session, "F", UnitKind.DEPARTMENT, name="Annan förvaltning")
    people = {
        name: builders.person(session, name, "Ek", number=f"2{place}")
        for place, name in enumerate(("Örjan", "Åsa", "Zoe", "Ängla", "Gick", "Har", "Annan"))
    }
    for at, names in ((near, "Örjan Åsa Zoe"), (far, "Ängla Zoe Har"), (elsewhere, "Annan")):
        for name in names.split():
            builders.employ(session, people[name], at)
    builders.employ(session, people["Gick"], near, ends_on=YESTERDAY)
    people["Har"].password_hash = "a hash"
    session.flush()

    def listed(unit_code: str | None) -> list[tuple[str, str]]:
        return [
            (invitee.unit, invitee.person.name)
            for invitee in identity_queries.people_to_invite(session, unit_code, TODAY)
        ]

    here = [("Åsen", "Zoe Ek"), ("Åsen", "Ängla Ek"), ("Ängen", "Åsa Ek"), ("Ängen", "Örjan Ek")]
    assert listed(None) == [("Annan förvaltning", "Annan Ek"), *here]
    assert listed("D") == here
    assert listed("U1") == [("Ängen", "Zoe Ek"), ("Ängen", "Åsa Ek"), ("Ängen", "Örjan Ek")]
    with pytest.raises(NotFound, match="XYZ"):
        listed("XYZ")
