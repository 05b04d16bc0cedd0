"""The register of meetings through HTTP: who may, whom they see, and that nothing is written before it has
been shown."""

import re
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import database
from elearn.people.models import OrgUnit, Person
from elearn.training import apt
from elearn.training.meeting_models import Meeting, MeetingAttendance, MeetingRecognition
from elearn.training.models import Completion, CompletionRecall
from tests import builders
from tests.training import registers
from tests.training.registers import ALL, CUTTING, DAY, HONOUR, VIOLENCE
from tests.web import town

ACTS = ("narvaro", "narvaro/bort", "tillgodorakna", "tillgodorakna/bort", "bort")


class Register:
    """The town, with a meeting for both departments and one for each."""

    def __init__(self, app: Flask) -> None:
        self.app, self.engine = app, app.extensions["elearn"].engine
        self.people = town.build(self.engine).people
        with database.transaction(self.engine) as session:
            departments = {one.code: one for one in session.scalars(sa.select(OrgUnit))}
            u, s = departments["U"], departments["S"]
            self.both = registers.held(session, title="För båda")
            self.ours = registers.held(session, at=[u], title="För oss")
            self.theirs = registers.held(session, at=[s], title="För andra")
            people = {who: session.get_one(Person, id) for who, id in self.people.items()}
            registers.attend(session, self.both, people["employee"], people["social"], people["external"])
            registers.attend(session, self.theirs, people["social"])

    def client(self, role: str) -> "Visitor":
        return Visitor(town.login(self.app, self.people[role]))

    def count(self, model: type[database.Base]) -> int:
        with database.snapshot(self.engine) as session:
            return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0

    def held(self) -> int:
        """Completions that are not recalled."""
        return self.count(Completion) - self.count(CompletionRecall)


class Visitor:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = town.token_in(client.get("/").text)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, **fields: str | Sequence[str]) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token, **fields})

    def done(self, path: str, **fields: str | Sequence[str]) -> str:
        """Sent and confirmed: the page that it leads to."""
        answer = self.post(path, **fields, bekrafta="1")
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["Location"]).text


@pytest.fixture
def register(app: Flask) -> Register:
    return Register(app)


@pytest.fixture
def sqlite_register(sqlite_app: Flask) -> Register:
    return Register(sqlite_app)


FORM = {
    "titel": "Heldag om heder",
    "datum": "2026-10-05",
    "ordnat": "VPC",
    "amne": [CUTTING, VIOLENCE],
    "forvaltning": ["U"],
}


def test_a_meeting_is_registered_and_a_second_click_makes_no_other(register: Register) -> None:
    karin, before = register.client("vpc"), register.count(Meeting)
    places = {karin.post("/moten/nytt", **FORM).headers["Location"] for _click in range(2)}
    assert len(places) == 1
    page = karin.get(places.pop()).text
    assert "Mötet är registrerat. Lägg till dem som var med." in page
    assert "<b>Heldag om heder</b>, 5\u00a0oktober 2026" in page
    assert register.count(Meeting) == before + 1


def test_every_fault_of_the_form_is_told_with_a_link_to_its_field_and_what_was_typed_stays(
    sqlite_register: Register,
) -> None:
    karin = sqlite_register.client("vpc")
    answer = karin.post("/moten/nytt", titel="", datum="2026-11-24", ordnat="Origo", amne=[VIOLENCE])
    assert answer.status_code == 422
    told = re.findall(r'<li><a href="#(\w+)">([^<]+)</a>', answer.text)
    assert told == [
        ("titel", "Skriv vad mötet hette."),
        ("datum", "Dagen har inte varit än. Registrera mötet när det har hållits."),
        ("forvaltning", "Välj minst en förvaltning."),
    ]
    for field, _sentence in told:
        assert f'id="{field}"' in answer.text
    assert 'value="Origo"' in answer.text
    assert f'value="{VIOLENCE}" checked' in answer.text
    assert "<title>Fel: " in answer.text
    assert sqlite_register.count(Meeting) == 3


def test_a_coordinator_registers_for_the_own_department_alone(sqlite_register: Register) -> None:
    elif_ = sqlite_register.client("coordinator")
    page = elif_.get("/moten/nytt").text
    assert re.findall(r'name="forvaltning" value="(\w+)"', page) == ["U"]
    answer = elif_.post("/moten/nytt", **{**FORM, "forvaltning": ["U", "S"]})
    assert answer.status_code == 422
    assert "Det finns ingen förvaltning med koden S." in answer.text


def test_a_coordinator_sees_the_own_meetings_and_of_a_shared_one_the_own_people(register: Register) -> None:
    """S4."""
    page, elif_ = register.client("vpc").get(f"/moten/{register.both}").text, register.client("coordinator")
    assert re.findall('<tr><th scope="row">([^<]+)<', page) == [
        "Mona Social",
        "Sara Employee",
        "Vera External",
    ]
    assert "<em>Tre personer</em> var med." in page
    own = elif_.get(f"/moten/{register.both}").text
    assert re.findall('<tr><th scope="row">([^<]+)<', own) == ["Sara Employee"]
    assert "<em>En person</em> från din förvaltning var med." in own
    assert not re.search("Mona|Vera|n-social|n-external|Mottagningen|Jouren", own)
    listed = elif_.get("/moten").text
    assert "För båda" in listed
    assert "För oss" in listed
    assert "För andra" not in listed
    assert re.findall(r'data-l="Deltagare">(\d+)<', listed) == ["0", "1"]


def test_what_is_out_of_reach_is_the_same_404_as_what_does_not_exist(register: Register) -> None:
    """S3: read or written, by any address."""
    elif_ = register.client("coordinator")
    missing = town.as_seen(elif_.get("/moten/999"))
    assert missing[0] == 404
    assert town.as_seen(elif_.get(f"/moten/{register.theirs}")) == missing
    for path in ("narvaro", "narvaro/bort", "bort"):
        fields = {"nummer": "n-employee", "person": str(register.people["employee"]), "skal": "Fel"}
        assert elif_.post(f"/moten/{register.theirs}/{path}", **fields).status_code == 404, path
    # somebody else's person at a meeting of one's own
    person = str(register.people["social"])
    assert elif_.post(f"/moten/{register.both}/narvaro/bort", person=person).status_code == 404
    assert register.count(MeetingAttendance) == 4


@pytest.mark.parametrize("role", ["employee", "manager", "working-group", "administrator"])
def test_nobody_else_does_anything_with_a_meeting(sqlite_register: Register, role: str) -> None:
    visitor = sqlite_register.client(role)
    for path in ("/moten", "/moten/nytt", "/moten/apt", f"/moten/{sqlite_register.both}"):
        assert visitor.get(path).status_code == 403
    for path in ("nytt", *(f"{sqlite_register.both}/{act}" for act in ACTS)):
        assert visitor.post(f"/moten/{path}", bekrafta="1").status_code == 403


def test_what_cannot_be_seen_is_refused_in_every_text(register: Register) -> None:
    """On PostgreSQL a NUL would be an error of the database."""
    karin = register.client("vpc")
    before = register.count(Meeting)
    for field in ("titel", "ordnat"):
        assert karin.post("/moten/nytt", **{**FORM, field: "Heldag\x00"}).status_code == 422
    assert register.count(Meeting) == before
    one = f"/moten/{register.both}"
    assert karin.post(f"{one}/tillgodorakna", amne=CUTTING, skal="Fel\x00").status_code == 422
    assert karin.post(f"{one}/tillgodorakna/bort", amne="x\x00", skal="Fel").status_code == 404


def test_a_coordinator_recognises_nothing(sqlite_register: Register) -> None:
    elif_ = sqlite_register.client("coordinator")
    for act in ("tillgodorakna", "tillgodorakna/bort"):
        answer = elif_.post(f"/moten/{sqlite_register.ours}/{act}", amne=VIOLENCE, skal="Ja", bekrafta="1")
        assert answer.status_code == 403
    assert sqlite_register.count(MeetingRecognition) == 0
    assert "tillgodorakna" not in elif_.get(f"/moten/{sqlite_register.ours}").text


def test_a_list_is_shown_by_name_and_written_when_it_is_confirmed(register: Register) -> None:
    karin, path = register.client("vpc"), f"/moten/{register.both}/narvaro"
    answer = karin.post(path, nummer="n-neighbour\nn-employee\n\nN-MANAGER")
    assert answer.status_code == 200
    assert re.findall("<li>([^<]+) <span", answer.text) == ["Nadja Neighbour", "Johan Manager"]
    assert ">Lägg till två personer?</h1>" in answer.text
    assert "En person i listan är redan tillagd." in answer.text
    assert register.count(MeetingAttendance) == 4
    page = karin.done(path, nummer="n-neighbour\nn-employee\n\nN-MANAGER")
    assert "Två personer är tillagda. En person fanns redan." in page
    assert register.count(MeetingAttendance) == 6
    assert "Ingen är ny: alla fanns redan." in karin.done(path, nummer="n-manager")


def test_unknown_numbers_are_told_with_their_rows_and_nothing_is_written(register: Register) -> None:
    path = f"/moten/{register.both}/narvaro"
    for role, told in (
        ("vpc", ["Rad 3: 7777 finns inte.", "Rad 4: ”x y” är inget"]),
        (
            "coordinator",
            [
                "Rad 2: n-social finns inte bland dem som arbetade i din förvaltning den 2026-05-04.",
                "Rad 3: 7777 finns inte bland dem som arbetade i din förvaltning den 2026-05-04.",
                "Rad 4: ”x y” är inget",
            ],
        ),
    ):
        text = "n-neighbour\nn-social\n7777\nx y"
        answer = register.client(role).post(path, nummer=text, bekrafta="1")
        assert answer.status_code == 422
        faults = re.findall(r'<li><a href="#nummer">([^<]+)</a>', answer.text)
        assert [fault[: len(start)] for fault, start in zip(faults, told, strict=True)] == told
        assert f">{text}</textarea>" in answer.text
        assert "Mona" not in answer.text or role == "vpc"
    assert register.count(MeetingAttendance) == 4


def test_a_personnummer_is_never_repeated(sqlite_register: Register) -> None:
    answer = sqlite_register.client("vpc").post(
        f"/moten/{sqlite_register.both}/narvaro", nummer="850101-1234"
    )
    assert "Rad 1: här står något som ser ut som ett personnummer." in answer.text
    summary, _, _form = answer.text.partition("<textarea")
    assert "850101" not in summary


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("nadja", ["Nadja Neighbour"]),
        ("NEIGH nad", ["Nadja Neighbour"]),
        ("n-neigh", ["Nadja Neighbour"]),
        ("mona", []),  # another department's
        ("leo", ["Leo Ex-employee"]),  # worked there on the day
        ("a", []),
        ("   ", None),
        ("\x00", []),
    ],
)
def test_people_are_found_by_number_or_name_in_the_own_department(
    sqlite_register: Register, text: str, names: list[str] | None
) -> None:
    elif_ = sqlite_register.client("coordinator")
    page = elif_.client.get(f"/moten/{sqlite_register.ours}", query_string={"sok": text}).text
    assert re.findall(r"<li><p><b>([^<]+)</b> <span class=\"mute small\">", page) == (names or [])
    assert ("Ingen med det namnet" in page) == (names == [])


def test_a_person_who_is_found_is_added_and_taken_back(register: Register) -> None:
    elif_, path = register.client("coordinator"), f"/moten/{register.ours}"
    neighbour = str(register.people["neighbour"])
    assert f'name="person" value="{neighbour}"' in elif_.client.get(f"{path}?sok=n-neighbour").text
    assert "En person är tillagd." in elif_.done(f"{path}/narvaro", person=neighbour)
    for wrong in ("", "x", "1" * 12, str(register.people["social"])):  # the last is out of reach
        assert elif_.post(f"{path}/narvaro", person=wrong).status_code == 404
    page = elif_.done(f"{path}/narvaro/bort", person=str(register.people["neighbour"]))
    assert "Personen är borttagen från mötet." in page
    assert "Ingen är tillagd än." in page
    for wrong in ("", "x", "1" * 12, str(register.people["neighbour"])):
        assert elif_.post(f"{path}/narvaro/bort", person=wrong).status_code == 404


def test_what_a_recognition_gives_is_shown_before_it_is_made(register: Register) -> None:
    karin, path = register.client("vpc"), f"/moten/{register.both}/tillgodorakna"
    two = karin.post(path, amne=[VIOLENCE, CUTTING], skal="Samma innehåll")
    assert "ingen får eller förlorar basutbildningen nu." in two.text
    assert (
        '<h1 class="met-h">Tillgodoräkna mötet i våld i nära relationer och könsstympning?</h1>' in two.text
    )
    answer = karin.post(path, amne=list(ALL), skal="Samma innehåll")
    assert answer.status_code == 200
    # Sara and Vera have the role of the one course that there is; Mona has another
    assert "Två personer får basutbildningen tillgodoräknad." in answer.text
    assert (register.count(MeetingRecognition), register.held()) == (0, 0)
    page = karin.done(path, amne=list(ALL), skal="Samma innehåll")
    assert "Mötet är tillgodoräknat i de valda ämnena. Två personer får basutbildningen" in page
    assert (register.count(MeetingRecognition), register.held()) == (3, 2)
    assert page.count("av Karin Vpc: Samma innehåll") == 3
    assert "Alla tre ämnena" in karin.get("/moten").text


def test_what_is_taken_back_is_shown_before_it_is_done(register: Register) -> None:
    karin, path = register.client("vpc"), f"/moten/{register.both}"
    karin.done(f"{path}/tillgodorakna", amne=list(ALL), skal="Ja")
    asked = karin.post(f"{path}/tillgodorakna/bort", amne=HONOUR, skal="Nej")
    assert "Två personer har inte längre basutbildningen tillgodoräknad." in asked.text
    asked = karin.post(f"{path}/bort", skal="Nej")
    assert "Två personer har inte längre basutbildningen tillgodoräknad." in asked.text
    assert register.held() == 2
    page = karin.done(f"{path}/tillgodorakna/bort", amne=HONOUR, skal="Nej")
    assert "Två personer har den inte längre tillgodoräknad." in page
    assert register.held() == 0
    again = karin.post(f"{path}/tillgodorakna/bort", amne=HONOUR, skal="Nej", bekrafta="1")
    assert again.status_code == 303, "a second click is harmless"
    page = karin.done(f"{path}/bort", skal="Dubbelt")
    assert "Mötet är borttaget och räknas inte någonstans." in page
    assert karin.post(f"{path}/bort", skal="Dubbelt", bekrafta="1").status_code == 303
    assert "Skäl: Dubbelt" in page
    assert "Borttaget" in karin.get("/moten").text


@pytest.mark.parametrize(
    ("act", "fields", "told"),
    [
        ("tillgodorakna", {"skal": "Ja"}, ("amne", "Välj minst ett ämne.")),
        ("tillgodorakna", {"amne": VIOLENCE, "skal": " "}, ("skal", "Skriv varför. Det sparas.")),
        (
            "tillgodorakna",
            {"amne": "dans", "skal": "Ja"},
            ("amne", f"Välj bland mötets ämnen: {VIOLENCE}, {CUTTING}, {HONOUR}."),
        ),
        (
            "tillgodorakna",
            {"amne": VIOLENCE, "skal": "x" * 201},
            ("skal", "Skriv kortare, högst 200 tecken."),
        ),
        ("tillgodorakna/bort", {"amne": HONOUR}, ("bort3", "Skriv varför. Det sparas.")),
        ("bort", {}, ("bort", "Skriv varför. Det sparas.")),
    ],
)
def test_a_fault_stands_at_its_field(
    sqlite_register: Register, act: str, fields: dict[str, str], told: tuple[str, str]
) -> None:
    karin, path = sqlite_register.client("vpc"), f"/moten/{sqlite_register.both}"
    karin.done(f"{path}/tillgodorakna", amne=HONOUR, skal="Ja")
    answer = karin.post(f"{path}/{act}", **fields, bekrafta="1")
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">([^<]+)</a>', answer.text) == [told]
    assert answer.text.count(f'id="{told[0]}"') == 1
    assert sqlite_register.count(MeetingRecognition) == 1


def test_a_withdrawn_meeting_is_read_and_no_more(sqlite_register: Register) -> None:
    karin, path = sqlite_register.client("vpc"), f"/moten/{sqlite_register.ours}"
    karin.done(f"{path}/bort", skal="Fel")
    assert '<form method="post" action="/moten' not in karin.get(path).text
    for act in ACTS:
        fields = {"nummer": "n-employee", "person": "1", "amne": VIOLENCE, "skal": "Ja", "bekrafta": "1"}
        # To take it out once more is a second click.
        assert karin.post(f"{path}/{act}", **fields).status_code == (303 if act == "bort" else 409), act


def test_a_shared_meeting_is_vpcs_to_withdraw(sqlite_register: Register) -> None:
    elif_ = sqlite_register.client("coordinator")
    for bekrafta in ("", "1"):
        answer = elif_.post(f"/moten/{sqlite_register.both}/bort", skal="Fel", bekrafta=bekrafta)
        assert answer.status_code == 403
    assert "Ta bort mötet" not in elif_.get(f"/moten/{sqlite_register.both}").text
    assert "Ta bort mötet" in elif_.get(f"/moten/{sqlite_register.ours}").text


def test_the_figures_stand_by_department_within_the_chosen_months(register: Register) -> None:
    with database.transaction(register.engine) as session:
        old = registers.held(session, DAY.replace(year=2023), title="Gammalt")
        registers.attend(session, old, session.get_one(Person, register.people["neighbour"]))
    row = r'<th scope="row">Utbildningsförvaltningen</th><td class="num" data-l="Målgrupp">3</td>'
    for address, count in (("/moten", 1), ("/moten?manader=36", 1), ("/moten?manader=6", 0)):
        page = register.client("vpc").get(address).text
        assert f'{row}<td class="num" data-l="Deltagit">{count}</td>' in page, address
    assert (
        "<em>Tre fysiska utbildningar</em> har hållits de senaste 24 månaderna."
        in register.client("vpc").get("/moten?manader=fyra").text
    )
    page = register.client("coordinator").get("/moten").text
    assert row in page
    assert "Socialförvaltningen" not in page


def test_where_nothing_is_registered_the_page_says_what_to_do(sqlite_app: Flask) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    client = town.login(sqlite_app, people["vpc"])
    page = client.get("/moten").text
    assert "Inga möten är registrerade än." in page
    assert "<table" not in page
    assert "Ingen enhet har antecknat en träff de senaste 24 månaderna." in client.get("/moten/apt").text


def test_a_long_register_shows_the_newest_first(sqlite_register: Register) -> None:
    with database.transaction(sqlite_register.engine) as session:
        for number in range(60):
            registers.held(session, DAY, title=f"Nr {number}")
    karin = sqlite_register.client("vpc")
    page = karin.get("/moten").text
    assert len(re.findall(r'<a class="open" href="/moten/\d+">', page)) == 50
    assert "50 av 63 möten visas." in page
    assert len(re.findall(r'<a class="open" href="/moten/\d+">', karin.get("/moten?visa=alla").text)) == 63


def test_staff_meetings_stand_by_department_for_who_answers_for_it(register: Register) -> None:
    with database.transaction(register.engine) as session:
        units = {one.code: one for one in session.scalars(sa.select(OrgUnit))}
        boss = session.get_one(Person, register.people["manager"])
        builders.manage(session, boss, units["S1"])
        for code, day, count in (("UF1", 3, 12), ("UF1", 4, 9), ("S1", 5, 7)):
            apt.record_staff_meeting(session, builders.deed(), boss.id, code, DAY.replace(day=day), count)
    page = register.client("vpc").get("/moten/apt").text
    assert "<em>Två enheter</em> har hållit en träff" in page
    assert re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td>', page) == [
        ("Mottagningen", "5\u00a0maj 2026"),
        ("Förskolan Ängen", "4\u00a0maj 2026"),
    ]
    own = register.client("coordinator").get("/moten/apt").text
    assert "<em>En enhet</em> har hållit en träff" in own
    assert "Mottagningen" not in own
    assert 'data-l="APT">1 av 2<' in register.client("coordinator").get("/moten").text


def test_the_preview_writes_nothing(register: Register) -> None:
    """A page that asks is an answer below 400, whose transaction is committed."""
    karin, path = register.client("vpc"), f"/moten/{register.both}"
    before = [register.count(model) for model in (MeetingAttendance, MeetingRecognition, Completion)]
    karin.post(f"{path}/narvaro", nummer="n-neighbour")
    karin.post(f"{path}/tillgodorakna", amne=list(ALL), skal="Ja")
    karin.post(f"{path}/bort", skal="Ja")
    after = [register.count(model) for model in (MeetingAttendance, MeetingRecognition, Completion)]
    assert after == before
    with database.snapshot(register.engine) as session:
        assert session.scalars(sa.select(Meeting.withdrawn_at)).all() == [None] * 3
