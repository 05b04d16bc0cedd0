"""The certificate as a tagged PDF, one A4. The same certificate gives the same bytes."""

import functools
from pathlib import Path

from elearn import clock, pdf
from elearn.settings import data_dir
from elearn.training import certificate_codes
from elearn.training.queries import Certificate

TEMPLATE = Path(__file__).parent / "print" / "certificate.typ"


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
    return pdf.draw(TEMPLATE, told)


@functools.cache
def _drawing(name: str) -> str:
    return (data_dir("static") / "img" / name).read_text(encoding="utf-8")
