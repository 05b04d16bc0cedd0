"""How dates, shares and names are written in Swedish. Spaces inside a figure never break."""

import datetime as dt
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask

from elearn import clock
from elearn.people.models import LEVEL_WORDS, UnitKind
from elearn.reports import words
from elearn.reports.words import NO_BREAK_SPACE, number_in_words
from elearn.training import certificate_codes


def level_in_words(kind: UnitKind) -> str:
    """Förvaltning, Område, Enhet, Extern"""
    return LEVEL_WORDS[kind].capitalize()


def duration_in_words(minutes: int) -> str:
    """Ungefär …: en minut, nio minuter, 25 minuter, en timme (from 55 minutes), en och en halv timme, två
    timmar. It is never broken over two lines."""
    if minutes < 55:
        words = "en minut" if minutes == 1 else f"{number_in_words(minutes)} minuter"
    else:
        words = _hours_in_words(round(minutes / 30))
    return words.replace(" ", NO_BREAK_SPACE)


def _hours_in_words(halves: int) -> str:
    if halves == 2:
        return "en timme"
    if halves == 3:
        return "en och en halv timme"
    hours = f"{halves / 2:g}".replace(".", ",") if halves % 2 else number_in_words(halves // 2)
    return f"{hours} timmar"


def day_distance(day: dt.date, today: dt.date) -> str:
    """How far ahead a day is: i dag, i morgon, om tolv dagar, om 50 dagar"""
    count = (day - today).days
    return {0: "i dag", 1: "i morgon"}.get(
        count, f"om {number_in_words(count)} dagar".replace(" ", NO_BREAK_SPACE)
    )


def validity_in_words(text: str) -> str:
    """Since when a fact holds: Gäller från: 15 januari 2026; Gäller från: 2026; Gäller: tills vidare"""
    try:
        return f"Gäller från: {clock.in_words(clock.parse_date(text))}"
    except ValueError:
        word, _, rest = text.partition(" ")
        return f"Gäller: {rest}" if word.lower() == "gäller" and rest else f"Gäller från: {text}"


def moment_in_words(moment: dt.datetime) -> str:
    """A day and a time in Stockholm: den 1 december 2026 kl. 02.30."""
    local = moment.astimezone(clock.STOCKHOLM)
    return f"den {clock.in_words(local.date())} kl.{NO_BREAK_SPACE}{local:%H.%M}"


def age_in_words(age: dt.timedelta) -> str:
    """How long ago: whole hours, or days from the second on."""
    hours = max(0, int(age.total_seconds() // 3600))
    if hours < 1:
        return "för mindre än en timme sedan"
    if hours < 48:
        return "för en timme sedan" if hours == 1 else f"för {hours} timmar sedan"
    return f"för {hours // 24} dagar sedan"


def rendered_once(app: Flask, template: str, macro: str) -> Callable[..., str]:
    """A macro as a filter, for one whose output depends on its arguments alone: rendered the first time and
    then remembered."""

    @functools.lru_cache(maxsize=2048)
    def rendered(*arguments: object) -> str:
        return cast(str, getattr(app.jinja_env.get_template(template).module, macro)(*arguments))

    return rendered


@dataclass(frozen=True, slots=True)
class Activity:
    """A sentence of the plan. ``number`` is "" where the course names none."""

    number: str
    text: str


def activity(text: str) -> Activity:
    """``aktivitet`` of a kurs.md: the plan's own number, if it begins with one, apart from its sentence."""
    found = re.match(r"(\d+(?:\.\d+)*)\s+(.+)", text, re.DOTALL)
    return Activity(*found.groups()) if found else Activity("", text)


def register(app: Flask) -> None:
    app.add_template_filter(rendered_once(app, "macros/parts.html", "sign"), "sign")
    app.add_template_filter(clock.in_words, "date")
    app.add_template_filter(clock.day_of, "day")
    app.add_template_filter(clock.moment_in_words, "moment")
    app.add_template_filter(moment_in_words, "moment")
    app.add_template_filter(age_in_words, "age")
    app.add_template_filter(validity_in_words, "validity")
    app.add_template_filter(words.share_in_words, "share")
    app.add_template_filter(words.threshold_in_words, "threshold")
    app.add_template_filter(number_in_words, "words")
    app.add_template_filter(words.persons_in_words, "persons")
    app.add_template_filter(words.in_a_row, "in_a_row")
    app.add_template_filter(words.thousands, "thousands")
    app.add_template_filter(words.decimal_in_words, "decimal")
    app.add_template_filter(level_in_words, "level")
    app.add_template_filter(duration_in_words, "duration")
    app.add_template_filter(activity)
    app.add_template_filter(certificate_codes.shown, "code")
    app.add_template_filter(day_distance, "from_now")
