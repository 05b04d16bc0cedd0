"""What arrives in a form: blanks fall away, and every fault leads to its field."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import town


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    town.build(sqlite_app.extensions["elearn"].engine)
    return sqlite_app.test_client()


def send(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    token = town.token_in(client.get(path).text)
    response = client.post(path, data={"csrf_token": token, **fields})
    return response.status_code, response.text


def summary(page: str) -> list[tuple[str, str]]:
    """(field, sentence) of the error summary, in its order."""
    return re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page)


def test_an_empty_login_tells_both_faults_in_the_order_of_the_fields(client: FlaskClient) -> None:
    status, page = send(client, "/logga-in", anstallningsnr="", losenord="")
    assert status == 422
    assert summary(page) == [
        ("anstallningsnr", "Skriv ditt anställningsnummer eller din e-postadress."),
        ("losenord", "Skriv ditt lösenord."),
    ]
    assert all(f'id="{field}"' in page for field, _ in summary(page))


def test_blanks_around_a_number_fall_away_and_what_was_written_stands_there_again(
    client: FlaskClient,
) -> None:
    status, page = send(client, "/logga-in", anstallningsnr="  n-vpc ", losenord="fel")
    assert status == 422
    assert 'name="anstallningsnr" type="text" value="n-vpc"' in page
    assert 'value="fel"' not in page


def test_two_new_passwords_that_differ_are_told_at_the_second(client: FlaskClient) -> None:
    words = {"losenord": "tolv gröna äggs", "losenord_igen": "tolv gröna ägg"}
    status, page = send(client, "/losenord", kod="7K3M-92QX-B3TF-V6WD", **words)
    assert status == 422
    assert summary(page) == [("losenord_igen", "Skriv samma lösenord i båda fälten.")]


def test_a_password_that_is_too_short_and_differs_is_told_both_at_once(client: FlaskClient) -> None:
    words = {"losenord": "1234567", "losenord_igen": "12345678"}
    _, page = send(client, "/losenord", kod="7K3M-92QX-B3TF-V6WD", **words)
    assert [field for field, _ in summary(page)] == ["losenord", "losenord", "losenord_igen"]
    assert [sentence.partition(".")[0] for _, sentence in summary(page)] == [
        "Lösenordet är för kort",
        "Lösenordet bygger på tangenter, siffror eller bokstäver i rad",
        "Skriv samma lösenord i båda fälten",
    ]
    assert "12345678" not in page


def test_a_missing_code_is_told_though_the_passwords_are_right(client: FlaskClient) -> None:
    words = dict.fromkeys(("losenord", "losenord_igen"), "tolv gröna äggs")
    status, page = send(client, "/losenord", kod="", **words)
    assert status == 422
    assert summary(page) == [("kod", "Skriv koden som du har fått.")]
