"""What changes a person's access: grants, passwords, invitations. Each ends the login sessions that it makes
untrue (S8, S9)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from elearn import database
from elearn.database import Session
from elearn.errors import Conflict, Invalid, NotFound, Refused
from elearn.identity import grants, holders, invitations, logins
from elearn.identity.models import Invitation
from elearn.identity.queries import Invitee
from elearn.journal import actions as journal
from elearn.journal.deed import Deed, person
from elearn.journal.models import EntryKind
from elearn.people import access, offering, queries
from elearn.people.models import GRANTABLE_ROLES, AccessGrant, AccessRole, Employment, Person, UnitKind

OWN_ROLE = "Du kan inte ge dig själv en behörighet. Be en annan administratör."
LAST_ADMINISTRATOR = (
    "Det är den sista administratören som kan logga in. Ge någon annan behörigheten först: en som har en "
    "pågående anställning och har valt ett lösenord eller har loggat in."
)


@dataclass(frozen=True, slots=True)
class Handout:
    """A code for the manager of ``unit`` to hand out. It is shown here once and cannot be read back."""

    unit: str
    name: str
    number: str
    code: str


def grant_role(session: Session, deed: Deed, number: str, role: AccessRole, unit_code: str | None) -> bool:
    """Give a person a role and end their sessions. False when they had it already: then nothing is
    changed. Raises ``Refused`` for oneself (S6)."""
    person_id = queries.person_by_number(session, number).person_id
    if deed.actor == person(person_id):
        raise Refused(OWN_ROLE)
    grants.lock_grants(session)
    unit_id = _department_id(session, role, unit_code, deed.today)
    if not session.scalar(
        sa.select(sa.exists().where(Employment.person_id == person_id, access.is_active(deed.today)))
    ):
        raise Conflict("Personen har ingen pågående anställning och kan därför inte få någon behörighet.")
    try:
        with session.begin_nested():
            session.add(
                AccessGrant(
                    person_id=person_id,
                    role=role,
                    unit_id=unit_id,
                    granted_at=deed.now,
                    granted_by=str(deed.actor),
                )
            )
    except sa.exc.IntegrityError as error:
        if database.is_violation(error):
            return False
        raise
    logins.end_all_sessions(session, person_id, deed.now)
    journal.record(session, deed, EntryKind.GRANTED_ROLE, person=person_id, role=role.value, unit=unit_id)
    return True


def revoke_role(session: Session, deed: Deed, number: str, role: AccessRole, unit_code: str | None) -> bool:
    """Take a role from a person and end their sessions. False when they did not have it: then nothing is
    changed. Raises ``Refused`` for the last administrator who can log in (S6)."""
    person_id = queries.person_by_number(session, number).person_id
    grants.lock_grants(session)
    if role == AccessRole.ADMINISTRATOR and grants.would_leave_nobody(session, deed.today, [person_id]):
        raise Refused(LAST_ADMINISTRATOR)
    unit_id = _department_id(session, role, unit_code)
    held = sa.and_(
        AccessGrant.person_id == person_id,
        AccessGrant.role == role,
        AccessGrant.unit_id.is_not_distinct_from(unit_id),
    )
    if session.scalar(sa.delete(AccessGrant).where(held).returning(AccessGrant.id)) is None:
        return False
    logins.end_all_sessions(session, person_id, deed.now)
    journal.record(session, deed, EntryKind.REVOKED_ROLE, person=person_id, role=role.value, unit=unit_id)
    return True


def _department_id(
    session: Session, role: AccessRole, unit_code: str | None, on: dt.date | None = None
) -> int | None:
    """The department that a coordinator's grant names (open on the date, if there is one); the other roles
    name none."""
    if role not in GRANTABLE_ROLES:
        raise Invalid(f"Behörigheten {role} följer av organisationen och kan inte ges eller tas bort.")
    if role != AccessRole.COORDINATOR:
        if unit_code is not None:
            raise Invalid(f"Behörigheten {role} gäller hela kommunen. Utelämna enheten.")
        return None
    if unit_code is None:
        raise Invalid("Behörigheten coordinator gäller en förvaltning. Ange den med --unit ENHETSKOD.")
    unit = queries.unit_by_code(session, unit_code)
    if unit.kind != UnitKind.DEPARTMENT:
        raise Invalid(
            f"{unit.name} är ingen förvaltning. Behörigheten coordinator gäller en hel förvaltning."
        )
    if on is not None and unit.ends_on is not None and unit.ends_on < on:
        raise Conflict(f"{unit.name} är stängd sedan {unit.ends_on}.")
    return unit.id


def set_password(session: Session, deed: Deed, person_id: int, password_hash: str) -> None:
    """Store a new password's hash (from ``passwords.hash_chosen``, outside the transaction), end every
    session of the person and remove an invitation that is no longer needed."""
    stored = sa.update(Person).where(Person.id == person_id).values(password_hash=password_hash)
    if session.scalar(stored.returning(Person.id)) is None:
        raise NotFound("Personen finns inte längre.")
    session.execute(sa.delete(Invitation).where(Invitation.person_id == person_id))
    logins.end_all_sessions(session, person_id, deed.now)
    journal.record(session, deed, EntryKind.SET_PASSWORD, person=person_id)


def choose_password_with_code(session: Session, deed: Deed, code: str, password_hash: str) -> int:
    """Use up an invitation and store the password's hash: the person's id. Of two at once, one succeeds."""
    used = sa.delete(Invitation).where(
        Invitation.code_hash == invitations.hash_code(code), holders.is_usable(deed.today, deed.now)
    )
    person_id: int | None = session.scalar(used.returning(Invitation.person_id))
    if person_id is None:
        raise Conflict("Koden har redan använts eller har slutat gälla. Be din chef om en ny.")
    set_password(session, deed, person_id, password_hash)
    return person_id


def create_invitations(session: Session, deed: Deed, invitees: Sequence[Invitee]) -> list[Handout]:
    """A new code for each of them, in their order. It replaces an earlier one and is good for
    ``invitations.LIFETIME``."""
    handouts = make_codes(session, deed, invitees)
    journal.record(session, deed, EntryKind.CREATED_INVITATIONS, count=len(invitees))
    return handouts


def make_codes(session: Session, deed: Deed, invitees: Sequence[Invitee]) -> list[Handout]:
    """The same, recorded by the act that it is a part of."""
    codes = [invitations.new_code() for _ in invitees]
    ids = [invitee.person.person_id for invitee in invitees]
    session.execute(sa.delete(Invitation).where(Invitation.person_id.in_(ids)))
    session.add_all(
        Invitation(
            person_id=person_id,
            code_hash=invitations.hash_code(code),
            expires_at=deed.now + invitations.LIFETIME,
            created_by=str(deed.actor),
        )
        for person_id, code in zip(ids, codes, strict=True)
    )
    session.flush()
    offering.record_offer(session, ids, deed.today)
    return [
        Handout(who.unit, who.person.name, who.person.number, code)
        for who, code in zip(invitees, codes, strict=True)
    ]
