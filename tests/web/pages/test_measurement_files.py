"""A measurement as a file: who gets which form of what, the same figures in every format, and the journal."""

import csv
import datetime as dt
import io
import json
from fractions import Fraction

import pytest
import sqlalchemy as sa
from flask import Flask
from python_calamine import CalamineWorkbook

from elearn import database
from elearn.journal.models import JournalEntry
from elearn.people.models import OrgUnit
from elearn.reports import measurement_actions
from elearn.training import curriculum
from tests import builders
from tests.reports import measured
from tests.web import town

ROLES = {"forskola": "förskola", "socialtjanst": "socialtjänst"}  # whose courses ``app`` has
EVERY = {"U", "UF1", "UF2", "S", "S1", "X"}


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """In Ängen 20 of 26 are trained, in Åsen none of one. The second measurement is 29 days from the first."""
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    required = curriculum.from_catalog(app.extensions["elearn"].shelf.current())
    with database.transaction(engine) as session:
        unit = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
        for number in range(24):
            someone = builders.person(session)
            builders.employ(session, someone, unit)
            if number < 20:
                builders.recognise(session, someone, "forskola", dt.date(2026, 8, 1), dt.date(2028, 1, 1))
        for on in (dt.date(2026, 9, 1), dt.date(2026, 9, 30)):
            deed = builders.deed(today=town.TODAY)
            measurement_actions.freeze_measurement(session, deed, required, on, Fraction(9, 10))
    return people


def rows(data: bytes) -> dict[str, dict[str, str]]:
    found = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    return {row["enhetskod"]: row for row in found}


@pytest.mark.parametrize(
    ("role", "id", "form", "status", "codes"),
    [
        ("vpc", 1, "full", 200, EVERY),
        ("vpc", 2, "full", 200, EVERY),
        ("vpc", 1, "public", 200, EVERY),
        ("vpc", 2, "public", 409, set()),
        ("coordinator", 2, "full", 200, {"U", "UF1", "UF2"}),
        ("coordinator", 1, "public", 200, EVERY),
        ("working-group", 1, "full", 403, set()),
        ("working-group", 1, "public", 200, EVERY),
        ("working-group", 2, "public", 409, set()),
        ("manager", 1, "public", 403, set()),
    ],
)
def test_each_role_gets_its_form_of_its_part(
    app: Flask, people: dict[str, int], role: str, id: int, form: str, status: int, codes: set[str]
) -> None:
    answer = town.login(app, people[role]).get(f"/matningar/{id}/export?format=csv&form={form}")
    assert answer.status_code == status
    if status == 200:
        table = rows(answer.data)
        assert set(table) == codes
        assert table["UF1"]["utbildade"] == ("20" if form == "full" else "..")
        assert table["U"]["utbildade"] == "20"
        assert table["U"]["anställda"] == ("29" if form == "full" else "..")


def test_every_format_says_the_same_and_the_name_tells_the_form(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    for form, mark in (("full", ""), ("public", "offentlig-")):
        answers = {
            kind: client.get(f"/matningar/1/export?format={kind}&form={form}")
            for kind in ("csv", "json", "xlsx")
        }
        for kind, answer in answers.items():
            assert f'filename="matning-1-{mark}2026-09-01.{kind}"' in answer.headers["Content-Disposition"]
        table, document = rows(answers["csv"].data), answers["json"].get_json()
        assert document["measurement"]["id"] == 1
        sheet = (
            CalamineWorkbook.from_filelike(io.BytesIO(answers["xlsx"].data)).get_sheet_by_index(0).to_python()
        )
        place = next(number for number, line in enumerate(sheet) if "enhetskod" in line)
        code, trained = sheet[place].index("enhetskod"), sheet[place].index("utbildade")
        cells = {line[code]: line[trained] for line in sheet[place + 1 :] if line[code] in table}
        for row in document["rows"]:
            expected = ".." if row["trained"] is None else str(row["trained"])
            cell = cells[row["code"]]
            assert table[row["code"]]["utbildade"] == expected
            assert (cell if isinstance(cell, str) else str(int(cell))) == expected


def test_each_file_stands_in_the_journal_and_a_head_fetches_nothing(
    app: Flask, people: dict[str, int]
) -> None:
    vpc, coordinator = (town.login(app, people[role]) for role in ("vpc", "coordinator"))
    assert vpc.head("/matningar/1/export?format=csv").status_code == 200
    for client, query in ((vpc, ""), (vpc, "?format=xlsx&form=public"), (coordinator, "?format=json")):
        assert client.get(f"/matningar/1/export{query}").status_code == 200
    with database.snapshot(app.extensions["elearn"].engine) as session:
        kinds = sa.select(JournalEntry.details).where(JournalEntry.kind == "fetched-figures")
        told = [json.loads(details) for details in session.scalars(kinds.order_by(JournalEntry.id))]
    assert [(one["report"], one["on"], one["form"], one["format"], one.get("part")) for one in told] == [
        ("measurement-1", "2026-09-01", "full", "csv", None),
        ("measurement-1", "2026-09-01", "public", "xlsx", None),
        ("measurement-1", "2026-09-01", "full", "json", "U"),
    ]
    assert '<th scope="row">Mätning 1</th>' in vpc.get("/tackning/export").text


def test_the_pages_lead_to_what_one_may_fetch(app: Flask, people: dict[str, int]) -> None:
    """Here Ängen is hidden, so only VPC meets the measurement in the list; each link gives a file."""
    client = town.login(app, people["vpc"])
    for id, forms in ((1, ("full", "public")), (2, ("full",))):
        page = client.get(f"/matningar/{id}").text
        for form in ("full", "public"):
            for kind in ("csv", "json", "xlsx"):
                link = f"/matningar/{id}/export?format={kind}&amp;form={form}"
                assert (link in page) is (form in forms)
            assert (f"/tackning/rapport?matning={id}&amp;form={form}&amp;format=pdf" in page) is (
                form in forms
            )
    assert "Mätningen lämnas inte ut i offentlig form" in page


@pytest.mark.parametrize(
    ("query", "status"), [("7/export", 404), ("1/export?format=pdf", 404), ("1/export?form=hemlig", 404)]
)
def test_what_is_no_file_is_not_found(app: Flask, people: dict[str, int], query: str, status: int) -> None:
    assert town.login(app, people["vpc"]).get(f"/matningar/{query}").status_code == status


def test_one_that_was_changed_is_not_sent(app: Flask, people: dict[str, int]) -> None:
    measured.tamper(
        app.extensions["elearn"].engine, "UPDATE measurement_row SET trained = 21 WHERE code = 'U'"
    )
    for role in ("vpc", "working-group"):
        assert town.login(app, people[role]).get("/matningar/1/export?form=public").status_code == 409
