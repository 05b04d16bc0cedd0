"""Files that somebody has fetched: each stands in the journal, and how often is counted there."""

import datetime as dt
import json
from dataclasses import dataclass

import sqlalchemy as sa

from elearn.database import Session
from elearn.journal import actions
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind, JournalEntry

OWN_UNITS = "own-units"  # ``part`` of a manager's file


@dataclass(frozen=True, slots=True)
class Fetch:
    """A file of figures. ``report``: which one; ``part``: a department's code, ``OWN_UNITS`` or, for
    everything that the reader sees, None; ``committee``: only that nämnd's departments."""

    report: str
    on: dt.date
    form: str
    file_format: str
    part: str | None = None
    committee: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """How often that file has been fetched, by whomever, and when last (UTC)."""

    fetch: Fetch
    count: int
    last_at: dt.datetime


def record_fetch(session: Session, deed: Deed, fetch: Fetch) -> None:
    """Write in the journal that the deed's actor fetches this file."""
    actions.record(
        session,
        deed,
        EntryKind.FETCHED_FIGURES,
        report=fetch.report,
        on=fetch.on.isoformat(),
        form=fetch.form,
        format=fetch.file_format,
        part=fetch.part,
        committee=fetch.committee,
    )


def fetched(session: Session, limit: int = 50) -> list[Fetched]:
    """The files that were fetched last, the latest first, each once with how often."""
    last_at = sa.func.max(JournalEntry.recorded_at)
    rows = session.execute(
        sa.select(JournalEntry.details, sa.func.count(), last_at)
        .where(JournalEntry.kind == EntryKind.FETCHED_FIGURES.value)
        .group_by(JournalEntry.details)
        .order_by(sa.func.max(JournalEntry.id).desc())
        .limit(limit)
    )
    return [Fetched(_read(details), count, moment) for details, count, moment in rows]


def _read(details: str) -> Fetch:
    told = json.loads(details)
    return Fetch(
        told["report"],
        dt.date.fromisoformat(told["on"]),
        told["form"],
        told["format"],
        told.get("part"),
        told.get("committee"),
    )
