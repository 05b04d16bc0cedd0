"""What the menu shows beside the pages of one's roles: the own course and the certificates, when there are
any.

The pages that know keep it in the signed cookie, so that a lesson page asks the database nothing for its
menu. It decides which links are shown, and nothing else.
"""

from dataclasses import dataclass

from flask import session as cookie

from elearn.web.request import catalog

COURSE, CERTIFICATES = "course", "certificates"


@dataclass(frozen=True, slots=True)
class Menu:
    """``course``: the address of the course that the visitor is taking, when it is one."""

    course: str | None
    has_certificates: bool


def menu() -> Menu:
    """As the start page last knew it, without a course that has been taken away since."""
    slug = cookie.get(COURSE, "")
    return Menu(f"/kurs/{slug}" if catalog().course(slug) else None, bool(cookie.get(CERTIFICATES)))


def remember(course: str | None, *, has_certificates: bool) -> None:
    """``course``: its slug. The cookie is sent anew only when something has changed."""
    for name, value in ((COURSE, course), (CERTIFICATES, has_certificates)):
        if value and cookie.get(name) != value:
            cookie[name] = value
        elif not value and name in cookie:
            del cookie[name]
