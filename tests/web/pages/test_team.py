"""The manager's page: own units only, status and dates only, in an order that says what to do (S4, S5)."""

import datetime as dt
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from elearn import database
from elearn.identity import actions
from elearn.identity.models import Invitation
from elearn.people.models import Employment
from elearn.training.models import Attempt
from tests import builders
from tests.content import folders
from tests.web import town

DAY = dt.timedelta(days=1)


def names(page: str) -> list[str]:
    return re.findall(r'<tr><th scope="row">([^<]+)<', page) + re.findall(r"<li>([^<]+) <", page)


def test_a_manager_sees_the_own_unit_and_nobody_else(app: Flask) -> None:
    """S4: by any address."""
    people = town.build(app.extensions["elearn"].engine).people
    client = town.login(app, people["manager"])
    for path in ("/min-enhet", "/min-enhet/UF1"):
        page = client.get(path).text
        assert sorted(names(page)) == ["Johan Manager", "Sara Employee"]
        assert not re.search("Nadja|Mona|Vera|Leo|UF2|Åsen", page)


def test_the_list_is_in_the_order_in_which_to_act(app: Flask) -> None:
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    today = town.TODAY
    with database.transaction(engine) as session:
        unit = session.execute(
            sa.select(Employment.unit_id).where(Employment.person_id == people["manager"])
        ).scalar_one()
        place = session.get_one(builders.OrgUnit, unit)
        session.execute(
            sa.update(Employment).where(Employment.person_id == people["manager"]).values(starts_on=today)
        )

        def add(name: str, days: int, **completion: dt.date) -> None:
            someone = builders.person(session, name, "X")
            builders.employ(session, someone, place, starts_on=today - days * DAY)
            if completion:
                builders.recognise(session, someone, "forskola", completion["done"], completion["until"])

        add("Klar", 500, done=today - 100 * DAY, until=today + 91 * DAY)
        add("Snart", 500, done=today - 100 * DAY, until=today + 90 * DAY)
        add("Utgången", 900, done=today - 800 * DAY, until=today - 2 * DAY)
        add("Sista-dagen", 90)
        add("Dagen-efter", 91)
        add("Länge", 400)
        away = builders.person(session, "Borta", "X")
        builders.employ(session, away, place)
        builders.exempt(session, away, ends_on=today + 10 * DAY, reason="HEMLIGT SKÄL")
    page = town.login(app, people["manager"]).get("/min-enhet").text
    assert names(page) == [
        "Sara Employee",
        "Länge X",
        "Utgången X",
        "Dagen-efter X",
        "Johan Manager",
        "Sista-dagen X",
        "Snart X",
        "Klar X",
        "Borta X",
    ]
    assert "En person ska inte gå kursen: ett undantag gäller." in page
    assert "undantag till och med den 3\u00a0december 2026" in page
    assert "HEMLIGT" not in page


def test_neither_answers_nor_scores_nor_tries_are_on_the_page(app: Flask) -> None:
    """S5: canaries in every field of an attempt."""
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        session.add(
            Attempt(
                person_id=people["employee"],
                course="forskola",
                lesson="gemensamt/grunder",
                number=7771,
                edition=7772,
                lesson_hash="kanarie",
                right_count=7773,
                asked_count=7774,
                has_passed=False,
                submitted_on=town.TODAY,
                submitted_at=builders.NOW,
                answers={"kanarie-fraga": "kanarie-svar"},
            )
        )
    for role in ("manager", "coordinator", "vpc", "working-group"):
        client = town.login(app, people[role])
        for path in (
            "/min-enhet",
            "/tackning",
            "/tackning?oppna=U",
            "/tackning/export?format=csv",
            "/tackning/export?format=json",
        ):
            assert not re.search("777[1-4]|kanarie", client.get(path).text), (role, path)


def test_a_large_team_shows_its_units_first(app: Flask) -> None:
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        department = session.scalars(sa.select(builders.OrgUnit).where(builders.OrgUnit.code == "U")).one()
        manager = session.get_one(builders.Person, people["manager"])
        builders.manage(session, manager, department)
        place = builders.unit(
            session, "UF3", parent=department, job_role="förskola", name="Förskolan Storskogen"
        )
        for number in range(120):
            builders.employ(session, builders.person(session, f"N{number}", "X"), place)
    client = town.login(app, people["manager"])
    page = client.get("/min-enhet").text
    assert "Välj en enhet för att se" in page
    assert "N7 X" not in page
    assert "N7 X" in client.get("/min-enhet/UF3").text


@pytest.mark.parametrize(("person_count", "is_shown"), [(100, True), (101, False)])
def test_a_hundred_persons_stand_on_one_page_and_one_more_by_unit(
    sqlite_app: Flask, person_count: int, is_shown: bool
) -> None:
    """Two units; the manager and the town's employee are among the persons."""
    engine = sqlite_app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        place = builders.unit(session, "UF3", job_role="förskola", name="Förskolan Storskogen")
        builders.manage(session, session.get_one(builders.Person, people["manager"]), place)
        for number in range(person_count - 2):
            builders.employ(session, builders.person(session, f"N{number}", "X"), place)
    page = town.login(sqlite_app, people["manager"]).get("/min-enhet").text
    assert ("N7 X" in page) is is_shown


def test_a_manager_of_one_large_unit_sees_its_people_at_once(sqlite_app: Flask) -> None:
    """There is no list of units to choose from."""
    engine = sqlite_app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        place = session.scalars(sa.select(builders.OrgUnit).where(builders.OrgUnit.code == "UF1")).one()
        for number in range(101):
            builders.employ(session, builders.person(session, f"N{number}", "X"), place)
    assert "N7 X" in town.login(sqlite_app, people["manager"]).get("/min-enhet").text


def test_who_is_outside_for_two_reasons_is_told_the_first(sqlite_app: Flask) -> None:
    """measure.md, rule 6: a role without a course goes before no role at all."""
    engine = sqlite_app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        place = builders.unit(session, "K", name="Köket")
        builders.manage(session, session.get_one(builders.Person, people["manager"]), place)
        cook = builders.person(session, "Kim", "Kock")
        builders.employ(session, cook, place, position="Vikarie")
        builders.employ(session, cook, place, job_role="måltid", position="Kock")
    page = town.login(sqlite_app, people["manager"]).get("/min-enhet/K").text
    assert "En person ska inte gå kursen: yrkesrollen har ingen kurs än." in page
    assert "yrkesroll saknas" not in page


def test_the_guide_for_the_staff_meeting_is_that_of_the_units_own_course(
    database_url: str, tmp_path: Path
) -> None:
    courses = folders.write_roles(tmp_path / "courses", skola="skola", forskola="förskola")
    for slug in ("skola", "forskola"):
        (courses / slug / "apt.md").write_text(
            f"# Samtal i {slug}\n\n## Ett fall\n\nSe [Bris](../gemensamt/kontakter.md#bris).\n"
        )
    app = town.application(database_url, courses)
    client = town.login(app, town.build(app.extensions["elearn"].engine).people["manager"])
    page = client.get("/min-enhet").text
    assert re.findall(r'href="(/min-enhet/apt/[^"]+)">([^<]+)<', page) == [
        ("/min-enhet/apt/forskola", "Samtal i forskola")
    ]
    guide = client.get("/min-enhet/apt/forskola").text
    assert "<h1>Samtal i forskola</h1>" in guide
    assert "116 111" in guide
    assert client.get("/min-enhet/apt/finns-inte").status_code == 404
    app.extensions["elearn"].engine.dispose()


def test_many_units_stand_by_division_and_those_that_need_help_first(app: Flask) -> None:
    """240 units: 25 rows, then all of them; every figure as a plain count of the builder's own rule."""
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    town.add_units(engine, people["manager"])
    client = town.login(app, people["manager"])
    page = client.get("/min-enhet").text
    assert len(re.findall("<tr", page)) == 26, "the names of the columns, and 25 rows"
    assert "P0 I1" not in page
    below = sum(min(n % 4, 1 + n % 3) < 0.9 * (1 + n % 3) for n in range(240)) + 2
    assert re.search(rf"{242 - below} av 242 enheter når 90\u00a0%", page)
    shares = [
        float(share.replace(",", ".")) for share in re.findall(r'<b class="n">([\d,]+)\u00a0%', page)[1:]
    ]
    assert shares[:3] == [0.0, 0.0, 0.0]
    whole = client.get("/min-enhet?visa=alla").text
    units = re.findall(r'href="/min-enhet/([^"]+)">[^<]+</a></th>.*?>(\d+) av (\d+)<', whole)
    assert {unit: (int(trained), int(target)) for unit, trained, target in units} == {
        f"N{n}": (min(n % 4, 1 + n % 3), 1 + n % 3) for n in range(240)
    } | {"UF1": (0, 2), "UF2": (0, 1)}
    some = client.get("/min-enhet?visa=alla&under=1").text
    assert len(re.findall(r'data-l="Klara"', some)) == below
    assert 'value="1" checked' in some
    heading = re.search(r">Område 3 <span[^>]*>(\d+) av (\d+) når", whole)
    assert heading
    assert heading.groups() == (
        str(sum(min(n % 4, 1 + n % 3) >= 0.9 * (1 + n % 3) for n in range(3, 240, 8))),
        "30",
    )


def test_a_unit_is_a_page_of_its_own_and_its_former_address_leads_there(app: Flask) -> None:
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    town.add_units(engine, people["manager"], 1, 30)
    client = town.login(app, people["manager"])
    former = client.get("/min-enhet?enhet=N4")
    assert (former.status_code, former.headers["Location"]) == (303, "/min-enhet/N4")
    page = client.get("/min-enhet/N4").text
    assert re.search("<b>Enhet N4</b>", page)
    assert 'href="/min-enhet">Alla dina enheter' in page
    assert sorted(names(page)) == ["P0 I4", "P1 I4"]
    assert "Ingen arbetar här just nu." in client.get("/min-enhet/D0").text
    for other in ("S1", "X", "finns-inte", "N4/x"):
        assert client.get(f"/min-enhet/{other}").status_code == 404


def test_who_manages_one_unit_has_no_list_to_go_back_to(sqlite_app: Flask) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    assert "Alla dina enheter" not in town.login(sqlite_app, people["manager"]).get("/min-enhet/UF1").text


def code_in(page: str) -> str:
    found = re.search(r'<p class="code">([^<]+)</p>', page)
    assert found
    return found[1]


def test_a_new_code_is_shown_once_and_lets_the_person_choose_a_password(app: Flask) -> None:
    """From the button on the person's row to the login."""
    people = town.build(app.extensions["elearn"].engine).people
    client = town.login(app, people["manager"])
    page = client.get("/min-enhet").text
    button = re.search(r'name="kod" value="(\d+)"[^>]*>Ge en kod<span class="vh"> till Sara Employee<', page)
    assert button
    assert int(button[1]) == people["employee"]
    assert f'value="{people["manager"]}"' not in page, "not to oneself"
    answer = client.post("/min-enhet/UF1", data={"csrf_token": town.token_in(page), "kod": button[1]})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "till och med den 6\u00a0december 2026" in answer.text
    code = code_in(answer.text)
    assert code not in client.get("/min-enhet").text
    stranger = app.test_client()
    form = {
        "csrf_token": town.token_in(stranger.get("/losenord").text),
        "kod": code.replace("-", " ").lower(),
        "losenord": "sju gröna stolar",
        "losenord_igen": "sju gröna stolar",
    }
    assert stranger.post("/losenord", data=form).status_code == 303
    assert "Sara" in stranger.get("/").text
    page = client.get("/min-enhet").text
    assert "Ge en ny kod" in page


def test_a_code_for_somebody_out_of_reach_is_the_same_404_and_makes_none(app: Flask) -> None:
    """S3."""
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    client = town.login(app, people["manager"])
    token = town.token_in(client.get("/min-enhet").text)
    for code, asked in (
        ("UF1", people["neighbour"]),
        ("UF2", people["neighbour"]),
        ("UF1", people["ex-employee"]),
        ("UF1", 999_999_999),
        ("UF1", "1" * 30),
        ("UF1", "²"),
        ("finns-inte", people["employee"]),
        ("%00", people["employee"]),
    ):
        answer = client.post(f"/min-enhet/{code}", data={"csrf_token": token, "kod": str(asked)})
        assert (answer.status_code, "Sidan finns inte" in answer.text) == (404, True), (code, asked)
    neither = client.post("/min-enhet/UF1", data={"csrf_token": token})
    assert (neither.status_code, "Välj vem som ska få en kod" in neither.text) == (422, True)
    refused = client.post("/min-enhet/UF1", data={"csrf_token": token, "kod": str(people["manager"])})
    assert refused.status_code == 409
    assert "Du kan inte ge en kod till dig själv." in refused.text
    with database.transaction(engine) as session:
        assert session.scalars(sa.select(Invitation)).all() == []


def test_slips_are_made_for_whoever_has_no_password_and_tell_nothing_about_progress(app: Flask) -> None:
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        unit = session.scalars(sa.select(builders.OrgUnit).where(builders.OrgUnit.code == "UF1")).one()
        for name in ("Mikael", "Åsa"):
            builders.employ(session, builders.person(session, name, "X"), unit)
        chief = builders.person(session, "Chefen", "X")
        builders.employ(session, chief, unit)
        builders.manage(session, chief, builders.unit(session, "ZZ"))
        actions.set_password(session, builders.deed(), people["employee"], "a hash")
    client = town.login(app, people["manager"])
    page = client.get("/min-enhet").text
    assert "Gör två lappar" in page
    assert "får sin kod av administratören" in page
    slips = client.post("/min-enhet/UF1", data={"csrf_token": town.token_in(page), "lappar": "1"}).text
    assert re.findall(r'<section class="slip"><h2>([^<]+)<', slips) == ["Mikael X", "Åsa X"]
    assert not re.search("Försenad|Inte börjat|klar", slips.partition('class="slips"')[2])


@pytest.mark.parametrize(("smallest", "is_shown"), [(2, True), (3, False)])
def test_the_page_for_the_staff_meeting_has_the_figure_and_no_name(
    sqlite_url: str, tmp_path: Path, smallest: int, is_shown: bool
) -> None:
    """Both sides: there are two in the target group. In a group too small the figure itself is a name."""
    app = town.application(sqlite_url, folders.write(tmp_path / "courses"), small_group=smallest)
    people = town.build(app.extensions["elearn"].engine).people
    client = town.login(app, people["manager"])
    assert 'href="/min-enhet/UF1/traff"' in client.get("/min-enhet").text
    page = client.get("/min-enhet/UF1/traff").text.partition("<main")[2]  # the strip above is never printed
    assert "Förskolan Ängen" in page
    assert not re.search("Sara|Johan|Försenad|Inte börjat", page)
    assert ("<em>0 av 2</em> är klara" in page) is is_shown
    assert ("kan en siffra peka ut någon" in page) is not is_shown
    assert client.get("/min-enhet/UF2/traff").status_code == 404
    app.extensions["elearn"].engine.dispose()


def test_seven_without_a_job_role_are_one_line(sqlite_app: Flask) -> None:
    engine = sqlite_app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        office = builders.unit(session, "VPC", name="Våldspreventivt center")
        builders.manage(session, session.get_one(builders.Person, people["manager"]), office)
        for number in range(7):
            builders.employ(session, builders.person(session, f"N{number}", "X"), office)
    page = town.login(sqlite_app, people["manager"]).get("/min-enhet/VPC").text
    assert page.count("Sju personer ska inte gå kursen: de saknar yrkesroll.") == 1
    assert page.count("ska gå kursen just nu") == 1
    assert "De som är försenade står först" not in page
    assert "Utanför" not in page


@pytest.mark.parametrize("size", [1, 40])
def test_the_pages_queries_do_not_grow_with_people_or_units(app: Flask, size: int) -> None:
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        department = session.scalars(sa.select(builders.OrgUnit).where(builders.OrgUnit.code == "U")).one()
        for number in range(size):
            place = builders.unit(session, f"N{number}", parent=department, job_role="förskola")
            builders.employ(session, builders.person(session), place)
    statements: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def count(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    pages = (
        ("manager", "/min-enhet", 4),  # the login, the units, their people and their meetings
        ("manager", "/min-enhet/UF1", 4),
        # the login, whether anything has changed, the measurements, and the figures
        ("vpc", "/tackning?oppna=U", 4),
        ("vpc", "/tackning?oppna=U", 3),  # which are remembered
    )
    for role, path, expected_count in pages:
        client = town.login(app, people[role])
        statements.clear()
        assert client.get(path).status_code == 200
        assert len(statements) == expected_count, path
