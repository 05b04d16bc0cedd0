"""The only two clocks. Dates are Stockholm's and can be moved (``ELEARN_TODAY``); moments are UTC and
cannot."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip


def now() -> dt.datetime:
    """The moment, in UTC. Sessions, invitations and the order of events go by it."""
    return dt.datetime.now(dt.UTC)


def today(fixed: dt.date | None = None) -> dt.date:
    """The date in Stockholm, or ``fixed`` (``Settings.today``), which moves dates but never sessions."""
    return fixed or now().astimezone(STOCKHOLM).date()


def add_months(day: dt.date, months: int) -> dt.date:
    """``day`` plus calendar months, clamped to the end of a shorter month (measure.md, rule 5).

    >>> add_months(dt.date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def in_words(day: dt.date) -> str:
    """A date as it is written in Swedish: 23 november 2026. The day stays with its month."""
    return f"{day.day}\u00a0{MONTHS[day.month - 1]} {day.year}"
