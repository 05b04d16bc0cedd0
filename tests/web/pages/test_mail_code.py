"""Logging in with a code by mail, through the pages and a real mail server."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import database
from elearn.identity import passwords
from elearn.people.models import Person
from tests.content import folders
from tests.messages import mailbox
from tests.messages.mailbox import Mailbox
from tests.web import town

PASSWORD = "lugn promenad vid sjön"
HASH = passwords.hash_password(PASSWORD)
EXTERNAL = "external@kommun.example"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox.serving() as box:
        yield box


@pytest.fixture
def mail_app(sqlite_url: str, tmp_path: Path, box: Mailbox) -> Iterator[Flask]:
    app = application(sqlite_url, tmp_path, box.port)
    yield app
    app.extensions["elearn"].engine.dispose()


@pytest.fixture
def people(mail_app: Flask) -> dict[str, int]:
    return town.build(mail_app.extensions["elearn"].engine).people


def application(url: str, folder: Path, port: int, **more: object) -> Flask:
    return town.application(
        url,
        folders.write(folder / "courses"),
        smtp_url=f"smtp://127.0.0.1:{port}",
        mail_from="utbildning@kommun.example",
        **more,
    )


def ask(client: FlaskClient, email: str) -> TestResponse:
    token = town.token_in(client.get("/logga-in/kod").text)
    response = client.post("/logga-in/kod", data={"csrf_token": token, "epost": email})
    for thread in threading.enumerate():  # the letter is sent beside the request
        if thread.name.endswith("(_send)"):
            thread.join(10)
    return response


def enter(client: FlaskClient, code: str) -> TestResponse:
    token = town.token_in(client.get("/logga-in/kod/skriv").text)
    return client.post("/logga-in/kod/skriv", data={"csrf_token": token, "kod": code})


def code_in(box: Mailbox) -> str:
    found = re.search(r"Din kod är (\d{3} \d{3})", box.letters[-1][1].get_content())
    assert found
    return found[1]


def test_a_code_by_mail_leads_in_and_to_where_one_was_going(
    mail_app: Flask, people: dict[str, int], box: Mailbox
) -> None:
    client = mail_app.test_client()
    page = client.get("/logga-in?vidare=/kurs/forskola").text
    fields = {"csrf_token": town.token_in(page), "vidare": "/kurs/forskola"}
    assert client.post("/logga-in/kod", data=fields).headers["Location"] == "/logga-in/kod"
    assert ask(client, EXTERNAL).headers["Location"] == "/logga-in/kod/skriv"
    assert box.letters[0][0] == [EXTERNAL]
    response = enter(client, code_in(box))
    assert (response.status_code, response.headers["Location"]) == (303, "/kurs/forskola")
    assert "Hej Vera" in client.get("/").text


def test_the_answer_is_the_same_for_nobody(mail_app: Flask, people: dict[str, int], box: Mailbox) -> None:
    """S23: to the letter, also the page after it and a wrong code."""
    seen = []
    for email in (EXTERNAL, "okand@example.se", "ex-employee@kommun.example"):
        client = mail_app.test_client()
        answers = [ask(client, email), client.get("/logga-in/kod/skriv"), enter(client, "000000")]
        seen.append([town.as_seen(answer)[:2] for answer in answers])
        assert [answer.status_code for answer in answers] == [303, 200, 422]
        assert email not in answers[1].text
    assert seen[0] == seen[1] == seen[2]
    assert len(box.letters) == 1


def test_a_wrong_code_is_told_at_its_field(mail_app: Flask, people: dict[str, int], box: Mailbox) -> None:
    client = mail_app.test_client()
    ask(client, EXTERNAL)
    for code, sentence in (("", "Skriv koden ur mejlet"), ("000000", "Koden stämmer inte")):
        response = enter(client, code)
        assert response.status_code == 422
        assert f'<a href="#kod">{sentence}' in response.text
        assert "<title>Fel: Skriv koden" in response.text
    empty = ask(client, "")
    assert (empty.status_code, '<a href="#epost">Skriv din e-postadress' in empty.text) == (422, True)


def test_a_code_is_worth_nothing_in_another_browser(
    mail_app: Flask, people: dict[str, int], box: Mailbox
) -> None:
    client, stranger = mail_app.test_client(), mail_app.test_client()
    ask(client, EXTERNAL)
    assert stranger.get("/logga-in/kod/skriv").headers["Location"] == "/logga-in/kod"
    page = stranger.get("/logga-in/kod").text
    sent = stranger.post("/logga-in/kod/skriv", data={"csrf_token": town.token_in(page), "kod": code_in(box)})
    assert sent.status_code == 422
    assert enter(client, code_in(box)).status_code == 303


def test_many_codes_to_one_address_wait(mail_app: Flask, people: dict[str, int], box: Mailbox) -> None:
    """S11."""
    for _ in range(3):
        assert ask(mail_app.test_client(), EXTERNAL).status_code == 303
    response = ask(mail_app.test_client(), EXTERNAL)
    assert (response.status_code, "Vänta 60 sekunder" in response.text) == (429, True)
    assert len(box.letters) == 3


def test_a_mail_server_that_is_away_is_nobodys_error_page(
    mail_app: Flask, people: dict[str, int], box: Mailbox
) -> None:
    box.refuses = "550 nej"
    assert ask(mail_app.test_client(), EXTERNAL).status_code == 303
    assert box.letters == []


def test_when_too_many_letters_are_on_their_way_everybody_is_told_the_same(
    mail_app: Flask, people: dict[str, int], box: Mailbox
) -> None:
    post = mail_app.extensions["elearn"].post
    for _ in range(8):
        post.take_place()
    answers = [ask(mail_app.test_client(), email) for email in (EXTERNAL, "okand@example.se")]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("Just nu ber många om en kod" in answer.text for answer in answers)
    post.send_soon(None)
    assert ask(mail_app.test_client(), EXTERNAL).status_code == 303


def test_without_a_token_of_the_page_nothing_is_sent(
    mail_app: Flask, people: dict[str, int], box: Mailbox
) -> None:
    """S10."""
    assert mail_app.test_client().post("/logga-in/kod", data={"epost": EXTERNAL}).status_code == 400
    assert box.letters == []


def test_answers_of_a_lost_login_arrive_by_a_code_too(
    mail_app: Flask, people: dict[str, int], box: Mailbox
) -> None:
    """pages.md, rule 5."""
    known = town.login(mail_app, people["external"])
    form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', known.get("/kurs/forskola/1/kontrollera").text))
    fresh = mail_app.test_client()
    carried = {f"svar-{name}": value for name, value in form.items() if name != "csrf_token"}
    token = town.token_in(fresh.get("/logga-in").text)
    fresh.post("/logga-in/kod", data={"csrf_token": token, "vidare": "/kurs/forskola/1", **carried})
    ask(fresh, EXTERNAL)
    response = enter(fresh, code_in(box))
    by_hand = known.post(
        "/kurs/forskola/1", data={**form, "csrf_token": town.token_in(known.get("/kurs/forskola").text)}
    )
    assert response.status_code == by_hand.status_code
    assert "Location" not in response.headers or response.headers["Location"] != "/"


def test_without_mail_the_choice_is_not_there(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    page = client.get("/logga-in").text
    assert "e-post</button>" not in page
    fields = {"csrf_token": town.token_in(page), "epost": EXTERNAL}
    assert client.post("/logga-in/kod", data=fields).status_code == 404
    assert client.get("/logga-in/kod/skriv").status_code == 404


# Who may use a password (ELEARN_PASSWORDS).


def by_password(app: Flask, who: str) -> TestResponse:
    client = app.test_client()
    token = town.token_in(client.get("/logga-in").text)
    return client.post(
        "/logga-in", data={"csrf_token": token, "anstallningsnr": f"n-{who}", "losenord": PASSWORD}
    )


@pytest.mark.parametrize(
    ("use", "get_in"),
    [
        ("all", {"employee", "manager", "vpc", "external", "administrator"}),
        ("external", {"external", "administrator"}),
        ("administrators", {"administrator"}),
    ],
)
def test_a_password_is_for_whom_the_setting_says(
    sqlite_url: str, tmp_path: Path, box: Mailbox, use: str, get_in: set[str]
) -> None:
    app = application(sqlite_url, tmp_path, box.port, passwords=use)
    engine = app.extensions["elearn"].engine
    town.build(engine)
    with database.transaction(engine) as session:
        session.execute(sa.update(Person).values(password_hash=HASH))
    for who in ("employee", "manager", "vpc", "external", "administrator"):
        response = by_password(app, who)
        assert response.status_code == (303 if who in get_in else 422), who
        assert ("ett annat sätt än med lösenord" in response.text) is (who not in get_in)
    engine.dispose()


def test_a_stranger_is_not_told_who_uses_a_password(sqlite_url: str, tmp_path: Path, box: Mailbox) -> None:
    """S23: only the right password tells it."""
    app = application(sqlite_url, tmp_path, box.port, passwords="administrators")
    engine = app.extensions["elearn"].engine
    town.build(engine)
    assert "Uppgifterna stämmer inte" in by_password(app, "employee").text
    engine.dispose()


def test_the_page_shows_the_ways_in_that_there_are(sqlite_url: str, tmp_path: Path, box: Mailbox) -> None:
    for use, opened in (("all", True), ("external", False), ("administrators", False)):
        app = application(sqlite_url, tmp_path, box.port, passwords=use)
        page = app.test_client().get("/logga-in").text
        assert page.count('class="btn"') == 1, "one filled button"
        assert ("<details>" not in page) is opened
        assert "Få en kod med e-post" in page
        app.extensions["elearn"].engine.dispose()


def test_a_manager_is_offered_no_codes_that_nobody_can_use(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    for use, is_offered in (("all", True), ("administrators", False)):
        app = application(sqlite_url, tmp_path, box.port, passwords=use)
        engine = app.extensions["elearn"].engine
        if use == "all":
            people = town.build(engine).people
        client = town.login(app, people["manager"])
        page = client.get("/min-enhet/UF1").text
        assert ('name="kod"' in page) is is_offered
        assert ('name="lappar"' in page) is is_offered
        fields = {"csrf_token": town.token_in(page), "kod": str(people["employee"])}
        response = client.post("/min-enhet/UF1", data=fields)
        assert response.status_code == (200 if is_offered else 409)
        engine.dispose()
