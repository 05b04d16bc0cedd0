"""Codes that a manager hands out: a new one to somebody who has forgotten the password, the first ones to
those of a unit who have none.

A code opens the account of whoever has it. So nobody gets one from a manager who may do more than an employee
(S6): with it, the manager could take over those rights. And nobody whose name the manager may not see: that
code comes from the operator, by VPC (S52).
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from elearn import swedish
from elearn.database import Session
from elearn.errors import Conflict, NotFound, Refused
from elearn.identity import actions, password_use
from elearn.identity.actions import Handout
from elearn.identity.queries import Invitee
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import access, protection
from elearn.people.access import Access
from elearn.people.models import Employment, OrgUnit, Person
from elearn.people.queries import PersonRef
from elearn.settings import PasswordUse

OWN_CODE = "Du kan inte ge en kod till dig själv. Du byter ditt eget lösenord på sidan Byt lösenord."
NOBODY = "Alla här har redan valt ett lösenord, eller får sin kod av administratören."


def give_code(
    session: Session,
    deed: Deed,
    manager: Access,
    unit_code: str,
    person_id: int,
    use: PasswordUse = PasswordUse.ALL,
) -> Handout:
    """A new code for one person of this unit. The password and the logins go on until it is used. Raises
    ``NotFound`` for a unit that the manager does not have or a person who does not work there or whose name
    is not shown, ``Refused`` for oneself, for whoever may do more than an employee and for whoever may use no
    password."""
    staff = _staff(session, manager, unit_code, deed.today, use)
    found = [row for row in staff if row.id == person_id]
    if not found:
        raise NotFound
    if person_id == manager.person_id:
        raise Refused(OWN_CODE)
    invitee = _invitee(found[0])
    if found[0].has_more_rights:
        raise Refused(
            f"{invitee.person.name} har fler behörigheter än en medarbetare, till exempel som chef, och får "
            "sin kod av administratören."
        )
    if not found[0].may_use_password:
        raise Refused(
            f"{invitee.person.name} loggar in på ett annat sätt än med lösenord och behöver ingen kod."
        )
    return _give(session, deed, found[0].unit_id, [invitee])[0]


def give_first_codes(
    session: Session, deed: Deed, manager: Access, unit_code: str, use: PasswordUse = PasswordUse.ALL
) -> list[Handout]:
    """A code for everybody of this unit who has no password and may use one, by name in Swedish order; those
    who may do more than an employee, or whose name is not shown, are left out. Raises ``NotFound``, or
    ``Conflict`` when nobody is left."""
    staff = _staff(session, manager, unit_code, deed.today, use)
    mine = manager.person_id
    lacking = [
        row
        for row in staff
        if row.may_use_password and not (row.has_password or row.has_more_rights or row.id == mine)
    ]
    if not staff:
        raise NotFound
    if not lacking:
        raise Conflict(NOBODY)
    invitees = sorted(
        map(_invitee, lacking), key=lambda one: (swedish.sort_key(one.person.name), one.person.number)
    )
    return _give(session, deed, lacking[0].unit_id, invitees)


def _staff(
    session: Session, manager: Access, unit_code: str, on: dt.date, use: PasswordUse
) -> list[sa.Row[Any]]:
    """Whoever works in this unit itself on the day, each once, if the manager has it and may see the name
    (S4, S52)."""
    sees = protection.sees_protected(manager)
    asked = (
        sa.select(
            Person.id,
            Person.number,
            Person.first_name,
            Person.last_name,
            Person.email,
            Person.password_hash.is_not(None).label("has_password"),
            access.has_more_rights(Person.id, on).label("has_more_rights"),
            password_use.may_use(Person.id, use, on).label("may_use_password"),
            OrgUnit.id.label("unit_id"),
            OrgUnit.name.label("unit_name"),
        )
        .join(Employment, Employment.person_id == Person.id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .where(OrgUnit.code == unit_code, OrgUnit.id.in_(access.managed_units(manager.person_id, on)))
        .where(access.is_active(on), protection.is_named(sees, manager.person_id))
        .distinct()
    )
    # PostgreSQL takes no text with a NUL in it.
    return list(session.execute(asked)) if unit_code.isprintable() else []


def _invitee(row: sa.Row[Any]) -> Invitee:
    return Invitee(row.unit_name, PersonRef(row.id, row.number, row.first_name, row.last_name, row.email))


def _give(session: Session, deed: Deed, unit_id: int, invitees: list[Invitee]) -> list[Handout]:
    """Who got a code stands in the journal: a used code leaves no other trace of who handed it out."""
    handouts = actions.make_codes(session, deed, invitees)
    persons = " ".join(str(invitee.person.person_id) for invitee in invitees)
    journal.record(session, deed, EntryKind.HANDED_OUT_CODES, unit=unit_id, persons=persons)
    return handouts
