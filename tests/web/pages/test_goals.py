"""Goals and surveys on their page: VPC types them in, and what is wrong is told beside what was sent."""

import re

import pytest
from flask import Flask

from tests.web import town

GOAL = {"vad": "mal", "forvaltning": "U", "andel": "90", "dag": "2027-12-31"}
SURVEY = {"vad": "enkat", "forvaltning": "U", "ar": "2022", "svar": "1000", "ja": "310"}


ROLES = {"forskola": "förskola", "socialtjanst": "socialtjänst"}  # whose courses ``app`` has


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


def send(app: Flask, person: int, fields: dict[str, str]) -> tuple[int, str]:
    client = town.login(app, person)
    token = town.token_in(client.get("/").text)
    answer = client.post("/matningar/mal", data={**fields, "csrf_token": token})
    return answer.status_code, answer.text


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace("\u00a0", " ")


def test_a_goal_and_a_survey_stand_beside_the_actual_share(app: Flask, people: dict[str, int]) -> None:
    assert send(app, people["vpc"], GOAL)[0] == 303
    assert send(app, people["vpc"], SURVEY)[0] == 303
    page = words(town.login(app, people["vpc"]).get("/matningar/mal").text)
    assert "Utbildningsnämnden 0,0 % 90 % 31 december 2027 90,0 procentenheter kvar" in page
    assert "Socialförvaltningen 0,0 % – Inget eget mål" in page
    assert "Utbildningsförvaltningen 2022 1 000 310 31,0 %" in page


@pytest.mark.parametrize(
    ("fields", "field", "sentence", "kept"),
    [
        (GOAL | {"andel": "101"}, "mal-andel", "Målet ska vara över 0 och högst 100 procent.", 'value="101"'),
        (GOAL | {"dag": "2026-11-22"}, "mal-dag", "Dagen ska vara i dag eller senare.", 'value="2026-11-22"'),
        (
            SURVEY | {"ja": "1001"},
            "enkat-ja",
            "Antalet ja kan inte vara fler än antalet svar.",
            'value="1001"',
        ),
    ],
)
def test_what_is_wrong_is_told_with_422_and_what_was_sent_stands_there(
    app: Flask, people: dict[str, int], fields: dict[str, str], field: str, sentence: str, kept: str
) -> None:
    status, page = send(app, people["vpc"], fields)
    assert status == 422
    assert f'<a href="#{field}">{sentence}</a>' in page
    assert f'id="{field}"' in page
    assert kept in page


def test_a_department_that_is_none_is_not_found(app: Flask, people: dict[str, int]) -> None:
    assert send(app, people["vpc"], GOAL | {"forvaltning": "UF1"})[0] == 404


@pytest.mark.parametrize("role", ["employee", "manager", "coordinator", "working-group", "administrator"])
def test_only_vpc_types_them_in(app: Flask, people: dict[str, int], role: str) -> None:
    assert send(app, people[role], GOAL)[0] == 403
