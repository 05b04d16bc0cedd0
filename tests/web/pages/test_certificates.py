"""One's certificates, and the check that tells only that a certificate is genuine, its course and its dates."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from elearn import database
from elearn.training.models import Completion, CompletionRecall
from tests.web import town
from tests.web.pages import test_learn as learn
from tests.web.pages import test_start as start

DAY, TODAY = dt.timedelta(days=1), town.TODAY
UNKNOWN = "Vi hittar inget intyg som gäller med den koden."


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


@pytest.fixture
def sara(app: Flask, people: dict[str, int]) -> FlaskClient:
    client = town.login(app, people["employee"])
    learn.complete(client)
    return client


def code_of(client: FlaskClient) -> str:
    """As it stands on the only certificate."""
    found = re.search(
        r'Kontrollkod</dt><dd class="n">([^<]+)<', client.get("/intyg", follow_redirects=True).text
    )
    assert found
    return found[1]


def check(app: Flask, code: str) -> str:
    """Asked by somebody who is not logged in."""
    answer = app.test_client().get("/intyg/kontrollera", query_string={"kod": code})
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers
    return start.plain(answer.text)


def test_the_certificate_names_the_course_the_issuer_and_its_code(sara: FlaskClient) -> None:
    page = start.plain(sara.get("/intyg", follow_redirects=True).text)
    assert "Sara Employee har gått kursen Basutbildning för förskolan." in page
    assert "Botkyrka kommun Våldspreventivt center, VPC" in page
    assert re.search("Kontrollkod [0-9A-Z]{4}(-[0-9A-Z]{4}){3}", page)
    assert "Intyget kan kontrolleras på localhost/intyg/kontrollera" in page
    assert "nummer" not in page


def test_it_is_kept_as_a_pdf_with_a_name_that_tells_nothing(sara: FlaskClient) -> None:
    page = sara.get("/intyg", follow_redirects=True)
    assert f'class="btn" href="{page.request.path}.pdf"' in page.text
    answer = sara.get(page.request.path + ".pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="intyg.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"%PDF-")


def test_another_persons_certificate_is_no_certificate(
    app: Flask, people: dict[str, int], sara: FlaskClient
) -> None:
    """S3: shown, as PDF and in the list."""
    address = sara.get("/intyg").headers["Location"]
    other = town.login(app, people["neighbour"])
    for path in (address, address + ".pdf"):
        assert other.get(path).status_code == 404
    assert "Du har inget intyg än" in other.get("/intyg").text


def test_several_are_listed_and_the_ended_ones_stand_below(
    app: Flask, people: dict[str, int], sara: FlaskClient
) -> None:
    ended = start.hold(app, people["employee"], TODAY - DAY)
    start.hold(app, people["employee"], TODAY)
    page = sara.get("/intyg").text
    assert (
        page.index("Gäller till och med den 23") < page.index("Äldre intyg") < page.index(f'"/intyg/{ended}"')
    )
    assert "Gällde till och med 22 november 2026" in start.plain(sara.get(f"/intyg/{ended}").text)


@pytest.mark.parametrize(
    "written",
    [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code.replace('-', '')} "],
    ids=["as it stands", "small letters", "blanks", "in one"],
)
def test_a_code_tells_that_it_is_genuine_the_course_and_the_dates(
    app: Flask, sara: FlaskClient, written
) -> None:  # type: ignore[no-untyped-def]
    told = check(app, written(code_of(sara)))
    assert "Intyget är äkta Kurs Basutbildning för förskolan Utfärdat 23 november 2026" in told
    assert "Gäller till och med 23 november 2028" in told


def test_it_never_tells_whose_it_is(app: Flask, people: dict[str, int], sara: FlaskClient) -> None:
    """Also to whom is logged in, and of a recognised one not from where."""
    code = code_of(sara)
    asked = town.login(app, people["neighbour"]).get("/intyg/kontrollera", query_string={"kod": code}).text
    for page in (asked, check(app, code)):
        assert "Intyget är äkta" in page
        assert not re.search(r"Sara|n-employee|Förskolan Ängen|/intyg/\d", page)
    start.hold(app, people["vpc"], TODAY)
    with database.snapshot(app.extensions["elearn"].engine) as session:
        recognised = session.scalars(
            sa.select(Completion.code).where(Completion.person_id == people["vpc"])
        ).one()
    told = check(app, recognised)
    assert "Gäller till och med 23 november 2026" in told
    assert "Heldag" not in told


def test_an_ended_one_is_genuine_and_said_to_have_ended(app: Flask, people: dict[str, int]) -> None:
    start.hold(app, people["employee"], TODAY - DAY)
    told = check(app, code_of(town.login(app, people["employee"])))
    assert "Intyget är äkta" in told
    assert "Gick ut 22 november 2026" in told


def test_a_recalled_an_unknown_and_a_wrongly_copied_code_are_told_alike(
    app: Flask, sara: FlaskClient
) -> None:
    code = code_of(sara)
    with database.transaction(app.extensions["elearn"].engine) as session:
        recalled = session.scalars(sa.select(Completion.id)).one()
        session.add(
            CompletionRecall(
                completion_id=recalled, reason="Fel", recalled_by="VPC", recalled_at=town.clock.now()
            )
        )
    for text in (code, "K7QM-2XWD-94TB-PH3N", code[:-1], "x' OR 1=1 --", "%", "\x00"):
        told = check(app, text)
        assert UNKNOWN in told
        assert "äkta" not in told


def test_nothing_is_told_before_a_code_is_given(app: Flask) -> None:
    for code in ("", "   "):
        assert UNKNOWN not in check(app, code)
