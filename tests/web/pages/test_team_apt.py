"""A staff meeting on the manager's page: recorded by number, taken back, and nobody else's."""

import re

import pytest
from flask import Flask

from elearn import database
from elearn.training import apt
from tests import builders
from tests.web import town


class Boss:
    def __init__(self, app: Flask, role: str = "manager") -> None:
        self.engine = app.extensions["elearn"].engine
        self.people = town.build(self.engine).people
        self.client = town.login(app, self.people[role])
        self.token = town.token_in(self.client.get("/").text)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        answer = self.client.post(path, data={"csrf_token": self.token, **fields})
        return answer.status_code, answer.text

    def held(self, code: str = "UF1") -> list[tuple[str, int]]:
        with database.snapshot(self.engine) as session:
            return [(str(one.held_on), one.participant_count) for one in apt.held_in(session, code)]


def test_a_manager_records_a_staff_meeting_and_takes_it_back(app: Flask) -> None:
    boss = Boss(app)
    for path in ("/min-enhet", "/min-enhet/UF1"):
        page = boss.client.get(path).text
        assert "Träffar som ni har hållit" in page
        assert "Ingen än. Anteckna träffen när ni har hållit den." in page
    for _click in range(2):
        assert boss.post("/min-enhet/UF1/apt", datum="2026-10-05", antal=" 12 ")[0] == 303
    assert boss.held() == [("2026-10-05", 12)]
    page = boss.client.get("/min-enhet/UF1").text
    assert '<th scope="row">5\u00a0oktober 2026</th><td class="num" data-l="Var med">12</td>' in page
    id = re.findall(r'name="traff" value="(\d+)"', page)[0]
    assert boss.post("/min-enhet/UF1/apt/bort", traff=id)[0] == 303
    assert boss.held() == []
    assert boss.post("/min-enhet/UF1/apt/bort", traff=id)[0] == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"datum": "", "antal": ""}, [("datum", "Skriv dagen som 2026-12-31."), ("antal", "Skriv antalet")]),
        ({"datum": "igår", "antal": "3"}, [("datum", "”igår” är inget datum.")]),
        ({"datum": "2026-11-24", "antal": "3"}, [("datum", "Dagen har inte varit än.")]),
        (
            {"datum": "2026-11-24", "antal": "tolv"},
            [("datum", "Dagen har inte varit än."), ("antal", "Skriv antalet")],
        ),
        ({"datum": "2026-11-23", "antal": "0"}, [("antal", "Skriv antalet")]),
        ({"datum": "2026-11-23", "antal": "1000"}, [("antal", "Skriv antalet")]),
        ({"datum": "2026-11-23", "antal": "-1"}, [("antal", "Skriv antalet")]),
        ({"datum": "2026-11-23", "antal": "tolv"}, [("antal", "Skriv antalet")]),
        ({"datum": "2026-10-05", "antal": "13"}, [("datum", "Det finns redan en träff den 2026-10-05")]),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_is_written(
    sqlite_app: Flask, fields: dict[str, str], told: list[tuple[str, str]]
) -> None:
    boss = Boss(sqlite_app)
    boss.post("/min-enhet/UF1/apt", datum="2026-10-05", antal="12")
    status, page = boss.post("/min-enhet/UF1/apt", **fields)
    assert status == 422
    faults = re.findall(r'<li><a href="#(\w+)">([^<]+)</a>', page)
    assert [
        (field, sentence[: len(start)]) for (field, sentence), (_, start) in zip(faults, told, strict=True)
    ] == told
    assert f'value="{fields["antal"]}"' in page
    assert boss.held() == [("2026-10-05", 12)]


@pytest.mark.parametrize("code", ["UF2", "U", "finns-inte", "UF1%00"])
def test_another_unit_is_the_same_404_as_one_that_does_not_exist(app: Flask, code: str) -> None:
    """S3, S4."""
    boss = Boss(app)
    assert boss.post(f"/min-enhet/{code}/apt", datum="2026-10-05", antal="12")[0] == 404
    assert boss.post(f"/min-enhet/{code}/apt/bort", traff="1")[0] == 404
    assert boss.held("UF2") == []


def test_another_units_staff_meeting_is_neither_seen_nor_taken_back(app: Flask) -> None:
    boss = Boss(app)
    with database.transaction(boss.engine) as session:
        other = builders.person(session, "Nils")
        unit = session.query(builders.OrgUnit).filter_by(code="UF2").one()
        builders.manage(session, other, unit)
        theirs = apt.record_staff_meeting(session, builders.deed(), other.id, "UF2", town.TODAY, 987)
    assert "987" not in boss.client.get("/min-enhet/UF1").text
    assert boss.post("/min-enhet/UF1/apt/bort", traff=str(theirs))[0] == 404
    assert boss.post("/min-enhet/UF2/apt/bort", traff=str(theirs))[0] == 404
    assert boss.held("UF2") == [("2026-11-23", 987)]


@pytest.mark.parametrize("role", ["employee", "coordinator", "vpc", "working-group", "administrator"])
def test_only_a_manager_records_one(sqlite_app: Flask, role: str) -> None:
    somebody = Boss(sqlite_app, role)
    assert somebody.post("/min-enhet/UF1/apt", datum="2026-10-05", antal="12")[0] == 403
    assert somebody.post("/min-enhet/UF1/apt/bort", traff="1")[0] == 403
    assert somebody.held() == []


def test_a_manager_of_several_units_records_it_on_the_units_own_page(sqlite_app: Flask) -> None:
    boss = Boss(sqlite_app)
    with database.transaction(boss.engine) as session:
        unit = session.query(builders.OrgUnit).filter_by(code="UF2").one()
        builders.manage(session, session.get_one(builders.Person, boss.people["manager"]), unit)
    assert "Anteckna träffen" not in boss.client.get("/min-enhet").text
    assert "Anteckna träffen" in boss.client.get("/min-enhet/UF2").text
