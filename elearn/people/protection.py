"""Whom a reader is told of by name: a protected identity (``skyddad``) by VPC and the person alone, and
counted in every total (S52; measure.md, "Protected identity").

Part of each query, so that no page, file or search is left to remember it.
"""

from typing import Any, TypeAlias

import sqlalchemy as sa

from elearn.people.access import Access
from elearn.people.models import AccessRole, Person, full_name

HIDDEN_NAME = "Namnet visas inte"

Asker: TypeAlias = int | sa.BindParameter[int] | None


def sees_protected(access: Access) -> bool:
    """Whether these roles are told of everybody by name."""
    return AccessRole.VPC in access.roles


def is_named(
    sees: bool | sa.BindParameter[bool], asker_id: Asker = None, person: Any = Person
) -> sa.ColumnElement[bool]:
    """A ``Person`` of whom a reader is told by name: ``sees``, whether of everybody (``sees_protected``);
    ``asker_id``: the reader's own id."""
    told = [~person.is_protected]
    if asker_id is not None:
        told.append(person.id == asker_id)
    if isinstance(sees, bool):
        return sa.true() if sees else sa.or_(*told)
    return sa.or_(sees, *told)


def shown_name(first_name: str, last_name: str, *, is_named: bool) -> str:
    """The name as the reader may see it."""
    return full_name(first_name, last_name) if is_named else HIDDEN_NAME
