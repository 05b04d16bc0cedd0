"""An attacker in the working group, who asks every address on every day: what one person does shows nowhere
until the next measurement is given out (S14)."""

import datetime as dt
import io
import re
from fractions import Fraction
from urllib.parse import urlencode

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from elearn import database
from elearn.identity import actions
from elearn.people.models import AccessRole, OrgUnit, UnitKind
from elearn.reports import measurement_actions
from elearn.training import curriculum
from tests import builders
from tests.reports import measured
from tests.web import town

ROLES = {"forskola": "förskola", "socialtjanst": "socialtjänst"}  # whose courses ``app`` has
DAYS = ("2026-08-31", "2026-09-29", "2026-10-15", "2026-11-23")  # the second is 29 days from the first
ASKED = ("", "2026-09-29", "2026-11-22")


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    return app.extensions["elearn"].engine


@pytest.fixture
def people(engine: sa.Engine) -> dict[str, int]:
    """In Ängen 26: in August 12 are trained, in October 18. All of U is told in public but Åsen."""
    people = town.build(engine).people
    with database.transaction(engine) as session:
        unit = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
        for number in range(24):
            someone = builders.person(session)
            builders.employ(session, someone, unit)
            on = dt.date(2026, 8, 1) if number < 12 else dt.date(2026, 10, 1)
            if number < 18:
                builders.recognise(session, someone, "forskola", on, dt.date(2028, 1, 1))
    return people


def freeze(app: Flask, *days: str) -> None:
    required = curriculum.from_catalog(app.extensions["elearn"].shelf.current())
    with database.transaction(app.extensions["elearn"].engine) as session:
        for day in days:
            on = dt.date.fromisoformat(day)
            deed = builders.deed(now=dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), today=town.TODAY)
            measurement_actions.freeze_measurement(
                session, deed, required, on, Fraction(9, 10), f"Läge {day}"
            )


def somebody_finishes(engine: sa.Engine) -> None:
    """One in Ängen is trained, one leaves, one begins in a new unit."""
    with database.transaction(engine) as session:
        uf1 = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
        trained = builders.person(session, "Nytt", "Intyg")
        builders.employ(session, trained, uf1, starts_on=dt.date(2025, 1, 1))
        builders.recognise(session, trained, "forskola", dt.date(2026, 8, 2), dt.date(2028, 1, 1))
        top = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "U")).one()
        place = builders.unit(session, "UF9", parent=top, job_role="förskola", name="Förskolan Eken")
        builders.employ(session, builders.person(session), place, starts_on=dt.date(2025, 1, 1))


def addresses(app: Flask) -> list[str]:
    """Every page without a part in its address, and the pages of figures with every choice."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    own = {"/kvar", "/mina-uppgifter", "/mina-uppgifter/fil"}  # the seconds run; the reader's own data
    plain = {rule.rule for rule in rules if not rule.arguments} - own
    asked = [{"datum": day} if day else {} for day in ASKED]
    choices: list[dict[str, str]] = [{}, {"oppna": "U"}, {"sok": "ängen"}, {"niva": "enhet"}, {"under": "1"}]
    choices += [{"namnd": "Utbildningsnämnden"}, {"visa": "alla", "niva": "enhet"}]
    found = [("/tackning", one | day) for one in choices for day in asked]
    found += [(f"/tackning/enhet/{code}", day) for code in ("U", "UF1", "UF9", "S") for day in asked]
    parts: list[dict[str, str]] = [{}, {"forvaltning": "U"}, {"namnd": "Utbildningsnämnden"}]
    files = [{"format": kind} for kind in ("csv", "json", "xlsx")]
    found += [
        ("/tackning/export", part | kind | day) for part in parts for kind in files for day in asked[:6]
    ]
    found += [("/tackning/rapport", parts[0] | {"format": "xlsx", "matning": str(n)}) for n in range(1, 5)]
    found += [("/tackning/rapport", part | {"format": "xlsx"}) for part in parts]
    found += [(f"/matningar/{n}", {}) for n in range(1, 5)]
    return sorted(plain) + [f"{path}?{urlencode(query)}" for path, query in found]


def answer(client: FlaskClient, address: str) -> object:
    response = client.get(address)
    told = response.content_type or ""
    return (
        town.as_seen(response)[:2] if told.startswith("text/html") else (response.status_code, response.data)
    )


def test_what_one_person_does_changes_no_answer_at_any_address(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    freeze(app, *DAYS[:3])
    client, asked = town.login(app, people["working-group"]), addresses(app)
    before = {address: answer(client, address) for address in asked}
    somebody_finishes(engine)
    assert [address for address in asked if answer(client, address) != before[address]] == []
    freeze(app, DAYS[3])
    assert answer(client, "/tackning") != before["/tackning"], "until the next one is given out"


def test_before_the_first_measurement_they_see_the_day(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    client = town.login(app, people["working-group"])
    before = answer(client, "/tackning?oppna=U")
    assert 'type="date"' in client.get("/tackning").text
    somebody_finishes(engine)
    assert answer(client, "/tackning?oppna=U") != before


@pytest.mark.parametrize(
    ("query", "shown", "sentence"),
    [
        ("", "2026-10-15", ""),
        ("?datum=2026-10-15", "2026-10-15", ""),
        ("?datum=2026-10-14", "2026-08-31", "Det är den senaste mätningen till och med den 14\u00a0oktober"),
        ("?datum=2026-09-29", "2026-08-31", "till och med den 29\u00a0september 2026."),
        ("?datum=2026-08-30", "2026-08-31", "Ingen mätning är så gammal som den 30\u00a0augusti 2026"),
        ("?datum=2027-08-30", "2026-10-15", "till och med den 30\u00a0augusti 2027."),
    ],
)
def test_a_day_gives_the_measurement_that_stands_for_it_and_the_page_says_which(
    app: Flask, people: dict[str, int], query: str, shown: str, sentence: str
) -> None:
    freeze(app, *DAYS[:3])
    client = town.login(app, people["working-group"])
    for path in ("/tackning", "/tackning/enhet/UF1"):
        page = client.get(path + query).text
        assert f"från mätningen ”Läge {shown}”: läget den " in page
        assert "fryst den 24\u00a0november 2026." in page
        assert sentence in page
        assert f'<option value="{shown}" selected>' in page
        assert 'type="date"' not in page
        assert [day for day in DAYS if f'<option value="{day}"' in page] == [DAYS[0], DAYS[2]]
    sign = "&" if query else "?"
    told = client.get(f"/tackning/export{query}{sign}format=json").get_json()
    trained = {row["code"]: row["trained"] for row in told["rows"]}
    assert (told["as_of"], trained["U"]) == (shown, {"2026-08-31": 12, "2026-10-15": 18}[shown])


def test_files_and_reports_are_of_the_measurement_and_its_departments(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    freeze(app, *DAYS[:3])
    with database.transaction(engine) as session:
        builders.unit(session, "Ny", UnitKind.DEPARTMENT, name="Nya förvaltningen", committee="Nya nämnden")
        session.execute(sa.update(OrgUnit).where(OrgUnit.code == "U").values(name="Skolförvaltningen"))
    client = town.login(app, people["working-group"])
    for address in ("/tackning/export", "/tackning/rapport", "/tackning"):
        page = client.get(address).text
        assert "Utbildningsförvaltningen" in page
        assert not re.search("Nya förvaltningen|Nya nämnden|Skolförvaltningen|I dag, inte frysta", page)
    for wrong in (
        "forvaltning=Ny",
        "namnd=Nya+nämnden",
        "forvaltning=UF1",
        "forvaltning=S&namnd=Utbildningsnämnden",
    ):
        assert client.get(f"/tackning/export?format=csv&{wrong}").status_code == 404
    assert client.get("/tackning/rapport?format=pdf&matning=2").status_code == 409
    data = client.get("/tackning/rapport?format=pdf").data
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())
    assert "Läget den 15 oktober 2026" in text
    assert "Mätningen ”Läge 2026-10-15”, fryst den 24 november 2026." in text


def test_the_start_page_tells_the_day_of_the_measurement(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["working-group"])
    assert "Läget i dag" in client.get("/").text
    freeze(app, DAYS[0])
    assert "Läget den 31\u00a0augusti 2026" in client.get("/").text


def test_a_measurement_that_was_changed_is_shown_to_nobody_and_the_day_is_not_shown_instead(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    freeze(app, DAYS[0])
    measured.tamper(engine, "UPDATE measurement_row SET trained = 13 WHERE code = 'UF1'")
    client = town.login(app, people["working-group"])
    for address in ("/tackning", "/tackning/enhet/UF1", "/tackning/export?format=csv", "/tackning/rapport"):
        response = client.get(address)
        assert (response.status_code, "är ändrad sedan den frystes" in response.text) == (409, True), address
    assert client.get("/").status_code == 200


def test_who_sees_real_figures_chooses_the_day_as_before(app: Flask, people: dict[str, int]) -> None:
    """VPC and a department's coordinator answer for what they see; VPC in the working group is VPC."""
    freeze(app, *DAYS[:3])
    with database.transaction(app.extensions["elearn"].engine) as session:
        actions.grant_role(session, builders.deed(today=town.TODAY), "n-vpc", AccessRole.WORKING_GROUP, None)
    for role in ("vpc", "coordinator"):
        page = town.login(app, people[role]).get("/tackning?datum=2026-11-01").text
        assert 'type="date" value="2026-11-01"' in page
        assert "från mätningen" not in page
