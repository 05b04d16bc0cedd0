"""Whether an import would leave the municipality without anybody who can give somebody a role (S6)."""

import datetime as dt

from elearn.database import Session
from elearn.directory import preview
from elearn.directory.changes import Plan
from elearn.identity import grants


def stops(session: Session, plan: Plan, today: dt.date) -> list[str]:
    """What stops the import whatever is accepted: a Swedish sentence, or nothing."""
    locked_out = preview.locked_out(plan, today)
    return [grants.LAST_BY_IMPORT] if grants.would_leave_nobody(session, today, locked_out) else []
