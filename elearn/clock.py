"""The only two clocks. Dates are Stockholm's and can be moved (``ELEARN_TODAY``); moments are UTC and
cannot."""

import calendar
import datetime as dt
import re
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
FIRST_YEAR = 1900
ASKED_FROM, ASKED_TO = 1990, 2099  # the years that a page is asked for and a form takes
DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")


def now() -> dt.datetime:
    """The moment, in UTC. Sessions, invitations and the order of events go by it."""
    return dt.datetime.now(dt.UTC)


def today(fixed: dt.date | None = None) -> dt.date:
    """The date in Stockholm, or ``fixed`` (``Settings.today``), which moves dates but never sessions."""
    return fixed or day_of(now())


def day_of(moment: dt.datetime) -> dt.date:
    """The date in Stockholm at a moment."""
    return moment.astimezone(STOCKHOLM).date()


def add_months(day: dt.date, months: int) -> dt.date:
    """``day`` plus calendar months, clamped to the end of a shorter month (measure.md, rule 5).

    >>> add_months(dt.date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_date(text: str) -> dt.date:
    """A date written 2026-12-31, and no other form: the one reader of dates that people write.

    Raises ``ValueError`` with a Swedish sentence that says what is wrong and what to write.
    """
    parts = DATE.fullmatch(text)
    if not parts:
        raise ValueError(f"”{text}” är inget datum. Skriv det som 2026-12-31.")
    year, month, day = int(parts["year"]), int(parts["month"]), int(parts["day"])
    if year < FIRST_YEAR:
        raise ValueError(f"”{text}”: året ska vara {FIRST_YEAR} eller senare. Skriv datumet som 2026-12-31.")
    if not 1 <= month <= 12:
        raise ValueError(f"”{text}”: månaden ska vara 01 till 12. Skriv datumet som {year}-12-01.")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"”{text}”: månaden har dagarna 01 till {last}. Menar du {year}-{month:02}-{last}?")
    return dt.date(year, month, day)


class FarAwayError(ValueError):
    """A date that is one, but of no year that anything here is about."""


def read_day(text: str) -> dt.date:
    """A day that somebody asks a page for or types in a form: the one reader of those. Like ``parse_date``,
    and not so far away that it can only be a slip, or that nothing can be counted from it.

    Raises ``ValueError`` with a Swedish sentence, ``FarAwayError`` for a year that is too far away."""
    day = parse_date(text.strip())
    if not ASKED_FROM <= day.year <= ASKED_TO:
        raise FarAwayError(f"”{text.strip()}”: året ska vara {ASKED_FROM} till {ASKED_TO}.")
    return day


def in_words(day: dt.date) -> str:
    """A date as it is written in Swedish: 23 november 2026. The day stays with its month."""
    return f"{day.day}\u00a0{MONTHS[day.month - 1]} {day.year}"


def moment_in_words(moment: dt.datetime) -> str:
    """A moment in Stockholm as it is written in Swedish: 23 november 2026 kl. 14.05."""
    local = moment.astimezone(STOCKHOLM)
    return f"{in_words(local.date())} kl.\u00a0{local:%H.%M}"


def start_of(day: dt.date) -> dt.datetime:
    """The moment, in UTC, when a day begins in Stockholm."""
    return dt.datetime.combine(day, dt.time(), STOCKHOLM).astimezone(dt.UTC)
