"""Logging in with the municipality's account, through the pages: what the browser carries, where it is sent,
and what it is told."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import database
from elearn.identity import passwords
from elearn.identity.models import LoginSession
from elearn.people.models import Person
from tests.content import folders
from tests.identity import forging
from tests.identity.forging import CLIENT_ID, SECRET, ForgingProvider
from tests.web import town

PASSWORD = "lugn promenad vid sjön"
HASH = passwords.hash_password(PASSWORD)


@pytest.fixture
def forger() -> Iterator[ForgingProvider]:
    with forging.serving() as forger:
        forger.alter = lambda claims: claims | {"employeeid": "n-employee"}
        yield forger


@pytest.fixture
def signed_app(sqlite_url: str, tmp_path: Path, forger: ForgingProvider) -> Iterator[Flask]:
    app = application(sqlite_url, tmp_path, forger.issuer)
    yield app
    app.extensions["elearn"].engine.dispose()


@pytest.fixture
def people(signed_app: Flask) -> dict[str, int]:
    engine = signed_app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        session.execute(sa.update(Person).values(password_hash=HASH))
    return people


def application(url: str, folder: Path, issuer: str, **more: object) -> Flask:
    return town.application(
        url,
        folders.write(folder / "courses"),
        **{
            "oidc_issuer": issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": SECRET,
            "public_url": "http://localhost",
            **more,
        },
    )


@pytest.fixture(autouse=True)
def clocks_agree(forger: ForgingProvider) -> None:
    """The pages ask the real clock."""
    forger.now = int(time.time())


def begin(client: FlaskClient, **fields: str) -> TestResponse:
    token = town.token_in(client.get("/logga-in").text)
    return client.post("/logga-in/konto", data={"csrf_token": token, **fields})


def address_in(response: TestResponse) -> str:
    return response.headers["Refresh"].removeprefix("0; url=")


def sign_on(client: FlaskClient, forger: ForgingProvider, **fields: str) -> TestResponse:
    answer = forger.authorize(address_in(begin(client, **fields)))
    return client.get("/logga-in/konto/svar?" + urlencode(answer))


def test_the_account_leads_in_and_to_where_one_was_going(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    client = signed_app.test_client()
    on_the_way = begin(client, vidare="/kurs/forskola")
    assert on_the_way.status_code == 200
    assert address_in(on_the_way) in on_the_way.text.replace("&amp;", "&")
    response = sign_on(client, forger, vidare="/kurs/forskola")
    assert (response.status_code, response.headers["Location"]) == (303, "/kurs/forskola")
    assert "Hej Sara" in client.get("/").text


def test_a_login_by_account_leads_only_to_our_own_pages(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    """S26."""
    for evil in ("//ond.se", "https://ond.se", "/\\ond.se"):
        assert sign_on(signed_app.test_client(), forger, vidare=evil).headers["Location"] == "/"


def test_the_button_stands_first_and_the_password_is_there_still(
    signed_app: Flask, people: dict[str, int]
) -> None:
    page = signed_app.test_client().get("/logga-in").text
    assert page.index("Logga in med kommunens konto") < page.index('name="losenord"')
    assert page.count('class="btn"') == 1, "one filled button"
    assert "<script" not in page.split("<main")[1].split("/logga-in/konto")[0]


def test_what_was_in_the_cookie_is_worth_nothing_afterwards(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    """S8: a new session, in an empty cookie; and the session that the browser had is over."""
    client = signed_app.test_client()
    sign_on(client, forger)
    with client.session_transaction() as cookie:
        former = cookie["_user_id"]
        cookie["annat"] = "x"
    client.post("/logga-ut", data={"csrf_token": town.token_in(client.get("/").text)})
    sign_on(client, forger)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != former
        assert set(cookie) <= {"_user_id", "seen_at", "_fresh", "csrf_token", "menu", "own"}


def test_an_answer_opens_one_browser_once(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    """The ticket is taken out of the cookie; a copy of the cookie is worth nothing after the first answer."""
    client, stranger = signed_app.test_client(), signed_app.test_client()
    answer = forger.authorize(address := address_in(begin(client)))
    copied = client.get_cookie("elearn")
    assert copied
    told = stranger.get("/logga-in/konto/svar?" + urlencode(answer))
    assert (told.status_code, "Börja om härifrån" in told.text) == (422, True)
    assert client.get("/logga-in/konto/svar?" + urlencode(answer)).status_code == 303
    again = forger.authorize(address)
    stranger.set_cookie("elearn", copied.value)
    assert stranger.get("/logga-in/konto/svar?" + urlencode(again)).status_code == 422
    with database.snapshot(signed_app.extensions["elearn"].engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 1


def test_without_a_token_of_the_page_nobody_is_sent_anywhere(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    """S10."""
    assert signed_app.test_client().post("/logga-in/konto").status_code == 400
    assert forger.asked == []


def test_a_provider_that_is_down_is_told_and_the_password_works(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    forger.answers["/.well-known/openid-configuration"] = (500, b"", {})
    client = signed_app.test_client()
    response = begin(client, vidare="/kurs/forskola")
    assert response.status_code == 503
    assert '<a href="#konto">Kommunens inloggning svarar inte just nu.' in response.text
    assert "<title>Fel: Logga in" in response.text
    answer = client.post(
        "/logga-in",
        data={
            "csrf_token": town.token_in(response.text),
            "anstallningsnr": "n-administrator",
            "losenord": PASSWORD,
            "vidare": re.findall(r'name="vidare" value="([^"]*)"', response.text)[0],
        },
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/kurs/forskola")


def test_an_answer_that_is_wrong_is_told_on_the_login_page(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    forger.alter = lambda claims: claims | {"employeeid": "n-ex-employee"}
    response = sign_on(signed_app.test_client(), forger)
    assert response.status_code == 422
    assert "ingen anställning för kontot som pågår i dag" in response.text
    client = signed_app.test_client()
    forger.authorize(address := address_in(begin(client)))
    state = re.search(r"state=([^&]+)", address)
    assert state
    stopped = client.get(f"/logga-in/konto/svar?error=access_denied&state={state[1]}")
    assert (stopped.status_code, "avbröts" in stopped.text) == (422, True)


def test_a_cookie_of_somebody_elses_making_is_no_ticket(signed_app: Flask, people: dict[str, int]) -> None:
    client = signed_app.test_client()
    client.set_cookie("elearn", "eyJrb250byI6eyJzdGF0ZSI6IngifX0.x.y")
    assert client.get("/logga-in/konto/svar?code=x&state=x").status_code == 422


def test_answers_of_a_lost_login_wait_for_a_button_and_arrive(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    """pages.md, rule 5."""
    client = town.login(signed_app, people["employee"])
    form = dict(
        re.findall(r'name="([^"]+)" value="([^"]*)"', client.get("/kurs/forskola/1/kontrollera").text)
    )
    own = {name: value for name, value in form.items() if name != "csrf_token"}
    assert own["attempt"]
    fresh = signed_app.test_client()
    carried = {f"svar-{name}": value for name, value in own.items()}
    page = sign_on(fresh, forger, vidare="/kurs/forskola/1", **carried)
    assert page.status_code == 200
    assert "Nu kan du lämna in dem" in page.text
    sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text.split("<main")[1]))
    assert sent["attempt"] == own["attempt"]
    answer = fresh.post("/kurs/forskola/1", data=sent)
    assert answer.status_code in (200, 303, 422)


def test_answers_of_somebody_else_are_dropped_unseen(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    client = town.login(signed_app, people["neighbour"])
    form = dict(
        re.findall(r'name="([^"]+)" value="([^"]*)"', client.get("/kurs/forskola/1/kontrollera").text)
    )
    response = sign_on(
        signed_app.test_client(), forger, vidare="/kurs/forskola/1", **{"svar-attempt": form["attempt"]}
    )
    assert (response.status_code, response.headers["Location"]) == (303, "/kurs/forskola/1")


def test_a_lost_login_offers_the_account_too(signed_app: Flask, people: dict[str, int]) -> None:
    response = signed_app.test_client().post("/kurs/forskola/1", data={"attempt": "x"})
    assert response.status_code == 401
    assert 'action="/logga-in/konto"' in response.text
    assert 'name="svar-attempt" value="x"' in response.text.split("/logga-in/konto")[1].split("</form>")[0]


def test_without_an_issuer_nothing_of_it_is_there(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    page = client.get("/logga-in").text
    assert "kommunens konto" not in page
    assert client.post("/logga-in/konto", data={"csrf_token": town.token_in(page)}).status_code == 404


def test_a_crowd_at_a_slow_provider_is_turned_away_in_words(
    signed_app: Flask, people: dict[str, int]
) -> None:
    """Eight wait for the provider; the ninth waits for nobody, and a password does not."""
    turns = signed_app.wsgi_app
    lobby = turns._lobbies["POST", "/logga-in/konto"]  # type: ignore[attr-defined]
    client = signed_app.test_client()
    token = town.token_in(client.get("/logga-in").text)
    assert [lobby.enter() for _ in range(9)] == [True] * 8 + [False]
    response = client.post("/logga-in/konto", data={"csrf_token": token, "vidare": "/kurs/forskola"})
    assert (response.status_code, response.headers["Retry-After"]) == (429, "30")
    assert "Många loggar in just nu" in response.text
    assert 'name="vidare" value="/kurs/forskola"' in response.text
    fields = {"csrf_token": token, "anstallningsnr": "n-employee", "losenord": PASSWORD}
    assert client.post("/logga-in", data=fields).status_code == 303
    lobby.leave()
    assert begin(signed_app.test_client()).status_code == 200


def test_nothing_is_asked_of_the_provider_before_somebody_wants_in(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider
) -> None:
    """S27."""
    for path in ("/logga-in", "/", "/om", "/stod", "/logga-in/konto/svar?code=x&state=x"):
        signed_app.test_client().get(path)
    assert forger.asked == []


def test_the_wrong_sentences_name_no_secret(
    signed_app: Flask, people: dict[str, int], forger: ForgingProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """S31: neither the page nor the log has the token, the code or whom it was about."""
    forger.alter = lambda claims: claims | {"employeeid": 70123456, "name": "Hemlig Person"}
    response = sign_on(signed_app.test_client(), forger)
    assert response.status_code == 422
    for text in (response.text, caplog.text):
        assert "70123456" not in text
        assert "Hemlig" not in text
        assert SECRET not in text
    assert "no claim employeeid" in caplog.text
