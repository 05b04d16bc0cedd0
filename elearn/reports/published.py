"""The measurements that everybody may see in the public form, and which of them a day asks for (measure.md,
"Small groups: the public form"). Whoever sees only that form sees no figures of any other day: two days near
each other differ by what one person has done."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from elearn.errors import Refused
from elearn.reports import measurements
from elearn.reports.measurements import DatedOne, Head
from elearn.reports.remembered import Report

KEPT_COUNT = 4


def editions(session: Session) -> list[Head]:
    """Those that are given out, by date."""
    return sorted(measurements.given_out(measurements.heads(session)), key=lambda one: one.on)


def asked_for(out: Sequence[DatedOne], on: dt.date) -> DatedOne | None:
    """Of those that are given out the latest one on this day or before it, else the first; None: there is
    none at all."""
    in_order = sorted(out, key=lambda one: one.on)
    earlier = [one for one in in_order if one.on <= on]
    return earlier[-1] if earlier else next(iter(in_order), None)


class RememberedEditions:
    """One worker's memory of the measurements that were shown last. They never change."""

    def __init__(self) -> None:
        self._kept: dict[Head, Report] = {}

    def report(self, session: Session, head: Head) -> Report:
        """The whole measurement, nothing hidden yet, with the threshold that it was frozen with. Raises
        ``Refused`` when it is no longer what was frozen."""
        if head not in self._kept:
            for fault in measurements.faults_of(session, head.id):
                raise Refused(fault)
            if len(self._kept) >= KEPT_COUNT:
                self._kept.clear()
            self._kept[head] = Report(measurements.load(session, head.id).coverage)
        return self._kept[head]
