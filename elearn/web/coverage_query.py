"""What the coverage page was asked for: one form's fields, kept in every link of the page."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from elearn import clock
from elearn.errors import Invalid
from elearn.people.models import UnitKind
from elearn.reports.narrowing import Wanted
from elearn.web.request import today

PATH = "/tackning"
LEVELS = {
    "forvaltning": UnitKind.DEPARTMENT,
    "omrade": UnitKind.DIVISION,
    "enhet": UnitKind.UNIT,
    "extern": UnitKind.EXTERNAL,
}
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A day that is often asked for."""

    day: dt.date
    name: str
    is_forecast: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """``date``: as it stands in the address, "" is today; ``level``: a key of ``LEVELS`` or ""; ``opened``:
    the code of the row that is open; ``is_whole``: a long list is shown to its end."""

    date: str = ""
    committee: str = ""
    text: str = ""
    level: str = ""
    is_below: bool = False
    opened: str = ""
    is_whole: bool = False

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.text, LEVELS.get(self.level), self.is_below)

    @property
    def is_list(self) -> bool:
        """Whether rows are looked for, wherever they stand; else the tree is shown."""
        return not self.wanted.is_everything

    @property
    def on(self) -> dt.date:
        return self.day or today()

    @property
    def day(self) -> dt.date | None:
        """The day that was asked for, if one was."""
        return clock.parse_date(self.date) if self.date else None

    def address(self, path: str = PATH, **changes: object) -> str:
        """The page with all that was asked for, but these changes. What is as usual is left out."""
        asked = replace(self, **changes)  # type: ignore[arg-type]
        fields = {
            "datum": asked.date,
            "namnd": asked.committee,
            "sok": asked.text,
            "niva": asked.level,
            "under": "1" if asked.is_below else "",
            "oppna": asked.opened,
            "visa": "alla" if asked.is_whole else "",
        }
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"{path}?{query}" if query else path

    def unit_address(self, code: str) -> str:
        """The own page of a row, with the way back to what is shown now."""
        return self.address(f"{PATH}/enhet/{quote(code)}", opened="", is_whole=False)


def read(fields: Mapping[str, str]) -> tuple[Asked, list[tuple[str, str]]]:
    """What the address asks for, and what is wrong with it: (field, sentence). A date that cannot be read is
    today. An unknown level is none."""
    date, faults = fields.get("datum", "").strip(), []
    try:
        read_date(date)
    except Invalid as refusal:
        date, faults = "", [("datum", str(refusal))]
    level = fields.get("niva", "")
    asked = Asked(
        date=date,
        committee=fields.get("namnd", "").strip(),
        text=" ".join(fields.get("sok", "").split())[:LONGEST_TEXT],
        level=level if level in LEVELS else "",
        is_below=fields.get("under") == "1",
        opened=fields.get("oppna", ""),
        is_whole=fields.get("visa") == "alla",
    )
    return asked, faults


def read_date(text: str) -> dt.date:
    """Today where nothing is written. Raises ``Invalid`` with the sentence to show."""
    if not text.strip():
        return today()
    try:
        return clock.read_day(text)
    except clock.FarAwayError as error:
        raise Invalid(str(error)) from None
    except ValueError:
        raise Invalid(f"Skriv datumet som {today().isoformat()}.") from None


def shortcuts(measured_on: dt.date | None = None) -> list[Shortcut]:
    """Today, the last days of the year before and of this one, and the day of the latest measurement, if
    there is one."""
    now = today()
    named = {now: "I dag"}
    for year in (now.year - 1, now.year):
        named.setdefault(dt.date(year, 12, 31), clock.in_words(dt.date(year, 12, 31)))
    if measured_on and measured_on != now:
        named[measured_on] = f"Senaste mätningen, {clock.in_words(measured_on)}"
    return [Shortcut(day, name, day > now) for day, name in named.items()]
