"""S52: who has a protected identity is named to VPC and the person alone, and counted everywhere."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from itertools import product

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from elearn import clock, database
from elearn.identity import actions
from elearn.journal.deed import person
from elearn.people.models import AccessRole, Employment, OrgUnit, Person
from elearn.training.meeting_models import (
    Meeting,
    MeetingAttendance,
    MeetingDepartment,
    MeetingRecognition,
)
from tests import builders
from tests.reports import measured
from tests.web import town
from tests.web.town import TODAY

HIDDEN = ("Qvxhemma", "Zwolmark", "q-77431", "qzhem@kommun.example", "Wqtitel")
DECIDER = ("Bqjurist", "Kwzlund", "q-88542", "bqjur@kommun.example")
FIRST = ("qvxhemma", "zwolmark", "q-77431")  # what a reader may look for
FORMATS = tuple(f"?format={name}" for name in ("csv", "json", "xlsx", "pdf", "blad"))
STATES = ("?lage=kommer", "?lage=avslutade")


@pytest.fixture
def people(sqlite_app: Flask) -> dict[str, int]:
    return populate(sqlite_app)


def populate(app: Flask) -> dict[str, int]:
    """The town, and in it: ``hidden`` in the manager's unit, who attended a meeting, is exempt and leads the
    neighbour's unit; and ``decider``, VPC, who has decided, recognised and frozen."""
    people = town.build(app.extensions["elearn"].engine).people
    with database.transaction(app.extensions["elearn"].engine) as session:
        units = {unit.code: unit for unit in session.scalars(sa.select(OrgUnit))}
        first, last, number, email, title = HIDDEN
        hidden = builders.person(session, first, last, number, email, is_protected=True)
        builders.employ(session, hidden, units["UF1"], position=title)
        builders.employ(session, hidden, units["UF2"], position=title, ends_on=dt.date(2027, 12, 31))
        builders.manage(session, hidden, units["UF2"])
        builders.exempt(session, hidden, units["UF2"])
        builders.exempt(session, hidden, ends_on=dt.date(2026, 1, 1))
        decider = builders.person(session, *DECIDER, is_protected=True)
        builders.employ(session, decider, units["S"])
        deed = builders.deed(clock.now(), TODAY)
        actions.grant_role(session, deed, decider.number, AccessRole.VPC, None)
        people |= {"hidden": hidden.id, "decider": decider.id}
        by = str(person(decider.id))
        made = builders.decide(session, units["UF2"], position="Vaktmästare")
        made.decided_by, made.recorded_by = None, by
        own = builders.decide(session, units["UF2"])
        own.decided_by, own.recorded_by = None, by
        session.add(meeting := _meeting(by))
        session.flush()
        session.add(MeetingDepartment(meeting_id=meeting.id, unit_id=units["U"].id))
        for id in (people["hidden"], people["employee"]):
            session.add(
                MeetingAttendance(meeting_id=meeting.id, person_id=id, recorded_at=deed.now, recorded_by=by)
            )
        session.add(
            MeetingRecognition(
                meeting_id=meeting.id,
                subject="könsstympning",
                reason="x",
                recorded_at=deed.now,
                recorded_by=by,
            )
        )
        measured.freeze(session, builders.deed(clock.now(), TODAY, person(decider.id)))
    return people


def _meeting(by: str) -> Meeting:
    return Meeting(
        title="Heldag",
        subjects=["könsstympning"],
        held_on=dt.date(2026, 9, 1),
        organiser="VPC",
        recorded_at=clock.now(),
        recorded_by=by,
    )


def addresses(app: Flask, ids: list[int]) -> Iterator[str]:
    """Every address that is read, with every unit's code and every id that there is."""
    given = {"code": ["U", "UF1", "UF2", "S", "X"], "slug": ["forskola"], "number": ["1"], "kind": ["kort"]}
    given |= {name: [str(id) for id in ids] for name in ("id", "person_id")}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            yield from _built(rule, given)


def _built(rule: Rule, given: dict[str, list[str]]) -> Iterator[str]:
    names = sorted(rule.arguments)
    choices = (given.get(name) or sorted(getattr(rule._converters[name], "items", ["1"])) for name in names)
    for values in product(*choices):
        built = rule.build(dict(zip(names, values, strict=True)), append_unknown=False)
        assert built
        yield built[1]


def told(client: FlaskClient, address: str) -> str:
    """All that an answer tells, in a page or a file."""
    with client.get(address) as response:
        body = response.get_data()
        headers = str(response.headers)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            body = b"".join(package.read(name) for name in package.namelist())
    if body.startswith(b"%PDF"):
        body = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages).encode()
    return headers + body.decode()


def whole(app: Flask, client: FlaskClient, ids: list[int]) -> str:
    """Everything that this visitor can read anywhere: pages, and each file that one of them gives."""
    read = []
    for path in addresses(app, ids):
        gives_files = path.endswith(("/export", "/rapport"))
        queries = FORMATS if gives_files else STATES if path.endswith("/beslut") else ()
        read += [told(client, path + query) for query in ("", *queries)]
    return "".join(read)


@pytest.mark.parametrize(
    "role", ["employee", "manager", "coordinator", "working-group", "administrator", "auditor", "external"]
)
def test_no_answer_of_any_address_names_them_to_anybody_else(
    sqlite_app: Flask, people: dict[str, int], role: str
) -> None:
    read = whole(sqlite_app, town.login(sqlite_app, people[role]), sorted(people.values()))
    assert len(read) > 100_000
    assert [canary for canary in (*HIDDEN[:4], *DECIDER) if canary in read] == []


def test_vpc_is_told_of_everybody_and_each_of_themselves(sqlite_app: Flask, people: dict[str, int]) -> None:
    """And VPC is warned, so that a name is not passed on."""
    vpc = town.login(sqlite_app, people["vpc"])
    for path in ("/malgrupp?sok=q-77431", "/moten/1", "/malgrupp/enhet/UF1"):
        page = told(vpc, path)
        assert page.count("Qvxhemma Zwolmark") >= page.count("Skyddade uppgifter") == 1, path
    assert told(vpc, "/malgrupp/beslut?lage=avslutade").count("Qvxhemma Zwolmark") == 1
    assert "Bqjurist Kwzlund" in told(vpc, "/matningar/1")
    hidden = town.login(sqlite_app, people["hidden"])
    own = told(hidden, "/") + told(hidden, "/min-enhet")
    assert own.count("Inloggad som Qvxhemma Zwolmark") == 2
    assert "<li>Qvxhemma Zwolmark" in own


@pytest.mark.parametrize("text", FIRST)
@pytest.mark.parametrize("path", ["/malgrupp", "/malgrupp/enhet/UF1", "/moten/1", "/malgrupp/beslut"])
def test_looking_for_them_answers_as_looking_for_nobody(
    sqlite_app: Flask, people: dict[str, int], path: str, text: str
) -> None:
    """Also in counts, and in how a page is laid out."""
    client = town.login(sqlite_app, people["coordinator"])
    nobody = f"{text[:-1]}å"
    found, missing = (client.get(path, query_string={"sok": one}) for one in (text, nobody))
    assert town.as_seen(found)[1] == town.as_seen(missing)[1].replace(nobody, text)


def test_whoever_decides_about_them_gets_the_404_of_nobody(sqlite_app: Flask, people: dict[str, int]) -> None:
    coordinator = town.login(sqlite_app, people["coordinator"])
    token = town.token_in(coordinator.get("/malgrupp/nytt?enhet=UF1").text)
    hidden = str(people["hidden"])
    for path, fields in (
        ("/malgrupp/nytt", {"person": hidden, "enhet": "UF1", "beslut": "undantagen", "skal": "x"}),
        ("/moten/1/narvaro", {"person": hidden}),
        ("/moten/1/narvaro/bort", {"person": hidden}),
        ("/malgrupp/beslut/1", {"sista": "2026-12-31", "steg": "spara"}),
    ):
        assert coordinator.post(path, data={"csrf_token": token, **fields}).status_code == 404, path
    listed = [
        coordinator.post("/moten/1/narvaro", data={"csrf_token": token, "nummer": number})
        for number in ("q-77431", "q-77432")
    ]
    assert [answer.status_code for answer in listed] == [422, 422]
    assert listed[0].text == listed[1].text.replace("q-77432", "q-77431")
    manager = town.login(sqlite_app, people["manager"])
    token = town.token_in(manager.get("/min-enhet/UF1").text)
    assert manager.post("/min-enhet/UF1", data={"csrf_token": token, "kod": hidden}).status_code == 404
    slips = manager.post("/min-enhet/UF1", data={"csrf_token": token, "lappar": "1"}).text
    assert "Sara Employee" in slips
    assert not [canary for canary in HIDDEN if canary in slips]


def test_they_are_counted_where_they_are_not_named(app: Flask) -> None:
    """Every figure is what it is without the mark, on the pages of managers and coordinators."""
    people = populate(app)
    engine = app.extensions["elearn"].engine
    manager, coordinator = (town.login(app, people[role]) for role in ("manager", "coordinator"))
    before = [manager.get("/min-enhet/UF1").text, coordinator.get("/moten/1").text]
    figures = manager.get("/tackning/export?format=json&form=full").get_data()
    assert "1 av 3" not in before[0]
    assert before[0].count("Namnet visas inte") == 1
    assert "VPC vet vem det är" in before[0]
    assert "<em>Två personer</em> från din förvaltning var med." in before[1]
    assert "En person till var med. Namnet visas inte här" in before[1]
    assert "En person till arbetar här." in coordinator.get("/malgrupp/enhet/UF1").text
    with database.transaction(engine) as session:
        session.execute(sa.update(Person).values(is_protected=False))
    after = manager.get("/min-enhet/UF1").text
    assert "Qvxhemma Zwolmark" in after
    assert after.count("<tr>") == before[0].count("<tr>")
    assert manager.get("/tackning/export?format=json&form=full").get_data() == figures
    assert "Qvxhemma Zwolmark" in coordinator.get("/moten/1").text


def test_the_rows_order_tells_nothing_of_the_name(sqlite_app: Flask, people: dict[str, int]) -> None:
    """A hidden name stands where its sentence does, whatever it is."""
    client = town.login(sqlite_app, people["manager"])
    pages = []
    for first_name in ("Aaron", "Öjvind"):
        with database.transaction(sqlite_app.extensions["elearn"].engine) as session:
            session.execute(
                sa.update(Person).where(Person.id == people["hidden"]).values(first_name=first_name)
            )
        pages.append(town.as_seen(client.get("/min-enhet/UF1"))[1])
    assert pages[0] == pages[1]


def test_a_position_that_only_they_have_stands_without_their_name(
    sqlite_app: Flask, people: dict[str, int]
) -> None:
    with database.snapshot(sqlite_app.extensions["elearn"].engine) as session:
        assert session.scalar(sa.select(sa.func.count()).where(Employment.position == "Wqtitel")) == 2
    assert "Wqtitel" not in town.login(sqlite_app, people["manager"]).get("/min-enhet/UF1").text
