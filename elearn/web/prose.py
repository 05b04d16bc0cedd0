"""A text of the courses as a page shows it: the addresses that its links lead to here, and its facts and
contacts drawn by the macros that the other pages use."""

import functools
import re
from collections.abc import Callable, Mapping
from typing import cast

from flask import Flask
from markupsafe import Markup, escape

from elearn.content import phones
from elearn.content.course import Course
from elearn.content.prose import (
    MOST_REMEMBERED,
    ContactRows,
    CourseLink,
    EntryLink,
    EntryNotes,
    FactCard,
    Jump,
    Link,
    Part,
    PictureAddress,
    Prose,
)

JUMPS = {
    Jump.TO_SHORT_VERSION: '<p><a class="go" href="?kort=1">Läs bara den korta versionen</a></p>',
    Jump.TO_QUESTIONS: '<p><a class="go" href="?kort=1#fragor">Hoppa till frågorna</a></p>',
}
DrawMacro = Callable[..., str]  # the name of a macro, and what it draws


def register(app: Flask) -> None:
    """The filters: ``prose`` (a text, with the course that it is shown in, if any), ``tel`` and ``host``."""

    def draw_macro(name: str, *drawn: object) -> str:
        return cast(str, getattr(app.jinja_env.get_template("macros/parts.html").module, name)(*drawn))

    @functools.lru_cache(maxsize=MOST_REMEMBERED)
    def drawn(prose: Prose, slug: str, lesson_keys: tuple[str, ...]) -> Markup:
        numbers = {key: number for number, key in enumerate(lesson_keys, 1)}
        return Markup(draw(prose.parts, slug, numbers, draw_macro))  # noqa: S704

    def filtered(prose: Prose, course: Course | None = None) -> Markup:
        if all(isinstance(part, str) for part in prose.parts):
            return drawn(prose, "", ())
        return drawn(prose, course.slug, course.lesson_keys) if course else drawn(prose, "", ())

    app.add_template_filter(filtered, "prose")
    app.add_template_filter(phone_address, "tel")
    app.add_template_filter(web_name, "host")


def draw(parts: tuple[Part, ...], slug: str, numbers: Mapping[str, int], draw_macro: DrawMacro) -> str:
    """The HTML of a text in this course. ``numbers``: the course's lessons by key; a link to another lesson
    is plain text."""
    html = []
    for part in parts:
        match part:
            case str():
                html.append(part)
            case Jump():
                html.append(JUMPS[part])
            case PictureAddress(path):
                html.append(f"/kursbilder/{path}")
            case EntryNotes(facts, contacts):
                html.append(draw_macro("entry_notes", facts, contacts))
            case FactCard(fact):
                html.append(draw_macro("fact_card", fact))
            case ContactRows(contacts):
                html.append(draw_macro("contact_rows", contacts))
            case _:
                html.append(_link(part, slug, numbers, draw(part.text, slug, numbers, draw_macro)))
    return "".join(html)


def _link(link: Link, slug: str, numbers: Mapping[str, int], text: str) -> str:
    title = f' title="{escape(link.title)}"' if link.title else ""
    match link:
        case EntryLink():
            return f'<a class="fact-link" href="#{link.id}"{title}>{text}</a>'
        case CourseLink():
            return f'<a href="/kurs/{link.slug}"{title}>{text}</a>'
        case _ if link.key in numbers:
            anchor = f"#{link.anchor}" if link.anchor else ""
            return f'<a href="/kurs/{slug}/{numbers[link.key]}{anchor}"{title}>{text}</a>'
        case _:
            return text


def phone_address(phone: str) -> str:
    """What a telephone is to call: tel:+46853061000."""
    return f"tel:{phones.dialled(phone)}"


def web_name(address: str) -> str:
    """An address as people say it: bris.se."""
    return re.sub(r"^https?://(?:www\.)?|/$", "", address)
