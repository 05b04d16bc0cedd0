"""The page and the file with everything that is stored about whoever asks (S49)."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.people.models import Person
from tests import builders
from tests.web import town
from tests.web.town import TODAY


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    people = town.build(app.extensions["elearn"].engine).people
    with database.transaction(app.extensions["elearn"].engine) as session:
        sara = session.scalars(sa.select(Person).where(Person.id == people["employee"])).one()
        builders.recognise(session, sara, "forskola", TODAY, TODAY.replace(year=2028), source="Heldag våren")
        builders.exempt(session, sara, reason="Tjänstledig i höst")
    return people


def test_the_page_shows_everything_about_me_and_nobody_else(app: Flask, people: dict[str, int]) -> None:
    page = town.login(app, people["employee"]).get("/mina-uppgifter").text
    for told in (
        "n-employee",
        "employee@kommun.example",
        "Förskolan Ängen",
        "Heldag våren",
        "Tjänstledig i höst",
    ):
        assert told in page, told
    for other in set(people) - {"employee"}:
        assert f"n-{other}" not in page, other
    assert "<li>Påbörjade avsnitt</li>" in page.partition("Inget är sparat om")[2]
    assert "<li>Anställningar</li>" not in page
    assert "<dt>Godkänt</dt>" not in page


def test_the_file_is_the_same_in_json(app: Flask, people: dict[str, int]) -> None:
    answer = town.login(app, people["employee"]).get("/mina-uppgifter/fil")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mina-uppgifter.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = json.loads(answer.get_data())
    rows = {part["rubrik"]: part["uppgifter"] for part in told["delar"]}
    assert rows["Vem du är"][0]["Anställningsnummer"] == "n-employee"
    assert rows["Genomförda kurser"][0]["Tillgodoräknad, källa"] == "Heldag våren"
    assert not [other for other in set(people) - {"employee"} if f"n-{other}" in answer.text]


def test_neither_writes_anything(app: Flask, people: dict[str, int]) -> None:
    """One's own look stands in no journal."""
    client = town.login(app, people["employee"])

    def content() -> list[object]:
        with app.extensions["elearn"].engine.connect() as connection:
            return [
                list(connection.execute(sa.select(table))) for table in database.Base.metadata.sorted_tables
            ]

    before = content()
    assert client.get("/mina-uppgifter").status_code == client.get("/mina-uppgifter/fil").status_code == 200
    assert content() == before
