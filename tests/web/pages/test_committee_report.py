"""The report as a file: who may fetch which form of what, and that it stands in the journal."""

import io
import json
import re
from fractions import Fraction

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from elearn import database
from elearn.journal.models import JournalEntry
from elearn.people.models import AccessGrant, OrgUnit, Person
from elearn.reports import measurement_actions
from elearn.training import curriculum
from tests import builders
from tests.web import town

ADDRESS = "/tackning/rapport"


ROLES = {"forskola": "förskola", "socialtjanst": "socialtjänst"}  # whose courses ``app`` has


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """Sara and her manager are trained: two of two in Ängen, two of three in the department."""
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        for role in ("employee", "manager"):
            someone = session.get_one(Person, people[role])
            builders.recognise(session, someone, "forskola", town.TODAY, town.TODAY.replace(year=2028))
    return people


def fetched(client: FlaskClient, **asked: str) -> str:
    """What the PDF says."""
    answer = client.get(ADDRESS, query_string={"format": "pdf", **asked})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def entries(app: Flask) -> list[dict[str, object]]:
    with database.snapshot(app.extensions["elearn"].engine) as session:
        found = session.scalars(
            sa.select(JournalEntry.details)
            .where(JournalEntry.kind == "fetched-figures")
            .order_by(JournalEntry.id)
        )
        return [json.loads(details) for details in found]


def test_vpc_fetches_everything_a_committee_or_a_department(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    assert "1 av 5 förvaltningar och enheter i Botkyrka kommun har säkerställt" in fetched(client)
    committee = fetched(client, namnd="utbildningsnämnden")
    assert "1 av 2 enheter i Utbildningsförvaltningen har säkerställt kunskapen" in committee
    assert "Framtagen 23 november 2026 av Våldspreventivt center (VPC)" in committee
    assert "Socialförvaltningen" not in committee
    assert "0 av 1 enhet i Socialförvaltningen" in fetched(client, forvaltning="S")
    for wanted in ({"namnd": "Nämnden"}, {"forvaltning": "UF1"}, {"forvaltning": "x"}, {"matning": "1"}):
        assert client.get(ADDRESS, query_string={"format": "pdf", **wanted}).status_code == 404
    for wrong in (
        {"format": "docx"},
        {"format": "pdf", "form": "hemlig"},
        {"format": "pdf", "matning": "ett"},
    ):
        assert client.get(ADDRESS, query_string=wrong).status_code == 404


def test_a_report_names_nobody(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    with database.snapshot(app.extensions["elearn"].engine) as session:
        names = {
            name for pair in session.execute(sa.select(Person.first_name, Person.last_name)) for name in pair
        }
    for file_format in ("pdf", "blad"):
        text = fetched(client, format=file_format)
        assert not [name for name in names if re.search(rf"\b{name}\b", text)]


def test_a_coordinator_fetches_the_own_department_in_the_public_form_and_no_other(
    app: Flask, people: dict[str, int]
) -> None:
    """S4."""
    client = town.login(app, people["coordinator"])
    text = fetched(client)
    assert "Utbildningsförvaltningen" in text
    assert "av förvaltningens samordnare" in text
    assert "offentlig form" in text
    assert client.get(f"{ADDRESS}?format=pdf&form=full").status_code == 403
    assert "Socialförvaltningen" not in fetched(client, format="blad")
    for wanted in ({"forvaltning": "S"}, {"namnd": "Utbildningsnämnden"}, {"forvaltning": "UF1"}):
        assert client.get(ADDRESS, query_string={"format": "pdf", **wanted}).status_code == 404
    page = client.get(ADDRESS).text
    assert "Socialförvaltningen" not in page
    assert 'name="namnd"' not in page


def test_a_coordinator_of_two_departments_chooses_one(app: Flask, people: dict[str, int]) -> None:
    with database.transaction(app.extensions["elearn"].engine) as session:
        s = session.scalars(sa.select(OrgUnit.id).where(OrgUnit.code == "S")).one()
        given = session.scalars(
            sa.select(AccessGrant).where(AccessGrant.person_id == people["coordinator"])
        ).one()
        session.add(
            AccessGrant(person_id=given.person_id, role=given.role, unit_id=s, granted_at=given.granted_at)
        )
    client = town.login(app, people["coordinator"])
    answer = client.get(f"{ADDRESS}?format=pdf")
    assert answer.status_code == 422
    assert "Fel: Välj en förvaltning." in answer.text
    assert "Socialförvaltningen" in fetched(client, forvaltning="S")
    assert entries(app)[0]["part"] == "S"


def test_the_working_group_fetches_the_public_form_alone(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["working-group"])
    assert "Rapport för hela kommunen, offentlig form" in fetched(client)
    assert client.get(f"{ADDRESS}?format=pdf&form=full").status_code == 403
    answer = client.get(f"{ADDRESS}?format=xlsx&namnd=Utbildningsnämnden")
    _, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_name("Täckning").to_python()
    )
    assert {row[2]: row[6] for row in rows} == {"U": "..", "UF1": "..", "UF2": ".."}


def test_a_page_for_each_department(app: Flask, people: dict[str, int]) -> None:
    answer = town.login(app, people["vpc"]).get(f"{ADDRESS}?format=blad")
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    assert [page.extract_text().split("\n")[1] for page in pages] == [
        "Socialförvaltningen",
        "Utbildningsförvaltningen",
    ]


def test_a_committee_and_a_department_at_once_is_told_beside_the_field(
    app: Flask, people: dict[str, int]
) -> None:
    answer = town.login(app, people["vpc"]).get(
        ADDRESS,
        query_string={"format": "xlsx", "namnd": "Utbildningsnämnden", "forvaltning": "S", "form": "public"},
    )
    assert answer.status_code == 422
    assert "Fel: Välj en nämnd eller en förvaltning, inte båda." in answer.text
    for kept in ('value="S" selected', 'value="public" checked', 'value="xlsx" checked'):
        assert kept in answer.text


def test_a_measurement_is_chosen_by_its_number_and_stands(app: Flask, people: dict[str, int]) -> None:
    extension = app.extensions["elearn"]
    with database.transaction(extension.engine) as session:
        required = curriculum.from_catalog(extension.shelf.current())
        id = measurement_actions.freeze_measurement(
            session, builders.deed(), required, town.TODAY, Fraction(9, 10), "Höstens <mätning>"
        ).id
        session.execute(sa.update(OrgUnit).values(name="Omdöpt"))
    for role in ("vpc", "coordinator", "working-group"):
        client = town.login(app, people[role])
        assert "Höstens &lt;mätning&gt;, 23\u00a0november 2026" in client.get(ADDRESS).text
        text = fetched(client, matning=str(id), forvaltning="U")
        assert "Mätningen ”Höstens <mätning>”, fryst den 23 november 2026." in text
        assert "Omdöpt" not in text
    assert {entry["report"] for entry in entries(app)} == {f"report-of-measurement-{id}"}
    coordinator = town.login(app, people["coordinator"])
    assert coordinator.get(f"{ADDRESS}?format=pdf&matning={id}&forvaltning=S").status_code == 404


def test_each_file_stands_in_the_journal_and_what_fetches_nothing_does_not(
    app: Flask, people: dict[str, int]
) -> None:
    client = town.login(app, people["vpc"])
    client.get(ADDRESS)
    client.head(f"{ADDRESS}?format=pdf")
    client.get(f"{ADDRESS}?format=pdf&forvaltning=finns-inte")
    assert entries(app) == []
    answer = client.get(f"{ADDRESS}?format=pdf&namnd=Utbildningsnämnden&form=public")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="rapport-Utbildningsnamnden-offentlig-2026-11-23.pdf"'
    )
    client.get(f"{ADDRESS}?format=xlsx&forvaltning=U")
    told = {"report": "report", "on": "2026-11-23"}
    assert entries(app) == [
        told | {"form": "public", "format": "pdf", "committee": "Utbildningsnämnden"},
        told | {"form": "full", "format": "xlsx", "part": "U"},
    ]
