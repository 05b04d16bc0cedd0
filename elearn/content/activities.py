"""The plan's activities of education, as ``aktiviteter.md`` tells them (R34, R35)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from elearn.content.prose import Prose


class Organiser(StrEnum):
    """Who arranges an education (R29, R30), as authors write it."""

    COMMITTEE = "nämnden"
    TOGETHER = "nämnden och VPC"
    VPC = "VPC"


@dataclass(frozen=True, slots=True)
class Activity:
    """One of them. ``lead``: the one committee that is to begin it, or "" where the plan's copy does not tell
    (its bold type is lost: R35); ``committees``: all others that answer for it, or ``EVERY_COMMITTEE`` alone;
    ``schedule``: "" where the plan gives none; ``courses``: slugs; ``is_education``: somebody is to arrange
    it; ``organiser``: as decided, if it is."""

    title: str
    text: Prose
    goal: str  # målbild, "4.4"
    lead: str
    committees: tuple[str, ...]
    schedule: str
    courses: tuple[str, ...]
    indicator: str  # mått
    is_education: bool
    organiser: Organiser | None
    source: str
    checked_on: dt.date | None
    todo: str  # for VPC

    @property
    def named(self) -> tuple[str, ...]:
        """Every committee that answers for it, the lead first."""
        return (self.lead, *self.committees) if self.lead else self.committees

    @property
    def is_for_all(self) -> bool:
        """Whether every committee answers for it."""
        return EVERY_COMMITTEE in self.committees


EVERY_COMMITTEE = "samtliga nämnder"
