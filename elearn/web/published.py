"""Which figures somebody sees who sees only the public form: those of a measurement that is given out, as
soon as there is one (S14)."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from flask import current_app

from elearn.people.models import AccessRole
from elearn.reports import published
from elearn.reports.measurements import Head
from elearn.reports.published import RememberedEditions
from elearn.reports.remembered import Report
from elearn.web.request import access, session, today


@dataclass(frozen=True, slots=True)
class Edition:
    """``head``: the measurement that is shown; ``every``: all to choose from, by date; ``report``: its
    figures, nothing hidden yet; ``asked_on``: the day that was asked for, if it is another one."""

    head: Head
    every: tuple[Head, ...]
    report: Report
    asked_on: dt.date | None


def sees_public_form() -> bool:
    """The working group sees totals (R31); VPC and a department's coordinator the real figures."""
    return AccessRole.WORKING_GROUP in access().roles and AccessRole.VPC not in access().roles


def edition(on: dt.date | None = None) -> Edition | None:
    """The measurement that stands for this day, the latest without one; None for who sees the real figures,
    and as long as none is given out. Raises ``Refused`` for one that was changed since it was frozen."""
    if not sees_public_form():
        return None
    every = published.editions(session())
    head = published.asked_for(every, on or today())
    if head is None:
        return None
    report = remembered().report(session(), head)
    return Edition(head, tuple(every), report, None if on in (None, head.on) else on)


def remembered() -> RememberedEditions:
    """This worker's memory of the measurements that were shown last."""
    memory = current_app.extensions.setdefault("elearn-editions", RememberedEditions())
    return cast(RememberedEditions, memory)
