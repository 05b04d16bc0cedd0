"""The menu's own links are kept in the signed cookie, and sent anew only when they change."""

from flask import Flask
from flask import session as cookie

from elearn.web import menu
from elearn.web.menu import Menu


def test_it_holds_what_was_remembered_last(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/"):
        assert menu.menu() == Menu(None, has_certificates=False)
        menu.remember("forskola", has_certificates=True)
        assert menu.menu() == Menu("/kurs/forskola", has_certificates=True)
        menu.remember(None, has_certificates=False)
        assert menu.menu() == Menu(None, has_certificates=False)
        assert dict(cookie) == {}


def test_a_course_that_has_been_taken_away_is_no_link(sqlite_app: Flask) -> None:
    """pages.md, rule 7: a navigation shows only what exists."""
    with sqlite_app.test_request_context("/"):
        menu.remember("borttagen", has_certificates=True)
        assert menu.menu() == Menu(None, has_certificates=True)


def test_what_has_not_changed_is_not_sent_again(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/"):
        menu.remember("forskola", has_certificates=False)
        cookie.modified = False
        menu.remember("forskola", has_certificates=False)
        assert not cookie.modified
