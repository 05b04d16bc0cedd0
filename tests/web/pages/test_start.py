"""The start page by role: the one next thing, and nothing that is not for its reader; and the course page."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from elearn import database
from elearn.people.models import AccessGrant, Employment, OrgUnit, Person
from tests import builders
from tests.content import folders
from tests.web import town
from tests.web.pages import test_learn as learn

DAY = dt.timedelta(days=1)
TODAY = town.TODAY
NO_COURSE = re.compile("det finns ingen kurs|hör av dig till", re.IGNORECASE)


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


def plain(page: str) -> str:
    """What is read on a page, without its markup and its header."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\u00a0", " ").split()).replace(" ,", ",")


def panel(page: str) -> str:
    return plain(
        "<main" + page.partition('aria-labelledby="nasta">')[2].partition("</section>")[0] + "</main>"
    )


def start_of(app: Flask, person_id: int) -> str:
    return town.login(app, person_id).get("/").text


def employed_from(app: Flask, person_id: int, day: dt.date) -> None:
    with database.transaction(app.extensions["elearn"].engine) as session:
        session.execute(sa.update(Employment).where(Employment.person_id == person_id).values(starts_on=day))


def hold(app: Flask, person_id: int, until: dt.date, course: str = "forskola") -> int:
    """A recognised completion that ends on this day; its id."""
    with database.transaction(app.extensions["elearn"].engine) as session:
        someone = session.get_one(Person, person_id)
        return builders.recognise(session, someone, course, until - 700 * DAY, until).id


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    engine, asked = app.extensions["elearn"].engine, []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if not statement.startswith(("PRAGMA", "BEGIN")):
            asked.append(statement)

    yield asked
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("employed_days", "told"),
    [
        (40, "Klar senast den 12 januari 2027, om 50 dagar."),
        (88, "Klar senast den 25 november 2026, om två dagar."),
        (89, "Klar senast i morgon, den 24 november 2026."),
        (90, "Klar senast i dag, den 23 november 2026."),
        (
            91,
            "Kursen skulle ha varit klar den 22 november 2026. Det går bra att börja nu, ett avsnitt i taget.",
        ),
    ],
)
def test_an_employee_is_told_the_next_lesson_and_by_when(
    app: Flask, people: dict[str, int], employed_days: int, told: str
) -> None:
    employed_from(app, people["employee"], TODAY - employed_days * DAY)
    page = start_of(app, people["employee"])
    assert "Avsnitt 1: Grunder Avsnittet tar ungefär tio minuter. " + told + " Börja" in panel(page)
    assert told in plain(town.login(app, people["employee"]).get("/kurs/forskola").text)


def test_who_has_begun_is_told_how_far(app: Flask, people: dict[str, int]) -> None:
    sara = town.login(app, people["employee"])
    learn.send(sara, learn.LESSON, learn.lesson_answers())
    page = sara.get("/").text
    assert panel(page).startswith(
        "Klart: 1 av 2 avsnitt Avsnitt 2: Slutprov Avsnittet tar ungefär 15 minuter."
    )
    assert "Det går bra att fortsätta nu" in panel(page)


@pytest.mark.parametrize(("days", "is_asked"), [(91, False), (90, True)])
def test_a_certificate_is_renewed_from_ninety_days_before_its_end(
    app: Flask, people: dict[str, int], days: int, is_asked: bool
) -> None:
    """Own and recognised ones alike; who has done the lessons has only the test left."""
    sara = town.login(app, people["employee"])
    learn.send(sara, learn.LESSON, learn.lesson_answers())
    hold(app, people["employee"], TODAY + days * DAY)
    page = sara.get("/").text
    if is_asked:
        assert (
            "Gör om slutprovet senast den 21 februari 2027 Det tar ungefär 15 minuter. Gör slutprovet"
            in panel(page)
        )
        assert 'class="btn" href="/kurs/forskola/2"' in page
    else:
        assert "Du är klar till den 22 februari 2027" in panel(page)


def test_own_months_are_not_lost_by_renewing_early_and_the_page_says_so(
    app: Flask, people: dict[str, int]
) -> None:
    learn.complete(town.login(app, people["employee"]))
    object.__setattr__(app.extensions["elearn"].settings, "today", dt.date(2028, 10, 10))
    page = start_of(app, people["employee"])
    assert "Gör om slutprovet senast den 23 november 2028" in panel(page)
    assert "så du förlorar ingenting på att göra det i dag" in panel(page)


def test_an_ended_certificate_is_told_calmly(app: Flask, people: dict[str, int]) -> None:
    sara = town.login(app, people["employee"])
    learn.send(sara, learn.LESSON, learn.lesson_answers())
    hold(app, people["employee"], TODAY - DAY)
    told = panel(sara.get("/").text)
    assert told == (
        "Ditt intyg gick ut den 22 november 2026 Gör om slutprovet, så gäller det igen Det tar ungefär 15 minuter."
        " Gör slutprovet"
    )


def test_a_manager_who_is_done_is_told_how_many_need_help(app: Flask, people: dict[str, int]) -> None:
    hold(app, people["manager"], TODAY + 400 * DAY)
    page = start_of(app, people["manager"])
    assert panel(page).startswith("Min enhet En person i din enhet behöver din hjälp")
    assert 'class="btn" href="/min-enhet"' in page


def test_a_managers_own_course_comes_before_the_people_who_still_have_their_line(
    app: Flask, people: dict[str, int]
) -> None:
    page = start_of(app, people["manager"])
    assert "Avsnitt 1: Grunder" in panel(page)
    assert "Min enhet Två personer behöver din hjälp." in plain(page)


def test_a_manager_whose_people_are_in_time_is_done(app: Flask, people: dict[str, int]) -> None:
    hold(app, people["manager"], TODAY + 400 * DAY)
    hold(app, people["employee"], TODAY + 400 * DAY)
    page = start_of(app, people["manager"])
    assert "Du är klar till den 28 december 2027" in panel(page)
    assert "Min enhet Ingen är försenad." in plain(page)


@pytest.mark.parametrize(("role", "count"), [("vpc", "0"), ("working-group", "Mellan 0 och 3")])
def test_who_follows_the_measure_up_meets_it_as_a_sentence(
    app: Flask, people: dict[str, int], role: str, count: str
) -> None:
    page = start_of(app, people[role])
    said = f"{count} av 3 förvaltningar och enheter har säkerställt kunskapen: minst 90 % av dem som ska gå kursen har "
    assert said + "giltigt intyg." in panel(page)
    assert "Kurserna Läs dem som medarbetarna ser dem." in plain(page)
    assert not NO_COURSE.search(page)
    assert "Mitt intyg" not in page


def test_a_coordinators_sentence_names_the_department(app: Flask, people: dict[str, int]) -> None:
    for person in ("employee", "manager"):
        hold(app, people[person], TODAY + 400 * DAY)
    page = start_of(app, people["coordinator"])
    assert "1 av 2 enheter i Utbildningsförvaltningen har säkerställt kunskapen: minst 90 %" in panel(page)
    assert "Socialförvaltningen" not in page


def test_a_coordinator_of_two_departments_is_told_of_both(app: Flask, people: dict[str, int]) -> None:
    with database.transaction(app.extensions["elearn"].engine) as session:
        department = session.scalars(sa.select(OrgUnit.id).where(OrgUnit.code == "S")).one()
        session.add(
            AccessGrant(
                person_id=people["coordinator"],
                role="coordinator",
                unit_id=department,
                granted_at=town.clock.now(),
            )
        )
    said = "förvaltningar och enheter i Socialförvaltningen och Utbildningsförvaltningen har säkerställt"
    assert said in panel(start_of(app, people["coordinator"]))


def test_an_administrator_is_told_what_is_done_by_command(app: Flask, people: dict[str, int]) -> None:
    page = start_of(app, people["administrator"])
    assert panel(page).startswith("Det du sköter Du sköter personalfilerna och behörigheterna")
    assert "elearn import" in panel(page)
    assert not NO_COURSE.search(page)


def test_who_has_no_required_course_is_told_so_and_nothing_is_asked(
    app: Flask, people: dict[str, int]
) -> None:
    page = start_of(app, people["social"])
    assert panel(page).startswith("Just nu Du har inget du måste göra här")
    assert 'class="go" href="/om#kurserna"' in page
    assert not NO_COURSE.search(page)
    assert "Min kurs" not in page
    assert "Ditt uppdrag" not in page


def test_a_voluntary_course_is_a_quiet_line_and_never_the_panel(app: Flask, people: dict[str, int]) -> None:
    """Also for who has finished everything that is required."""
    add_reminder(app)
    page = start_of(app, people["employee"])
    assert "Avsnitt 1: Grunder" in panel(page)
    assert "Inför lovet 15 minuter. Frivilligt." in plain(page)
    assert page.count('<li class="now">') == 1
    sara = town.login(app, people["employee"])
    learn.complete(sara)
    page = sara.get("/").text
    assert "Du är klar till den 23 november 2028" in panel(page)
    assert "lovet" not in panel(page)
    assert "av 1 avsnitt" not in page
    assert '<li class="now">' not in page


def add_reminder(app: Flask) -> None:
    """A voluntary course of one lesson, which is its final test."""
    extension = app.extensions["elearn"]
    front = folders.FRONT.replace("grundutbildning", "påminnelse").replace("24 månader", "8 månader")
    front = front.replace("80 %", "60 %").partition("aktivitet")[0] + "---\n"
    folders.write(
        extension.settings.courses_dir,
        **{
            "forskola-lov/kurs.md": front
            + "# Inför lovet\n\nSnart är det lov.\n\nDet går fort.\n\n## Avsnitt\n\n1. [Inför lovet](lov.md)\n",
            "forskola-lov/lov.md": folders.TEST.replace("# Slutprov", "# Inför lovet").replace(
                "prov-", "lov-"
            ),
        },
    )
    extension.shelf.renew()


def test_a_course_of_one_lesson_speaks_of_itself_and_not_of_lessons(
    app: Flask, people: dict[str, int]
) -> None:
    add_reminder(app)
    page = town.login(app, people["employee"]).get("/kurs/forskola-lov").text
    assert "Tar ungefär 15 minuter. Börja" in plain(page)
    assert "Båda frågorna rätt" in plain(page)
    for never in ("av 1 avsnitt", "vilken ordning", "Slutprovet", 'class="arches"', 'class="steps"', "%"):
        assert never not in page.partition("<main")[2]


def test_a_course_page_comes_to_the_point(app: Flask, people: dict[str, int]) -> None:
    """Heading, what it is, where I stand and the button; only then the lessons and how it is done."""
    page = town.login(app, people["employee"]).get("/kurs/forskola").text
    order = [
        "<h1>",
        "Välkommen.",
        'class="btn"',
        "Intyget gäller",
        'class="arches"',
        'class="steps"',
    ]
    places = [page.index(what) for what in order]
    assert places == sorted(places)
    assert "Börja med avsnitt 1" in plain(page)
    assert "aktivitet 4.4: ”Förskola ska genomgå utbildning”" in plain(page)


def test_when_done_the_button_shows_the_certificate(app: Flask, people: dict[str, int]) -> None:
    sara = town.login(app, people["employee"])
    learn.complete(sara)
    page = sara.get("/kurs/forskola").text
    assert re.search(r'<a class="btn" href="/intyg/\d+">Visa ditt intyg</a>', page)
    assert page.partition("<main")[2].partition("</main>")[0].count('class="btn"') == 1
    assert "Ditt intyg gäller till och med den 23 november 2028" in plain(page)


def test_how_it_is_done_is_folded_once_one_has_begun(app: Flask, people: dict[str, int]) -> None:
    extension = app.extensions["elearn"]
    text = folders.COURSE.replace("## Avsnitt", "## Så går det till\n\nEtt *avsnitt* i taget.\n\n## Avsnitt")
    folders.write(extension.settings.courses_dir, **{"forskola/kurs.md": text})
    extension.shelf.renew()
    sara = town.login(app, people["employee"])
    assert "<h2>Så går det till</h2>" in sara.get("/kurs/forskola").text
    learn.send(sara, learn.LESSON, learn.lesson_answers())
    page = sara.get("/kurs/forskola").text
    assert "<summary>Så går det till</summary>" in page
    assert "<h2>Så går det till</h2>" not in page
    assert "Fortsätt med avsnitt 2" not in page  # the test is all that is left, and is called so
    assert "Gör slutprovet" in plain(page)


def test_an_employees_start_page_asks_nothing_about_others(app: Flask, people: dict[str, int]) -> None:
    sara, johan = town.login(app, people["employee"]), town.login(app, people["manager"])
    with statements(app) as asked:
        sara.get("/")
    assert len(asked) == 5
    assert not [one for one in asked if "change_count" in one or "unit_manager" in one.partition("holder")[0]]
    with statements(app) as asked:
        johan.get("/")
    assert len(asked) == 7


def test_the_certificates_show_each_course_once_and_the_ended_one_last(
    app: Flask, people: dict[str, int]
) -> None:
    hold(app, people["employee"], TODAY + 300 * DAY)
    hold(app, people["employee"], TODAY - 300 * DAY)
    hold(app, people["employee"], TODAY - DAY, course="skola")
    page = start_of(app, people["employee"])
    told = plain(
        "<main" + page.partition('aria-labelledby="intyg">')[2].partition("</section>")[0] + "</main>"
    )
    assert "Kursen forskola Gäller till och med den 19 september 2027" in told
    assert told.index("Kursen forskola") < told.index("Kursen skola Gick ut den 22 november 2026")
    assert told.count("Kursen") == 2


def test_the_menu_leads_to_the_own_course_and_marks_where_one_is(app: Flask, people: dict[str, int]) -> None:
    def menu(client: FlaskClient, path: str) -> list[tuple[str, str, str]]:
        nav = client.get(path).text.partition("<nav")[2].partition("</nav>")[0]
        return re.findall(r'<a href="([^"]+)"(?: aria-current="(page|true)")?>([^<]+)</a>', nav)

    sara = town.login(app, people["employee"])
    assert menu(sara, "/") == [
        ("/", "page", "Start"),
        ("/kurs/forskola", "", "Min kurs"),
        ("/stod", "", "Stöd"),
    ]
    with statements(app) as asked:
        here = menu(sara, learn.LESSON)
    assert ("/kurs/forskola", "true", "Min kurs") in here
    assert len(asked) == 5  # none of them for the menu
    assert not [one for one in asked if "org_unit" in one and "holder" not in one]
    assert ("/kurs/forskola", "page", "Min kurs") in menu(sara, "/kurs/forskola")
    learn.complete(sara)
    assert ("/intyg", "", "Intyg") in menu(sara, "/")
    vpc = town.login(app, people["vpc"])
    assert menu(vpc, "/") == [("/", "page", "Start"), ("/tackning", "", "Täckning"), ("/stod", "", "Stöd")]


def test_vpc_is_told_which_contacts_nobody_has_checked_and_nobody_else_is(
    app: Flask, people: dict[str, int]
) -> None:
    vpc = start_of(app, people["vpc"])
    assert "Kontakter att kontrollera" in vpc
    assert "Socialtjänsten" in vpc
    for role in ("employee", "manager", "coordinator", "working-group", "administrator"):
        assert "Kontakter att kontrollera" not in start_of(app, people[role])


def test_vpc_is_told_what_the_municipality_has_not_decided_and_nobody_else_is(
    app: Flask, people: dict[str, int]
) -> None:
    told = "ELEARN_LEGAL_BASIS saknas: läsaren ser ingen rättslig grund."
    assert told in start_of(app, people["vpc"])
    for role in ("employee", "manager", "coordinator", "working-group", "administrator"):
        assert "Kvar för kommunen att besluta" not in start_of(app, people[role])
    object.__setattr__(app.extensions["elearn"].settings, "legal_basis", "GDPR artikel 6.1 e")
    assert told not in start_of(app, people["vpc"])


def course_page_of(url: str, folder: Path, text: str) -> str:
    """The course page as an employee who has not begun sees it."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>'
    app = town.application(
        url, folders.write(folder, **{"forskola/kurs.md": text, "forskola/tidslinje.svg": svg})
    )
    sara = town.login(app, town.build(app.extensions["elearn"].engine).people["employee"])
    page = sara.get("/kurs/forskola").text
    app.extensions["elearn"].engine.dispose()
    return page


def test_a_course_page_says_who_wrote_it_who_has_reviewed_it_and_what_to_read(
    sqlite_url: str, tmp_path: Path
) -> None:
    text = folders.COURSE.replace(
        "---\n# ", "reviderad: 2026-11-20\nskriven av: Anna Ek\ngranskad av: Bo Alm, jurist\n---\n# "
    ).replace(
        "## Avsnitt",
        "## Tidslinjen\n\n![Måndag: Alma berättar.](tidslinje.svg)\n\n"
        "## Läs vidare\n\n- [NCK:s webbkurs](https://www.nck.uu.se/)\n\n## Avsnitt",
    )
    page = course_page_of(sqlite_url, tmp_path, text)
    read = plain(page)
    assert "Skriven av Anna Ek. Granskad av Bo Alm, jurist. Senast reviderad den 20 november 2026." in read
    assert "Ingen utanför projektet" not in read
    assert re.search(r'<h2>Det som händer i kursen</h2>.*?<img alt="Måndag: Alma berättar."', page, re.DOTALL)
    assert 'src="/kursbilder/forskola/tidslinje.svg"' in page
    assert re.search(r'<h2>Läs vidare</h2>.*?href="https://www.nck.uu.se/"', page, re.DOTALL)


def test_a_course_that_nobody_has_reviewed_says_so(sqlite_url: str, tmp_path: Path) -> None:
    page = course_page_of(sqlite_url, tmp_path, folders.COURSE)
    read = plain(page)
    assert "Ingen utanför projektet har granskat kursen än." in read
    assert not any(word in read for word in ("Skriven av", "reviderad", "Läs vidare", "Det som händer"))


def test_every_reader_of_a_course_finds_what_there_is_to_print(sqlite_url: str, tmp_path: Path) -> None:
    """The guide for the staff meeting is the manager's."""
    contact = "[Bris](../gemensamt/kontakter.md#bris)"
    texts = {
        name: f"# Skriv ut {name}\n\nSe efter.\n\n{contact}\n"
        for name in ("apt", "kort", "lektion", "orosanmalan", "foraldramote", "underlag")
    }
    folder = folders.write(tmp_path, **{f"forskola/{name}.md": text for name, text in texts.items()})
    app = town.application(sqlite_url, folder)
    people = town.build(app.extensions["elearn"].engine).people
    for who in ("employee", "manager", "vpc"):
        client = town.login(app, people[who])
        page = client.get("/kurs/forskola").text
        listed = re.findall(r'<a class="go" href="/kurs/forskola/([a-z]+)">([^<]+)</a>', page)
        assert listed == [
            (name, f"Skriv ut {name}")
            for name in ("orosanmalan", "kort", "lektion", "foraldramote", "underlag")
        ]
        for name, title in listed:
            shown = client.get(f"/kurs/forskola/{name}").text
            assert f"<h1>{title}</h1>" in shown
            assert 'class="contacts"' in shown
            assert "116 111" in shown
            assert ("card.css" in shown) == (name == "kort")
        assert client.get("/kurs/forskola/apt").status_code == 404
        assert client.get("/kurs/finns-inte/kort").status_code == 404
    assert app.test_client().get("/kurs/forskola/kort").status_code == 303
    app.extensions["elearn"].engine.dispose()


def test_a_course_with_nothing_to_print_says_nothing_of_it(sqlite_url: str, tmp_path: Path) -> None:
    assert "Att skriva ut" not in course_page_of(sqlite_url, tmp_path, folders.COURSE)


def test_a_course_whose_certificates_end_on_a_day_of_the_year_says_which(
    sqlite_url: str, tmp_path: Path
) -> None:
    text = folders.COURSE.replace("utgåva: 1", "utgåva: 1\nförnyas: 31 augusti")
    page = course_page_of(sqlite_url, tmp_path, text)
    assert "Intyget gäller Till den 31 augusti, efter ungefär 24 månader" in plain(page)
