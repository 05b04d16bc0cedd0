"""The page of the plan's activities: who arranges, how far it has come, and who sees which figures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from elearn import database
from elearn.identity import actions
from elearn.people.models import AccessRole, Person
from tests import builders
from tests.content import folders
from tests.web import town
from tests.web.pages.test_needs import words

TEXT = """# Aktiviteter

## Alla i förskolan & socialtjänsten utbildas

Alla går kursen.

- Mål: 4.4
- Ansvarig nämnd: inte utpekad
- Medansvariga: samtliga nämnder
- Tidsplan: inte angiven
- Kurs: forskola, socialtjanst
- Mått: Andelen utbildade.
- Arrangör: nämnden
- Källa: planen
- Kontrollerad: 2026-11-30
- Att göra: VPC frågar kansliet.

## Frågan i enkäten

Den ställs varje år.

- Mål: 4.4
- Ansvarig nämnd: Kommunstyrelsen
- Tidsplan: från år 2022
- Mått: Enkätens svar.
- Källa: planen
- Kontrollerad: 2026-11-30
"""
PRESCHOOL, SOCIAL = "Utbildningsförvaltningen förskola 1 av 3", "Socialförvaltningen socialtjänst 0 av 1"


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    roles = {"forskola": "förskola", "socialtjanst": "socialtjänst"}
    folder = folders.write_roles(tmp_path / "courses", **roles)
    (folder / "aktiviteter.md").write_text(TEXT, encoding="utf-8")
    app = town.application(sqlite_url, folder)
    yield app
    app.extensions["elearn"].engine.dispose()


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        someone = session.get_one(Person, people["employee"])
        builders.recognise(session, someone, "forskola", town.TODAY, town.TODAY.replace(year=2028))
    return people


def test_vpc_sees_every_figure_and_what_is_left_to_do(app: Flask, people: dict[str, int]) -> None:
    page = town.login(app, people["vpc"]).get("/aktiviteter").text
    assert "Alla i förskolan &amp; socialtjänsten utbildas" in page
    said = words(page)
    assert "Två aktiviteter i handlingsplanen gäller utbildning. En av dem följs med sin kurs." in said
    assert "Ansvarig nämnd Inte utpekad än" in said
    assert "Tidsplan Anges inte i planen" in said
    assert "Ska arrangeras av nämnden och VPC" in said
    assert "Två förvaltningar har medarbetare som ska gå kursen." in said
    assert "Som arrangör står nämnden. Efter antalet förvaltningar ska det vara nämnden och VPC." in said
    assert f"{PRESCHOOL} 33,3 %" in said
    assert f"{SOCIAL} 0,0 %" in said
    assert "Ingen siffra. Enkätens svar." in said
    assert "Att göra: VPC frågar kansliet." in said


def test_a_coordinator_sees_the_own_department_s_figures(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["coordinator"])
    said = words(client.get("/aktiviteter").text)
    assert PRESCHOOL in said
    assert "Socialförvaltningen" not in said
    assert "Ska arrangeras av nämnden och VPC" in said  # of the whole municipality
    assert "VPC frågar" not in said
    data = client.get("/aktiviteter/export").data.decode("utf-8-sig")
    assert ";Utbildningsförvaltningen;förskola;3;1;33,3;" in data
    assert "Socialförvaltningen" not in data


def test_the_working_group_sees_the_list_without_figures(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["working-group"])
    said = words(client.get("/aktiviteter").text)
    assert "Här står inga antal" in said
    assert "Alla går kursen." in said
    for text in (said, client.get("/aktiviteter/export").data.decode("utf-8-sig")):
        assert "33,3" not in text
        assert "Socialförvaltningen" not in text


def test_a_coordinator_in_the_working_group_sees_the_own_figures_and_no_other_s(
    app: Flask, people: dict[str, int]
) -> None:
    """S4: to see totals of the whole municipality opens nobody's real figures."""
    with database.transaction(app.extensions["elearn"].engine) as session:
        actions.grant_role(
            session, builders.deed(today=town.TODAY), "n-coordinator", AccessRole.WORKING_GROUP, None
        )
    client = town.login(app, people["coordinator"])
    for text in (words(client.get("/aktiviteter").text), client.get("/aktiviteter/export").text):
        assert "Socialförvaltningen" not in text


def test_files(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    answer = client.get("/aktiviteter/export?format=xlsx")
    assert answer.data.startswith(b"PK")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="aktiviteter-2026-11-23.xlsx"'
    assert client.get("/aktiviteter/export?format=json").status_code == 404


def test_an_empty_list_is_said(sqlite_url: str, tmp_path: Path) -> None:
    app = town.application(sqlite_url, folders.write(tmp_path / "courses"))
    people = town.build(app.extensions["elearn"].engine).people
    page = town.login(app, people["vpc"]).get("/aktiviteter").text
    assert "Aktivitetslistan är tom." in page
    assert town.login(app, people["vpc"]).get("/aktiviteter/export").status_code == 200
    app.extensions["elearn"].engine.dispose()
