"""The certificate as a tagged PDF (PDF/UA-1), one A4, drawn by Typst.

What it says of somebody goes in as data, never as a part of the template, and the template can read no file
but those beside it. The same certificate gives the same bytes.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path

import typst

from elearn import clock
from elearn.settings import data_dir
from elearn.training import certificate_codes
from elearn.training.queries import Certificate

FOLDER = Path(__file__).parent / "print"
TEMPLATE = FOLDER / "certificate.typ"


def draw(certificate: Certificate, body: str, issuer: str, check_link: str) -> bytes:
    """The PDF. ``body``: what it says of the course; ``issuer``: the municipality; ``check_link``: where its
    code is checked."""
    day = certificate.completed_on
    told = {
        "title": f"Intyg, {certificate.course_title}",
        "issuer": issuer,
        "issued": (day.year, day.month, day.day),
        "name": certificate.person_name,
        "course": certificate.course_title,
        "body": body,
        "facts": (
            ("Utfärdat", clock.in_words(day)),
            ("Gäller till och med", clock.in_words(certificate.valid_until)),
            ("Utgåva", str(certificate.course_edition)),
            ("Kontrollkod", certificate_codes.shown(certificate.code)),
        ),
        "check_link": check_link,
        "check_address": check_link.partition("://")[2].partition("?")[0],
        "band": _drawing("band.svg"),
        "seal": _drawing("sigill.svg"),
    }
    try:
        return _compiled(told, is_strict=True)
    except typst.TypstError:  # a letter of the name that no font has: the standard refuses the empty box
        return _compiled(told, is_strict=False)


def _compiled(told: Mapping[str, object], *, is_strict: bool) -> bytes:
    return typst.compile(
        TEMPLATE,
        root=FOLDER,
        font_paths=_fonts(),
        sys_inputs={"told": json.dumps(told)},
        format="pdf",
        pdf_standards="ua-1" if is_strict else None,
    )


@functools.cache
def _fonts() -> typst.Fonts:
    """Read once: our own, for letters that it lacks Typst's, and for those that both lack the machine's."""
    return typst.Fonts(font_paths=[FOLDER])


@functools.cache
def _drawing(name: str) -> str:
    return (data_dir("static") / "img" / name).read_text(encoding="utf-8")
