"""What somebody has written is text on every page, what a file is called and is says the server alone, and no
other method or site reaches anything (S3, S24, S29)."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.people.models import OrgUnit, Person
from tests.web import town
from tests.web.test_routes import TABLE

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}${7*7}"
# A name as the database may have it, of the length that a column takes.
NAME = "<b onmouseover=alert(3)>\"'{{6*7}}"
PAGES = sorted(
    {path for method, path, _ in TABLE.values() if method == "GET" and not path.startswith("/static")}
)
READERS = ("manager", "vpc")  # whoever sees names of people and of units
FIELDS = (
    "sok", "vidare", "kod", "datum", "niva", "oppna", "under", "visa", "sida", "lage", "kurs", "kort",
    "manader", "format", "form", "forvaltning", "namnd", "matning", "fran", "till", "enhet", "person", "next",
    "befattning",
)  # fmt: skip
TYPES = {
    "text/html": "utf-8",
    "text/plain": "utf-8",
    "text/csv": "utf-8",
    "text/css": "utf-8",
    "text/javascript": "utf-8",
    "application/json": "utf-8",
    "application/pdf": None,
    "image/svg+xml": "utf-8",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": None,
}


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """A municipality where every person and every unit has a hostile name."""
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        session.execute(sa.update(Person).values(first_name=NAME, last_name=NAME))
        session.execute(sa.update(OrgUnit).values(name=OrgUnit.code + NAME))
    return people


class Tags(HTMLParser):
    """Every tag of a page that no page of ours has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        is_ours = tag != "script" or (told.get("src") or "").startswith("/static/")
        runs = any(name.startswith("on") or (value or "").startswith("javascript:") for name, value in attrs)
        if not is_ours or runs or told.get("src") == "x":
            self.foreign.append(self.get_starttag_text() or tag)


def assert_is_text(page: str, path: str) -> None:
    assert Tags(page).foreign == [], path
    for evaluated in (">49", "$49", "42<", "&#39;42"):
        assert evaluated not in page, path


@pytest.mark.parametrize(
    "page",
    [
        "<script>1</script>",
        "<img src=x onerror=1>",
        '<b onmouseover="x">',
        '<a href="javascript:1">x</a>',
        "<p>49</p>",
    ],
)
def test_what_would_run_is_found(page: str) -> None:
    with pytest.raises(AssertionError):
        assert_is_text(page, "/")


def test_a_name_is_text_on_every_page_of_every_role(app: Flask, people: dict[str, int]) -> None:
    shown = 0
    for role in READERS:
        client = town.login(app, people[role])
        for path in PAGES:
            response = client.get(path)
            if response.mimetype == "text/html":
                assert_is_text(response.text, path)
                shown += "&lt;b onmouseover" in response.text
    assert shown > 10


def test_what_stands_in_an_address_is_text_on_the_page(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    asked = "&".join(f"{field}={quote(HOSTILE)}" for field in FIELDS)
    for path in [*PAGES, "/finns-inte/" + quote(HOSTILE, safe=""), "/min-enhet/" + quote(HOSTILE, safe="")]:
        response = client.get(f"{path}?{asked}")
        assert response.status_code < 500, path
        if response.mimetype == "text/html":
            assert_is_text(response.text, path)
        else:
            assert "alert(" not in str(response.headers), path


def test_every_answer_says_what_it_is_and_in_which_encoding(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    files = [f"/tackning/export?format={kind}" for kind in ("csv", "json", "xlsx")]
    for path in [
        "/",
        "/stod",
        "/kvar",
        "/healthz",
        "/tackning",
        *files,
        "/static/style.css",
        "/static/leave.js",
        "/finns-inte",
    ]:
        with client.get(path) as response:
            if response.status_code in (301, 302, 303, 308):
                continue
            assert response.mimetype in TYPES, (path, response.content_type)
            assert response.mimetype_params.get("charset") == TYPES[response.mimetype], path
    for path in files:
        with client.get(path) as response:
            named = response.headers["Content-Disposition"]
            assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+"', named), named


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND"])
def test_no_other_method_is_answered(app: Flask, people: dict[str, int], method: str) -> None:
    client = town.login(app, people["vpc"])
    for path in ("/", "/logga-in", "/tackning", "/malgrupp/nytt", "/static/style.css"):
        response = client.open(path, method=method, headers={"X-Echo": "kanariefågel"})
        assert response.status_code == 405, path
        assert "kanariefågel" not in response.text


@pytest.mark.parametrize("path", ["/static/", "/static/img/", "/static/img", "/kursbilder/", "/kursbilder"])
def test_no_folder_is_listed(app: Flask, path: str) -> None:
    response = app.test_client().get(path)
    assert response.status_code in (303, 404)
    assert "style.css" not in response.text.partition("</head>")[2]


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/static/../settings.py", "/static/%2e%2e/elearn/app.py", "/static/..%2fpyproject.toml",
     "/kursbilder/..%2fforskola%2fkurs.md", "/static//etc/passwd", "/elearn.db", "/.env"],
)  # fmt: skip
def test_no_file_outside_its_folder_is_sent(app: Flask, people: dict[str, int], path: str) -> None:
    assert town.login(app, people["vpc"]).get(path).status_code == 404


def test_no_other_site_reads_an_answer(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    for origin in ("https://ond.example", "null", "http://localhost"):
        for path in ("/", "/kvar", "/healthz", "/tackning/export?format=json", "/static/style.css"):
            with client.get(path, headers={"Origin": origin}) as answer:
                assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")], path
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        preflight = client.options("/logga-in", headers=asked)
        assert not [name for name, _ in preflight.headers if name.startswith("Access-Control-")]


def test_the_cookie_is_signed_with_sha_256(app: Flask) -> None:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert serializer.make_signer().digest_method().name == "sha256"
