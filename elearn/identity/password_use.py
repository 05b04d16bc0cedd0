"""Who may log in with a password, when the municipality's own accounts or codes by mail are there for the
others (``ELEARN_PASSWORDS``)."""

import datetime as dt

import sqlalchemy as sa

from elearn.database import Session
from elearn.people import org_tree
from elearn.people.models import AccessGrant, AccessRole, Employment, OrgUnit, Person, UnitKind
from elearn.settings import PasswordUse

USE_ACCOUNT = "Du loggar in på ett annat sätt än med lösenord. Välj bland de andra sätten på sidan."
NO_PASSWORD = "{number} loggar in på ett annat sätt än med lösenord (ELEARN_PASSWORDS) och får ingen kod."  # noqa: S105  a sentence


def may_use(
    person_id: sa.orm.InstrumentedAttribute[int], use: PasswordUse, on: dt.date
) -> sa.ColumnElement[bool]:
    """Whether a person may have and use a password on the day."""
    if use == PasswordUse.ALL:
        return sa.true()
    administers = sa.exists().where(
        AccessGrant.person_id == person_id, AccessGrant.role == AccessRole.ADMINISTRATOR
    )
    if use == PasswordUse.ADMINISTRATORS:
        return administers
    outside = org_tree.below(sa.select(OrgUnit.id).where(OrgUnit.kind == UnitKind.EXTERNAL))
    own = sa.orm.aliased(Employment)  # also inside a statement about one employment
    is_outside = sa.exists().where(
        own.person_id == person_id,
        own.starts_on <= on,
        sa.or_(own.ends_on.is_(None), own.ends_on >= on),
        own.unit_id.in_(outside),
    )
    return sa.or_(administers, is_outside)


def is_allowed(session: Session, person_id: int, use: PasswordUse, on: dt.date) -> bool:
    """The same, of one person."""
    if use == PasswordUse.ALL:
        return True
    asked = sa.select(Person.id).where(Person.id == person_id, may_use(Person.id, use, on))
    return session.scalar(asked) is not None
