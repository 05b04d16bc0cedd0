"""Headers, cookies, tokens, sessions, errors and third parties: S3, S7-S10, S12, S24, S26, S28-S30."""

import datetime as dt
import logging
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask import session as cookie_in_flask
from flask.testing import FlaskClient

from elearn import clock, database
from elearn.identity import actions, logins, passwords
from elearn.identity.models import LoginSession
from elearn.people.models import AccessRole, Employment, Person
from elearn.web import security
from elearn.web.request import session as request_session
from tests import builders
from tests.content import folders
from tests.web import town
from tests.web.test_routes import TABLE

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self' https://www.smhi.se; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGES = [path for method, path, _ in TABLE.values() if method == "GET" and not path.startswith("/static")]


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


def content(app: Flask) -> dict[str, list[Any]]:
    with app.extensions["elearn"].engine.connect() as connection:
        tables = database.Base.metadata.sorted_tables
        return {
            table.name: list(connection.execute(sa.select(table).order_by(*table.primary_key.columns)))
            for table in tables
        }


def test_every_page_and_error_page_has_the_headers(app: Flask, people: dict[str, int]) -> None:
    """S24, literally."""
    client = town.login(app, people["vpc"])
    for response in [
        *map(client.get, [*PAGES, "/finns-inte"]),
        client.post("/kurs/forskola/1"),
        app.test_client().get("/"),
    ]:
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS, response.request.path
        assert "Strict-Transport-Security" not in response.headers


def test_only_our_own_static_files_may_be_kept(app: Flask) -> None:
    client = app.test_client()
    for path, name, expected in (
        ("/static/style.css", "Cache-Control", "public, max-age=31536000, immutable"),
        ("/static/saknas.css", "Cache-Control", "no-store"),
        ("/static/img/start.svg", "Content-Security-Policy", security.PICTURE_POLICY),
    ):
        with client.get(path) as response:
            assert response.headers[name] == expected


def test_with_https_cookies_are_host_bound_and_the_browser_remembers(sqlite_url: str, tmp_path: Path) -> None:
    """S12, S24."""
    app = town.application(sqlite_url, folders.write(tmp_path / "c"), public_url="https://kurs.example")
    response = app.test_client().get("/logga-in", base_url="https://kurs.example")
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-elearn=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    app.extensions["elearn"].engine.dispose()


def test_without_https_the_cookie_is_still_closed_to_script_and_other_sites(app: Flask) -> None:
    """S12."""
    (cookie,) = app.test_client().get("/logga-in").headers.getlist("Set-Cookie")
    assert cookie.startswith("elearn=")
    assert {"HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


def test_no_post_without_a_token_changes_anything(app: Flask, people: dict[str, int]) -> None:
    """S10. The quick exit alone needs none: it may only log out."""
    clients = [town.login(app, people[role]) for role in ("employee", "vpc")]
    before = content(app)
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint != "login.leave":
            path = TABLE[rule.endpoint][1]
            for client in clients:
                assert client.post(path, data={"losenord": "x", "csrf_token": "fel"}).status_code == 400, path
    assert content(app) == before


def test_no_get_ever_writes(app: Flask, people: dict[str, int]) -> None:
    """S10: the whole database is the same after every page by every role. A file that is fetched stands in the
    journal, by a transaction of its own (docs/decisions.md)."""
    clients = [town.login(app, people[role]) for role in ("employee", "manager", "coordinator", "vpc")]
    before = content(app)
    for path in [*PAGES, "/tackning?oppna=U", "/tackning/export?format=json", "/min-enhet/UF1"]:
        for client in clients:
            client.get(path)
            client.head(path)
    after = content(app)
    fetched = after.pop("journal_entry")[len(before["journal_entry"]) :]
    assert {row[3] for row in fetched} <= {"fetched-figures", "looked-up-person"}
    del before["journal_entry"]
    assert after == before


def test_a_reading_request_cannot_write_even_if_its_view_tried(app: Flask, people: dict[str, int]) -> None:
    """S10: the database itself refuses."""

    def write() -> str:
        request_session().add(
            LoginSession(token_hash="x", person_id=people["vpc"], began_at=clock.now(), ended_at=None)
        )
        request_session().flush()
        return "skrivet"

    app.view_functions["public.health"] = write
    assert app.test_client().get("/healthz").status_code == 500


def test_a_copied_cookie_is_dead_after_logout(app: Flask, people: dict[str, int]) -> None:
    """S9."""
    client, copy = twins(app, people["employee"])
    token = town.token_in(client.get("/").text)
    assert client.post("/logga-ut", data={"csrf_token": token}).status_code == 303
    assert copy.get("/").status_code == 303


def test_the_quick_exit_ends_the_login_and_leads_away(app: Flask, people: dict[str, int]) -> None:
    client, copy = twins(app, people["employee"])
    response = client.post("/lamna")
    assert (response.status_code, response.headers["Location"]) == (303, "https://www.smhi.se/vader")
    assert copy.get("/").status_code == 303
    assert client.get("/").status_code == 303


def test_every_page_of_somebody_who_is_logged_in_has_the_quick_exit(
    app: Flask, people: dict[str, int]
) -> None:
    """pages.md, rule 4: once, and the pages for everybody and the errors too."""
    client = town.login(app, people["manager"])
    pages = [
        response for response in map(client.get, [*PAGES, "/finns-inte"]) if response.mimetype == "text/html"
    ]
    assert len(pages) > 10
    for page in pages:
        if page.status_code != 303:
            assert page.text.count('action="/lamna"') == 1, page.request.path
    assert 'action="/lamna"' not in app.test_client().get("/logga-in").text


def twins(app: Flask, person_id: int) -> tuple[FlaskClient, FlaskClient]:
    """A client and a thief with a copy of its cookie."""
    client, copy = town.login(app, person_id), app.test_client()
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    with copy.session_transaction() as cookie:
        cookie.update(kept)
    assert copy.get("/").status_code == 200
    return client, copy


def test_a_change_of_role_ends_every_login(app: Flask, people: dict[str, int]) -> None:
    """S9."""
    client = town.login(app, people["employee"])
    with database.transaction(app.extensions["elearn"].engine) as session:
        actions.grant_role(
            session, builders.deed(now=clock.now(), today=town.TODAY), "n-employee", AccessRole.VPC, None
        )
    assert client.get("/").status_code == 303


def test_who_has_left_is_out_at_the_next_request(app: Flask, people: dict[str, int]) -> None:
    """S7: employment and grants, sessions included."""
    client = town.login(app, people["vpc"])
    assert client.get("/tackning").status_code == 200
    with database.transaction(app.extensions["elearn"].engine) as session:
        mine = sa.update(Employment).where(Employment.person_id == people["vpc"])
        session.execute(mine.values(ends_on=town.TODAY - dt.timedelta(days=1)))
    assert client.get("/tackning").status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 303)])
def test_an_idle_login_ends_after_an_hour(
    app: Flask, people: dict[str, int], minutes: int, status: int
) -> None:
    """S9: by the signed time in the cookie."""
    client = town.login(app, people["employee"])
    with client.session_transaction() as cookie:
        cookie["seen_at"] = int(clock.now().timestamp()) - 60 * minutes
    assert client.get("/").status_code == status
    if status == 200:
        with client.session_transaction() as cookie:
            assert cookie["seen_at"] > clock.now().timestamp() - 60


@pytest.mark.parametrize(("minutes", "left"), [(0, 60), (4, 56), (58, 60)])
def test_who_stays_is_told_how_long_the_login_lasts(
    app: Flask, people: dict[str, int], minutes: int, left: int
) -> None:
    """WCAG 2.2.1: it goes on as by any page, whose cookie is written anew after five minutes."""
    client = town.login(app, people["employee"])
    with client.session_transaction() as cookie:
        cookie["seen_at"] = int(clock.now().timestamp()) - 60 * minutes
    answer = client.get("/kvar")
    assert answer.status_code == 200
    assert 60 * left - 30 < int(answer.text) <= 60 * left
    found = re.search(r'data-seconds-left="(\d+)"', client.get("/").text)
    assert found
    assert 60 * left - 30 < int(found[1]) <= 60 * left


@pytest.mark.parametrize(("hours", "status"), [(11.9, 200), (12.1, 303)])
def test_a_login_ends_after_twelve_hours_however_busy(
    app: Flask, people: dict[str, int], hours: float, status: int
) -> None:
    """S9: by the row."""
    client = town.login(app, people["employee"])
    with database.transaction(app.extensions["elearn"].engine) as session:
        session.execute(sa.update(LoginSession).values(began_at=clock.now() - dt.timedelta(hours=hours)))
    assert client.get("/").status_code == status


def test_a_cookie_from_before_the_login_is_worth_nothing_after(app: Flask, people: dict[str, int]) -> None:
    """S8."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "vald-av-en-tjuv"
        cookie["seen_at"] = int(clock.now().timestamp())
    assert client.get("/").status_code == 303
    with app.test_request_context():
        cookie_in_flask["annat"] = "kvar"
        security.log_in("ny")
        assert set(cookie_in_flask) == {"_user_id", "seen_at"}
    del people


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/kurs/forskola", "/kurs/forskola"),
        ("/tackning?datum=2026-01-01", "/tackning?datum=2026-01-01"),
        ("//ond.se", None),
        ("/\\ond.se", None),
        ("https:ond.se", None),
        ("https://ond.se", None),
        ("ond.se", None),
        ("/%5cond.se", "/%5cond.se"),
        ("/\tond", None),
        ("\\\\ond.se", None),
        ("/ /ond.se", None),
        ("javascript:alert(1)", None),
        ("", None),
        (None, None),
        ("/" + "x" * 3000, None),
    ],
)
def test_only_addresses_of_our_own_are_followed_after_a_login(
    target: str | None, expected: str | None
) -> None:
    """S26."""
    assert security.local_path(target) == expected


def test_a_fault_of_ours_shows_a_reference_and_nothing_inside(
    app: Flask, people: dict[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    """S29: and the log has the same reference."""

    def broken() -> str:
        raise RuntimeError("SELECT hemligt FROM /work")

    app.view_functions["public.about"] = broken
    response = town.login(app, people["employee"]).get("/om")
    assert response.status_code == 500
    assert not re.search(r"Traceback|RuntimeError|SELECT|/work|Werkzeug|Python", response.text)
    reference = re.search(r"referensen ([0-9a-f]{8})", response.text)
    assert reference
    assert f"reference {reference[1]}" in caplog.text


def test_bad_input_is_never_a_fault_of_ours(app: Flask, people: dict[str, int]) -> None:
    """S29."""
    client = town.login(app, people["vpc"])
    token = town.token_in(client.get("/kurs/forskola/1").text)
    for path in (
        "/tackning?datum=%00",
        "/tackning?datum=99999-01-01",
        "/tackning?oppna=%27",
        "/tackning/export?format=xml",
        "/intyg/999999999999999999999999",
        "/kurs/%00/1",
        "/kurs/forskola/99999999999999999999",
        "/min-enhet?enhet=%27--",
        "/min-enhet/%27--",
        "/min-enhet/%00",
        "/min-enhet?visa=%00&under=%00",
    ):
        assert client.get(path).status_code in (200, 403, 404, 422), path
    for attempt in ("", "x", "x" * 5000, "å.å", "WyJhIl0.x"):
        assert (
            client.post("/kurs/forskola/1", data={"csrf_token": token, "attempt": attempt}).status_code == 422
        )
    assert (
        client.post("/kurs/forskola/1", data={"csrf_token": token, "attempt": "x" * 300_000}).status_code
        == 413
    )


def test_no_page_asks_anybody_else_for_anything(app: Flask, people: dict[str, int]) -> None:
    """S28: every resource is ours; ordinary links may lead out, and say nothing of where they came from."""
    client = town.login(app, people["manager"])
    for path in PAGES:
        page = client.get(path).text
        for tag in re.findall(r"<(?:link|script|img|source|iframe|use)\b[^>]*>", page):
            for address in re.findall(r'(?:src|href|srcset)="([^"]+)"', tag):
                assert address.startswith("/"), (path, tag)
        assert "style=" not in page
        assert not re.search(r"<script(?![^>]* src=)|<style| on[a-z]+=", page), path


def test_titles_name_no_subject(app: Flask, people: dict[str, int]) -> None:
    """S30."""
    client = town.login(app, people["manager"])
    for page in map(client.get, PAGES):
        if page.status_code != 303 and (found := re.search(r"<title>(.*?)</title>", page.text)):
            assert found[1].endswith("– Basutbildningen")
            assert not re.search(r"våld|heder|stymp|förtryck", found[1], re.IGNORECASE)


def test_another_managers_unit_looks_like_one_that_does_not_exist(app: Flask, people: dict[str, int]) -> None:
    """S3, S4."""
    client = town.login(app, people["manager"])
    client.get("/")
    other, missing = client.get("/min-enhet/UF2"), client.get("/min-enhet/finns-inte")
    assert (other.status_code, other.data, sorted(other.headers)) == (
        404,
        missing.data,
        sorted(missing.headers),
    )
    assert client.get("/min-enhet/UF1").status_code == 200


def test_the_session_rows_hold_no_token(app: Flask, people: dict[str, int]) -> None:
    """S9: what is stolen from the database logs nobody in."""
    client = town.login(app, people["employee"])
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with database.snapshot(app.extensions["elearn"].engine) as session:
        stored = session.scalars(sa.select(LoginSession.token_hash)).all()
        assert logins.session_person(session, token, clock.now(), town.TODAY) is not None
        assert token not in stored


@pytest.mark.parametrize(
    ("public_url", "host", "status"),
    [
        ("", "localhost", 200),
        ("", "127.0.0.1:8000", 200),
        ("", "ond.example", 400),
        ("https://kurs.example", "kurs.example", 200),
        ("https://kurs.example", "kurs.example:443", 200),
        ("https://kurs.example", "ond.example", 400),
        ("https://kurs.example", "kurs.example.ond.example", 400),
        ("https://kurs.example", "localhost", 400),
    ],
)
def test_only_the_servers_own_name_is_answered(
    sqlite_url: str, tmp_path: Path, public_url: str, host: str, status: int
) -> None:
    """A name that the client chooses ends up in no address; and it is an error page like the others."""
    app = town.application(sqlite_url, folders.write(tmp_path / "c"), public_url=public_url)
    response = app.test_client().get("/logga-in", headers={"Host": host})
    assert response.status_code == status
    assert (response.headers["Content-Security-Policy"]) == POLICY
    assert host not in response.text
    app.extensions["elearn"].engine.dispose()


@pytest.mark.parametrize(
    "path", ["/", "//", "/kurs/forskola", "//kurs//forskola", "/kurs/forskola/", "/min-enhet"]
)
def test_every_redirect_stays_here(app: Flask, people: dict[str, int], path: str) -> None:
    for client in (app.test_client(), town.login(app, people["employee"])):
        location = client.get("/", environ_overrides={"PATH_INFO": path}).headers.get("Location", "/")
        assert location.startswith("/")
        assert not location.startswith("//")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nobody_logs_in_or_changes_anything_by_an_address(
    app: Flask, people: dict[str, int], method: str
) -> None:
    """S10: a form is a POST, and only its body is read."""
    password = "lugn promenad vid sjön"
    with database.transaction(app.extensions["elearn"].engine) as session:
        actions.set_password(session, builders.deed(), people["employee"], passwords.hash_password(password))
    before = content(app)
    client = app.test_client()
    for path in ("/logga-in", "/losenord"):
        asked = {"anstallningsnr": "n-employee", "losenord": password, "losenord_igen": password, "kod": "x"}
        response = client.open(path, method=method, query_string=asked)
        assert response.status_code == 200
        assert "n-employee" not in response.text
    assert client.get("/").status_code == 303
    assert content(app) == before


def test_a_post_reads_only_its_body(app: Flask, people: dict[str, int]) -> None:
    client = app.test_client()
    token = town.token_in(client.get("/logga-in").text)
    asked = {"anstallningsnr": "n-employee", "losenord": "x"}
    response = client.post("/logga-in", query_string=asked, data={"csrf_token": token})
    assert response.status_code == 422
    assert "Skriv ditt anställningsnummer" in response.text


def test_no_log_line_names_anybody(
    app: Flask, people: dict[str, int], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """S31: names, numbers, addresses, passwords and tokens, through pages, refusals and faults of ours."""
    caplog.set_level(logging.DEBUG)

    def broken() -> str:
        with database.transaction(app.extensions["elearn"].engine) as session:
            session.execute(
                sa.insert(Person).values(number="n-vpc", first_name="Kanariefågel", last_name="x")
            )
        return ""

    app.view_functions["public.about"] = broken
    client = town.login(app, people["employee"])
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    for path in (*PAGES, "/finns-inte?namn=Kanariefågel"):
        client.get(path)
    form = {"csrf_token": town.token_in(client.get("/").text), "anstallningsnr": "Kanariefågel@x.se"}
    client.post("/logga-in", data={**form, "losenord": "Kanariefågel sjunger"})
    client.post(
        "/losenord", data={**form, "nuvarande": "Kanariefågel", "losenord": "x", "losenord_igen": "x"}
    )
    client.post("/kurs/forskola/1", data={**form, "attempt": "Kanariefågel"})
    client.post("/logga-ut", data=form)
    assert "reference" in caplog.text
    logged = caplog.text + "".join(capfd.readouterr())
    for word in ("Kanariefågel", "n-employee", "n-vpc", "Employee", "employee@", token):
        assert word not in logged, word
