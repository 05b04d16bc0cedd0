"""Files that are sent: at one address alone, by whoever may import, and never on the disk (S21)."""

import tempfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn.web import turns
from tests.web import town

LARGEST = 8 * 1024 * 1024


FORM = "multipart/form-data; boundary=b"


def form(token: str, size: int) -> bytes:
    """Made by hand: the test client would write a large one to the disk itself."""
    parts = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
    parts += '--b\r\nContent-Disposition: form-data; name="organisation"; filename="o.csv"\r\n\r\n'
    return parts.encode() + b"x" * size + b"\r\n--b--\r\n"


def sent(client: FlaskClient, path: str, size: int) -> int:
    token = town.token_in(client.get("/").text)
    return client.post(path, data=form(token, size), content_type=FORM).status_code


@pytest.mark.parametrize(
    ("role", "path", "size", "status"),
    [
        ("administrator", "/personal", 300_000, 422),  # received; the other file is missing
        ("administrator", "/personal", LARGEST - 2000, 422),
        ("administrator", "/personal", LARGEST, 413),  # with the form round it
        ("administrator", "/behorigheter/1", 300_000, 413),
        ("vpc", "/personal", 300_000, 413),
        ("vpc", "/personal", 1000, 403),
        ("employee", "/kurs/forskola/1", 300_000, 413),
    ],
)
def test_only_an_administrator_sends_much_and_only_to_one_address(
    sqlite_app: Flask, role: str, path: str, size: int, status: int
) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    assert sent(town.login(sqlite_app, people[role]), path, size) == status


def test_nobody_who_is_not_logged_in_sends_anything(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    answer = client.post("/personal", data=form("x", 300_000), content_type=FORM)
    assert answer.status_code == 401


def test_a_large_file_never_reaches_the_disk(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder of temporary files in which nothing can be made, where Werkzeug's own way would fail."""
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    client = town.login(sqlite_app, people["administrator"])
    token = town.token_in(client.get("/").text)
    body = form(token, 2_000_000)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    answer = client.post("/personal", data=body, content_type=FORM)
    assert answer.status_code == 422
    assert "Välj filen med de anställda." in answer.text


def test_the_other_addresses_keep_their_limit() -> None:
    assert {"/personal": LARGEST} == turns.LARGER
