"""Decisions on pages: found, looked at before they are saved, saved once, ended; and only within reach (S3,
S4, R8)."""

import datetime as dt
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from elearn import database
from elearn.journal.models import JournalEntry
from elearn.people.models import Employment, OrgUnit, Person
from elearn.reports.remembered import change_count
from elearn.training.models import TargetDecision
from tests import builders
from tests.content import folders
from tests.web import town

DAY = dt.timedelta(days=1)
TODAY = town.TODAY.isoformat()


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


def engine_of(app: Flask) -> sa.Engine:
    found: sa.Engine = app.extensions["elearn"].engine
    return found


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def form(client: FlaskClient, **fields: str) -> dict[str, str]:
    """A whole form about the unit UF1: out, with a reason, from today."""
    token = town.token_in(client.get("/malgrupp").text)
    given = {"csrf_token": token, "enhet": "UF1", "beslut": "undantagen", "skal": "Annan utbildning"}
    return given | {"fran": TODAY, "till": "", "steg": "granska"} | fields


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def stored(app: Flask) -> list[TargetDecision]:
    with Session(engine_of(app)) as session:
        return list(session.scalars(sa.select(TargetDecision).order_by(TargetDecision.id)))


def decide(app: Flask, code: str | None = None, person_id: int | None = None, **more: object) -> int:
    with database.transaction(engine_of(app)) as session:
        at = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == code)).one() if code else None
        someone = session.get_one(Person, person_id) if person_id else None
        return builders.decide(session, at, someone, **more).id  # type: ignore[arg-type]


def everything(app: Flask) -> tuple[object, ...]:
    with Session(engine_of(app)) as session:
        entries = session.scalar(sa.select(sa.func.count()).select_from(JournalEntry))
        return len(stored(app)), entries, change_count(session)


def test_a_decision_is_looked_at_and_then_saved_with_a_line(app: Flask, people: dict[str, int]) -> None:
    """Nothing is written before it is saved."""
    client = town.login(app, people["coordinator"])
    sent, before = form(client, befattning="barnskötare"), everything(app)
    checked = client.post("/malgrupp/nytt", data=sent)
    told = text_of(checked.text)
    assert checked.status_code == 200
    assert "Beslutet gäller två personer." in told
    assert re.search(r"Utbildningsförvaltningen 4 nu 3 → blir 1 0 ", told)
    assert re.search(r"Förskolan Ängen 2 nu 2 → blir 0 0 nu 0,0 % → blir – nu nej → blir – ", told)
    assert everything(app) == before
    saved = client.post("/malgrupp/nytt", data=hidden(checked.text) | {"steg": "spara"})
    assert (saved.status_code, saved.headers["Location"]) == (303, "/malgrupp/enhet/UF1")
    page = client.get("/malgrupp/enhet/UF1").text
    assert "Beslutet är sparat." in page
    assert "<em>0 av 2</em> anställda ingår i målgruppen." in page
    assert "barnskötare i Förskolan Ängen" in page
    [row] = stored(app)
    assert (row.position_key, row.reason, row.starts_on) == ("barnskötare", "Annan utbildning", town.TODAY)
    assert row.recorded_by == f"person:{people['coordinator']}"


def test_a_form_that_is_sent_twice_makes_one_decision(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    ready = hidden(client.post("/malgrupp/nytt", data=form(client)).text) | {"steg": "spara"}
    answers = [client.post("/malgrupp/nytt", data=ready) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(stored(app)) == 1


def test_what_was_written_stands_in_the_form_again(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    checked = client.post("/malgrupp/nytt", data=form(client, skal='Ledig <b>"nu"', till="2027-01-01"))
    ready = hidden(checked.text)
    page = client.post("/malgrupp/nytt", data=ready | {"skal": 'Ledig <b>"nu"', "steg": "andra"}).text
    assert 'value="Ledig &lt;b&gt;&#34;nu&#34;"' in page
    assert 'value="2027-01-01"' in page
    assert re.search(r'value="undantagen" checked', page)
    assert "<title>Ta ett beslut" in page
    assert stored(app) == []


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"beslut": ""}, "beslut-0", "Välj om beslutet är att ingå eller att undantas."),
        ({"skal": " "}, "skal", "Skriv varför de undantas."),
        ({"skal": "x" * 101}, "skal", "Skriv skälet med högst 100 tecken."),
        ({"fran": ""}, "fran", f"Skriv dagen som {TODAY}."),
        ({"fran": "23 nov"}, "fran", "”23 nov” är inget datum. Skriv det som 2026-12-31."),
        ({"fran": "2026-11-22"}, "fran", f"Första dagen kan vara {TODAY} eller senare."),
        ({"till": "2026-11-22"}, "till", "Sista dagen ligger före första dagen."),
        ({"beslut": "ingar", "yrkesroll": "kock"}, "yrkesroll", "Välj en av yrkesrollerna i listan."),
    ],
)
@pytest.mark.parametrize("step", ["granska", "spara"])
def test_a_fault_is_told_by_its_field_and_nothing_is_saved(
    sqlite_app: Flask, fields: dict[str, str], field: str, sentence: str, step: str
) -> None:
    people = town.build(engine_of(sqlite_app)).people
    client = town.login(sqlite_app, people["vpc"])
    answer = client.post("/malgrupp/nytt", data=form(client, nyckel="k", steg=step, **fields))
    assert answer.status_code == 422
    assert "<title>Fel: Ta ett beslut" in answer.text
    assert f'<li><a href="#{field}">{sentence}' in answer.text
    assert f'id="{field}"' in answer.text
    assert f"Fel: {sentence}" in answer.text
    assert stored(sqlite_app) == []


def test_every_fault_is_told_at_once_in_the_order_of_the_page(sqlite_app: Flask) -> None:
    people = town.build(engine_of(sqlite_app)).people
    client = town.login(sqlite_app, people["vpc"])
    sent = form(client, skal="", fran="2026-11-22", till="i morgon", yrkesroll="kock")
    page = client.post("/malgrupp/nytt", data=sent).text
    assert re.findall(r'<li><a href="#(\w+)">', page)[:4] == ["skal", "yrkesroll", "fran", "till"]


def test_a_decision_without_its_key_is_looked_at_first(sqlite_app: Flask) -> None:
    people = town.build(engine_of(sqlite_app)).people
    client = town.login(sqlite_app, people["vpc"])
    answer = client.post("/malgrupp/nytt", data=form(client, steg="spara"))
    assert (answer.status_code, "Granska beslutet" in answer.text, stored(sqlite_app)) == (200, True, [])


def test_without_the_token_nothing_is_received(sqlite_app: Flask) -> None:
    people = town.build(engine_of(sqlite_app)).people
    client = town.login(sqlite_app, people["vpc"])
    sent = form(client, nyckel="k", steg="spara") | {"csrf_token": ""}
    id = decide(sqlite_app, "UF1")
    assert client.post("/malgrupp/nytt", data=sent).status_code == 400
    end = {"sista": TODAY, "steg": "spara"}
    assert client.post(f"/malgrupp/beslut/{id}", data=end).status_code == 400
    assert [row.ended_on for row in stored(sqlite_app)] == [None]


OUTSIDE = ("/malgrupp/enhet/S1", "/malgrupp/enhet/X", "/malgrupp/nytt?enhet=S1", "/malgrupp/nytt?enhet=S")


def test_a_coordinator_reaches_the_own_department_and_the_rest_does_not_exist(
    app: Flask, people: dict[str, int]
) -> None:
    """S3, S4: what is out of reach answers as what does not exist."""
    client = town.login(app, people["coordinator"])
    id, everywhere = decide(app, "S1"), decide(app, None, people["employee"])
    mona, sara = people["social"], people["employee"]
    paths = [
        *OUTSIDE,
        f"/malgrupp/person/{mona}",
        f"/malgrupp/nytt?person={mona}",
        f"/malgrupp/nytt?person={mona}&enhet=UF1",
        f"/malgrupp/nytt?person={sara}",  # everywhere: for VPC
        f"/malgrupp/nytt?person={sara}&enhet=UF2",
        f"/malgrupp/nytt?person={sara}&enhet=UF1&befattning=Rektor",
        f"/malgrupp/beslut/{id}",
        "/malgrupp/nytt",
        "/malgrupp/nytt?person=x",
        f"/malgrupp/person/{people['ex-employee']}",
    ]
    client.get("/malgrupp")  # the cookie has its token now
    missing = town.as_seen(client.get("/malgrupp/enhet/finns-inte"))
    assert missing[0] == 404
    for path in paths:
        assert town.as_seen(client.get(path)) == missing, path
    for path in ("/malgrupp/enhet/U", "/malgrupp/enhet/UF1", f"/malgrupp/person/{sara}"):
        assert client.get(path).status_code == 200
    for query in (f"person={sara}&enhet=U", f"person={sara}&enhet=UF1", "enhet=U&befattning=Kock"):
        assert client.get(f"/malgrupp/nytt?{query}").status_code == 200
    seen = client.get(f"/malgrupp/beslut/{everywhere}").text  # it holds for somebody of theirs
    assert "överallt" in seen
    assert "Avsluta beslutet" not in seen
    vpc = town.login(app, people["vpc"])
    for path in (f"/malgrupp/person/{mona}", f"/malgrupp/nytt?person={sara}", f"/malgrupp/beslut/{id}"):
        assert vpc.get(path).status_code == 200


def test_a_form_out_of_reach_saves_nothing(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["coordinator"])
    id, everywhere = decide(app, "S1"), decide(app, None, people["employee"])
    for fields in (
        {"enhet": "S1"},
        {"enhet": "", "person": str(people["employee"])},
        {"enhet": "UF1", "person": str(people["social"])},
    ):
        for step in ("granska", "andra", "spara"):
            sent = form(client, nyckel="k", steg=step, **fields)
            assert client.post("/malgrupp/nytt", data=sent).status_code == 404
    for number in (id, everywhere):
        for step in ("granska", "spara"):
            sent = form(client, sista=TODAY, steg=step)
            assert client.post(f"/malgrupp/beslut/{number}", data=sent).status_code == 404
    assert [row.ended_on for row in stored(app)] == [None, None]


def test_who_only_sees_every_figure_decides_nothing(sqlite_app: Flask) -> None:
    """The working group, and a manager."""
    people = town.build(engine_of(sqlite_app)).people
    for role in ("working-group", "manager", "administrator", "employee"):
        client = town.login(sqlite_app, people[role])
        token = town.token_in(client.get("/").text)
        sent = {"csrf_token": token, "enhet": "UF1", "beslut": "undantagen", "skal": "x", "fran": TODAY}
        assert client.get("/malgrupp").status_code == 403
        assert client.post("/malgrupp/nytt", data=sent).status_code == 403
    assert stored(sqlite_app) == []


def test_units_and_people_are_found_whatever_the_capitals(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["coordinator"])

    def found(text: str) -> list[str]:
        page = client.get("/malgrupp", query_string={"sok": text}).text
        return re.findall(r'<li><a href="/malgrupp/(?:enhet|person)/[^"]+">([^<]+)</a>', page)

    assert found("ÄNGEN") == ["Förskolan Ängen"]
    assert found("uf") == ["Förskolan Åsen", "Förskolan Ängen"]
    assert found("employee sara") == ["Sara Employee"]
    assert found("N-EMPLOYEE") == ["Sara Employee"]
    assert found("mona") == []  # another department
    assert found("leo") == []  # has left
    assert "Inget hittades för ”leo” i din förvaltning." in client.get("/malgrupp?sok=leo").text
    assert town.login(app, people["vpc"]).get("/malgrupp?sok=mona").text.count("Mona Social") == 1


def test_many_are_found_and_the_first_are_shown_with_a_sentence(app: Flask, people: dict[str, int]) -> None:
    town.add_units(engine_of(app), people["manager"])
    client = town.login(app, people["coordinator"])
    page = client.get("/malgrupp?sok=enhet").text
    assert "25 av 240 visas. Skriv mer av namnet för att se de andra." in page
    assert page.count('<li><a href="/malgrupp/enhet/') == 25
    assert (
        "25 av 240 visas. Skriv mer av namnet, eller anställningsnumret"
        in client.get("/malgrupp?sok=p0").text
    )


def test_a_large_unit_shows_a_hundred_people_and_finds_the_others(app: Flask, people: dict[str, int]) -> None:
    with database.transaction(engine_of(app)) as session:
        at = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF2")).one()
        for number in range(120):
            builders.employ(session, builders.person(session, f"Förnamn{number}", "Öst"), at, position=None)
    client = town.login(app, people["coordinator"])
    page = client.get("/malgrupp/enhet/UF2").text
    assert "100 av 121 visas. Sök för att se de andra." in page
    assert page.count('<li><a href="/malgrupp/person/') == 100
    page = client.get("/malgrupp/enhet/UF2?sok=förnamn119").text
    assert re.findall(r'<a href="/malgrupp/person/\d+">([^<]+)', page) == ["Förnamn119 Öst"]


def test_the_positions_of_a_unit_and_below_are_there_to_choose(app: Flask, people: dict[str, int]) -> None:
    with database.transaction(engine_of(app)) as session:
        at = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF2")).one()
        for position in ("Rektor", " REKTOR", None):
            builders.employ(session, builders.person(session), at, position=position)
    page = town.login(app, people["coordinator"]).get("/malgrupp/enhet/U").text
    assert (
        re.findall(r'befattning=([^"]+)">([^<]+)</a> <span class="mute n">(\d+)', page)
        == [
            ("Barnsk%C3%B6tare", "Barnskötare", "4"),
            ("Rektor", "Rektor", "2"),
        ]
        or "REKTOR" in page
    )


def test_a_decision_is_ended_after_a_look_and_once(app: Flask, people: dict[str, int]) -> None:
    id = decide(app, "UF1")
    client = town.login(app, people["coordinator"])
    page = client.get(f"/malgrupp/beslut/{id}").text
    assert "Avsluta beslutet" in page
    token, before = town.token_in(page), everything(app)
    sent = {"csrf_token": token, "sista": "2026-11-22", "steg": "granska"}
    checked = client.post(f"/malgrupp/beslut/{id}", data=sent)
    assert (checked.status_code, everything(app)) == (200, before)
    assert re.search(r"Förskolan Ängen 2 nu 0 → blir 2 0 ", text_of(checked.text))
    for _ in range(2):
        saved = client.post(f"/malgrupp/beslut/{id}", data=sent | {"steg": "spara"})
        assert (saved.status_code, saved.headers["Location"]) == (303, f"/malgrupp/beslut/{id}")
    assert [str(row.ended_on) for row in stored(app)] == ["2026-11-22"]
    page = client.get(f"/malgrupp/beslut/{id}").text
    assert "Elif Coordinator" in page
    assert "Avsluta beslutet" not in page
    again = client.post(f"/malgrupp/beslut/{id}", data=sent | {"sista": TODAY, "steg": "spara"})
    assert (again.status_code, "Beslutet är redan avslutat." in again.text) == (409, True)


@pytest.mark.parametrize(
    ("last_day", "sentence"),
    [
        ("2026-11-21", "Sista dagen kan vara 2026-11-22 eller senare."),
        ("2026-12-31", "Beslutet slutar redan 2026-12-31. Skriv en tidigare dag."),
        ("", f"Skriv dagen som {TODAY}."),
        ("nu", "”nu” är inget datum. Skriv det som 2026-12-31."),
    ],
)
@pytest.mark.parametrize("step", ["granska", "spara"])
def test_a_last_day_that_cannot_be_is_told_by_the_field(
    sqlite_app: Flask, last_day: str, sentence: str, step: str
) -> None:
    people = town.build(engine_of(sqlite_app)).people
    id = decide(sqlite_app, "UF1", ends_on=dt.date(2026, 12, 31))
    client = town.login(sqlite_app, people["vpc"])
    answer = client.post(f"/malgrupp/beslut/{id}", data=form(client, sista=last_day, steg=step))
    assert answer.status_code == 422
    assert f'<li><a href="#sista">{sentence}</a></li>' in answer.text
    assert [row.ended_on for row in stored(sqlite_app)] == [None]


def test_decisions_are_listed_by_state_newest_first_and_found_by_unit(
    app: Flask, people: dict[str, int]
) -> None:
    now = builders.NOW
    decide(app, "UF1", position="Kock", recorded_at=now)
    decide(app, "UF2", position="Vakt", recorded_at=now + DAY)
    decide(app, "UF1", position="Rektor", starts_on=town.TODAY + DAY)
    decide(app, "UF1", position="Lärare", ends_on=town.TODAY - DAY)
    decide(app, "S1", position="Handläggare", recorded_at=now + 2 * DAY)
    client = town.login(app, people["coordinator"])

    def listed(query: str, by: FlaskClient = client) -> list[str]:
        page = by.get(f"/malgrupp/beslut?{query}").text
        return re.findall(r'<th scope="row"><a href="/malgrupp/beslut/\d+">(\w+) i ', page)

    assert listed("") == ["Vakt", "Kock"]
    assert listed("lage=kommer") == ["Rektor"]
    assert listed("lage=avslutade") == ["Lärare"]
    assert listed("lage=x&sida=x") == ["Vakt", "Kock"]
    assert listed("sok=ängen") == ["Kock"]
    assert listed("sok=uf2") == ["Vakt"]
    assert listed("sok=mottagningen") == []
    assert listed("", town.login(app, people["vpc"])) == ["Handläggare", "Vakt", "Kock"]


def test_many_decisions_stand_on_pages(app: Flask, people: dict[str, int]) -> None:
    with database.transaction(engine_of(app)) as session:
        at = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
        for number in range(26):
            builders.decide(session, at, position=f"P{number}", recorded_at=builders.NOW + number * DAY)
    client = town.login(app, people["vpc"])
    first, second = (client.get(f"/malgrupp/beslut?sok=ängen&sida={number}").text for number in (1, 2))
    assert first.count('<th scope="row"><a') == 25
    assert "Sida 1 av 2, 26 beslut" in first
    found = re.search(r'rel="next" href="([^"]+)"', first)
    assert found
    assert client.get(found[1].replace("&amp;", "&")).text.count("P0 i ") == second.count("P0 i ") == 1
    assert client.get("/malgrupp/beslut?sida=99").text.count('<th scope="row"><a') == 1


def test_the_start_page_tells_what_departs_and_by_whose_decision(app: Flask, people: dict[str, int]) -> None:
    decide(app, "UF1")
    page = text_of(town.login(app, people["vpc"]).get("/malgrupp").text)
    assert "Räknat i varje förvaltning har beslut tagit två personer ur målgruppen." in page
    assert "Utbildningsförvaltningen 3 2 0 1 VPC: 2 ut" in page
    assert "Socialförvaltningen" in page
    own = text_of(town.login(app, people["coordinator"]).get("/malgrupp").text)
    assert "Socialförvaltningen" not in own


def test_reasons_are_for_those_who_decide(app: Flask, people: dict[str, int]) -> None:
    """S5: a manager's page tells none."""
    client = town.login(app, people["vpc"])
    ready = hidden(client.post("/malgrupp/nytt", data=form(client, skal="Tjänstledig här")).text)
    client.post("/malgrupp/nytt", data=ready | {"steg": "spara"})
    assert "Tjänstledig här" in client.get("/malgrupp/enhet/UF1").text
    assert "Tjänstledig" not in town.login(app, people["manager"]).get("/min-enhet").text


def test_somebody_who_begins_later_can_be_decided_about(app: Flask, people: dict[str, int]) -> None:
    with database.transaction(engine_of(app)) as session:
        at = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
        someone = builders.person(session, "Ny", "Kollega")
        session.add(
            Employment(
                person_id=someone.id,
                unit_id=at.id,
                starts_on=town.TODAY + 9 * DAY,
                reported_from=town.TODAY + 9 * DAY,
            )
        )
        session.flush()
        id = someone.id
    client = town.login(app, people["coordinator"])
    assert "Har inte börjat än" in client.get("/malgrupp/enhet/UF1").text
    sent = form(client, person=str(id))
    assert "Beslutet gäller ingen." in client.post("/malgrupp/nytt", data=sent).text
    later = form(client, person=str(id), fran=(town.TODAY + 9 * DAY).isoformat())
    page = text_of(client.post("/malgrupp/nytt", data=later).text)
    assert "Beslutet gäller en person." in page
    assert "En prognos" in page


def test_a_role_is_given_to_those_who_have_none(database_url: str, tmp_path: Path) -> None:
    roles = {"forskola": "förskola", "skola": "skola"}
    app = town.application(database_url, folders.write_roles(tmp_path / "courses", **roles))
    people = town.build(engine_of(app)).people
    client = town.login(app, people["vpc"])
    assert '<option value="skola">skola</option>' in client.get("/malgrupp/nytt?enhet=S").text
    sent = form(client, enhet="S", beslut="ingar", yrkesroll="skola", skal="")
    page = text_of(client.post("/malgrupp/nytt", data=sent).text)
    assert "Ingår som skola" in page
    assert re.search(r"Socialförvaltningen 5 nu 0 → blir 5 ", page)
    engine_of(app).dispose()
