"""Who gets what from every address: the whole table, literally (S1, S2)."""

import pytest
from flask import Flask

from elearn.web import security
from tests.web import town

ROLES = (
    "anonymous",
    "employee",
    "manager",
    "coordinator",
    "vpc",
    "working-group",
    "administrator",
    "ex-employee",
)
IN, ASK, NO = 200, 303, 403
EVERYBODY = (IN,) * 8
EMPLOYED = (ASK, IN, IN, IN, IN, IN, IN, ASK)
SENT = (401, 400, 400, 400, 400, 400, 400, 401)  # without a token: nobody's login is asked for first
DECIDES = (ASK, NO, NO, IN, IN, NO, NO, ASK)
MISSING = (ASK, 404, 404, 404, 404, 404, 404, ASK)
ADMINISTERS = (ASK, NO, NO, NO, NO, NO, IN, ASK)
REGISTER = (ASK, NO, NO, IN, IN, NO, NO, ASK)

# address: (method, path, one status per role)
TABLE = {
    "static": ("GET", "/static/style.css", EVERYBODY),
    "public.support": ("GET", "/stod", EVERYBODY),
    "public.about": ("GET", "/om", EVERYBODY),
    "public.personal_data": ("GET", "/personuppgifter", EVERYBODY),
    "public.accessibility": ("GET", "/tillganglighet", EVERYBODY),
    "privacy.show": ("GET", "/mina-uppgifter", EMPLOYED),
    "privacy.fetch": ("GET", "/mina-uppgifter/fil", EMPLOYED),
    "components.show": ("GET", "/_komponenter", (404,) * 8),  # in the demonstration: test_components.py
    "public.health": ("GET", "/healthz", EVERYBODY),
    "operations.ready": ("GET", "/readyz", EVERYBODY),
    "operations.show": ("GET", "/drift", (ASK, NO, NO, NO, NO, NO, IN, ASK)),
    "metrics.show": ("GET", "/metrics", (404,) * 8),  # with its setting: test_metrics.py
    "login.show_log_in": ("GET", "/logga-in", (IN, *(ASK,) * 6, IN)),  # on to the start page when logged in
    "login.log_in": ("POST", "/logga-in", (400,) * 8),
    "login.show_password": ("GET", "/losenord", EVERYBODY),
    "login.choose_password": ("POST", "/losenord", (400,) * 8),
    "login.log_out": ("POST", "/logga-ut", (400,) * 8),  # without a token; with one: test_login.py
    "sign_on.begin": ("POST", "/logga-in/konto", (400,) * 8),
    "sign_on.finish": ("GET", "/logga-in/konto/svar", (404,) * 8),  # set up: test_sign_on.py
    "mail_code.ask": ("GET", "/logga-in/kod", (404,) * 8),  # set up: test_mail_code.py
    "mail_code.send": ("POST", "/logga-in/kod", (400,) * 8),
    "mail_code.show": ("GET", "/logga-in/kod/skriv", (404,) * 8),
    "mail_code.enter": ("POST", "/logga-in/kod/skriv", (400,) * 8),
    "login.stay": ("GET", "/kvar", EMPLOYED),
    "confirm.show": ("GET", "/bekrafta", (ASK,) * 8),  # on to the start page after a recent login
    "confirm.confirm": ("POST", "/bekrafta", (400,) * 8),
    "personnel.start": ("GET", "/personal", ADMINISTERS),
    "personnel.send": ("POST", "/personal", SENT),  # with a token: test_personnel.py
    "personnel.plan": ("GET", "/personal/1", (ASK, NO, NO, NO, NO, NO, 404, ASK)),
    "personnel.answer": ("POST", "/personal/1", SENT),
    "personnel.choose": ("POST", "/personal/1/val", SENT),
    "grants.overview": ("GET", "/behorigheter", ADMINISTERS),
    "grants.person": ("GET", "/behorigheter/1", ADMINISTERS),
    "grants.change": ("POST", "/behorigheter/1", SENT),  # with a token: test_grants.py
    "log.show": ("GET", "/logg", (ASK, NO, NO, NO, NO, NO, NO, ASK)),  # for the auditor alone, below
    "login.leave": ("POST", "/lamna", (303,) * 8),
    "start.start_page": ("GET", "/", EMPLOYED),
    "start.course_page": ("GET", "/kurs/forskola", EMPLOYED),
    "lesson.first_page": ("GET", "/kurs/forskola/1", EMPLOYED),
    "lesson.later_page": ("GET", "/kurs/forskola/1/kontrollera", EMPLOYED),
    "lesson.resume": ("GET", "/kurs/forskola/1/fortsatt", (303,) * 8),
    "lesson.submit": ("POST", "/kurs/forskola/1", SENT),
    "lesson.answers": ("GET", "/kurs/forskola/1/svar", MISSING),
    "certificates.own": ("GET", "/intyg", EMPLOYED),
    "certificates.show": ("GET", "/intyg/1", MISSING),
    "certificates.pdf": ("GET", "/intyg/1.pdf", MISSING),
    "certificates.check": ("GET", "/intyg/kontrollera", EVERYBODY),
    "learn.material": ("GET", "/kurs/forskola/kort", MISSING),
    "learn.picture": ("GET", "/kursbilder/gemensamt/a.svg", MISSING),
    "team.own_units": ("GET", "/min-enhet", (ASK, NO, IN, NO, NO, NO, NO, ASK)),
    "team.unit": ("GET", "/min-enhet/UF1", (ASK, NO, IN, NO, NO, NO, NO, ASK)),
    "team.meeting": ("GET", "/min-enhet/UF1/traff", (ASK, NO, IN, NO, NO, NO, NO, ASK)),
    "team.hand_out": ("POST", "/min-enhet/UF1", SENT),  # with a token: test_team.py, and below
    "team.record_staff_meeting": ("POST", "/min-enhet/UF1/apt", SENT),  # with a token: test_team_apt.py
    "team.recall_staff_meeting": ("POST", "/min-enhet/UF1/apt/bort", SENT),
    "team.guide": ("GET", "/min-enhet/apt/forskola", (ASK, NO, 404, NO, NO, NO, NO, ASK)),
    "target_group.start": ("GET", "/malgrupp", DECIDES),
    "target_group.unit": ("GET", "/malgrupp/enhet/UF1", DECIDES),
    "target_group.person": ("GET", "/malgrupp/person/1", DECIDES),
    "target_group.decisions": ("GET", "/malgrupp/beslut", DECIDES),
    "target_group.decision": ("GET", "/malgrupp/beslut/1", (ASK, NO, NO, 404, 404, NO, NO, ASK)),
    "target_group.choose": ("GET", "/malgrupp/nytt?enhet=UF1", DECIDES),
    "target_group.decide": ("POST", "/malgrupp/nytt", SENT),  # with a token: test_target_group.py
    "target_group.end": ("POST", "/malgrupp/beslut/1", SENT),
    "knowledge.page": ("GET", "/kunskap", (ASK, NO, NO, NO, IN, NO, NO, ASK)),
    "report.coverage": ("GET", "/tackning", (ASK, NO, NO, IN, IN, IN, NO, ASK)),
    "exports.fetch": ("GET", "/tackning/export", (ASK, NO, IN, IN, IN, IN, NO, ASK)),
    "exports.columns": ("GET", "/tackning/kolumner", (ASK, NO, IN, IN, IN, IN, NO, ASK)),
    "committee_report.report": ("GET", "/tackning/rapport", (ASK, NO, NO, IN, IN, IN, NO, ASK)),
    "needs.show": ("GET", "/behov", (ASK, NO, IN, IN, IN, NO, NO, ASK)),
    "needs.ahead": ("GET", "/behov/prognos", (ASK, NO, IN, IN, IN, NO, NO, ASK)),
    "needs.export_file": ("GET", "/behov/export", (ASK, NO, IN, IN, IN, NO, NO, ASK)),
    "needs.own_unit": ("GET", "/min-enhet/UF1/behov", (ASK, NO, IN, NO, NO, NO, NO, ASK)),
    "activities.show": ("GET", "/aktiviteter", (ASK, NO, NO, IN, IN, IN, NO, ASK)),
    "activities.export_file": ("GET", "/aktiviteter/export", (ASK, NO, NO, IN, IN, IN, NO, ASK)),
    "report.unit": ("GET", "/tackning/enhet/UF1", (ASK, NO, NO, IN, IN, IN, NO, ASK)),
    "measurements.overview": ("GET", "/matningar", (ASK, NO, NO, IN, IN, IN, NO, ASK)),
    "measurements.check_freeze": ("GET", "/matningar/frys", (ASK, NO, NO, NO, IN, NO, NO, ASK)),
    "measurements.freeze": ("POST", "/matningar", SENT),
    "goals.show": ("GET", "/matningar/mal", (ASK, NO, NO, NO, IN, NO, NO, ASK)),
    "goals.save": ("POST", "/matningar/mal", SENT),
    "measurements.compare": ("GET", "/matningar/jamfor", (ASK, NO, NO, NO, 404, NO, NO, ASK)),
    "measurement_files.fetch": ("GET", "/matningar/1/export", (ASK, NO, NO, 404, 404, 404, NO, ASK)),
    "measurements.show": ("GET", "/matningar/1", (ASK, NO, NO, NO, 404, NO, NO, ASK)),
    "meetings.overview": ("GET", "/moten", REGISTER),
    "meetings.staff_meetings": ("GET", "/moten/apt", REGISTER),
    "meetings.new_meeting": ("GET", "/moten/nytt", REGISTER),
    "meetings.register": ("POST", "/moten/nytt", SENT),  # with a token: test_meetings.py
    "meetings.meeting": ("GET", "/moten/1", (ASK, NO, NO, 404, 404, NO, NO, ASK)),
    "meetings.attend": ("POST", "/moten/1/narvaro", SENT),
    "meetings.unattend": ("POST", "/moten/1/narvaro/bort", SENT),
    "meetings.recognise": ("POST", "/moten/1/tillgodorakna", SENT),
    "meetings.unrecognise": ("POST", "/moten/1/tillgodorakna/bort", SENT),
    "meetings.withdraw": ("POST", "/moten/1/bort", SENT),
}


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_every_role_as_the_table_says(sqlite_app: Flask, role: str) -> None:
    assert {rule.endpoint for rule in sqlite_app.url_map.iter_rules()} == set(TABLE)
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    found = {}
    for endpoint, (method, path, _) in TABLE.items():
        client = sqlite_app.test_client() if role == "anonymous" else town.login(sqlite_app, people[role])
        with client.open(path, method=method) as response:
            found[endpoint] = response.status_code
    assert found == {endpoint: statuses[ROLES.index(role)] for endpoint, (_, _, statuses) in TABLE.items()}


def test_an_auditor_reads_the_log_and_is_else_an_employee(sqlite_app: Flask) -> None:
    """S2, S54."""
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    found = {}
    for endpoint, (method, path, _) in TABLE.items():
        with town.login(sqlite_app, people["auditor"]).open(path, method=method) as response:
            found[endpoint] = response.status_code
    as_employee = {
        endpoint: statuses[ROLES.index("employee")] for endpoint, (_, _, statuses) in TABLE.items()
    }
    assert found == as_employee | {"log.show": IN}


def test_an_auditor_changes_nothing_with_a_token_of_their_own(sqlite_app: Flask) -> None:
    """S54: but for the own course, login and password."""
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    client = town.login(sqlite_app, people["auditor"])
    token = town.token_in(client.get("/").text)
    posts = {endpoint: path for endpoint, (method, path, _) in TABLE.items() if method == "POST"}
    for endpoint in posts.keys() - {"lesson.submit"} - security.PUBLIC:
        assert client.post(posts[endpoint], data={"csrf_token": token}).status_code == NO, endpoint


@pytest.mark.parametrize("role", ROLES[1:-1])
def test_only_a_manager_hands_out_codes(sqlite_app: Flask, role: str) -> None:
    """S2: with a token of their own."""
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    client = town.login(sqlite_app, people[role])
    token = town.token_in(client.get("/").text)
    answer = client.post("/min-enhet/UF1", data={"csrf_token": token, "kod": str(people["employee"])})
    assert answer.status_code == (IN if role == "manager" else NO)


@pytest.mark.parametrize("role", ROLES[1:-1])
def test_a_view_without_a_declared_rule_is_closed_to_everybody(sqlite_app: Flask, role: str) -> None:
    """S1."""
    sqlite_app.add_url_rule("/ny", "ny", lambda: "hemligt")
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    response = town.login(sqlite_app, people[role]).get("/ny")
    assert response.status_code == 403
    assert "hemligt" not in response.text


def test_who_is_not_logged_in_is_led_to_the_login_and_back(sqlite_app: Flask) -> None:
    response = sqlite_app.test_client().get("/tackning?datum=2026-11-23")
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/logga-in?vidare=/tackning?datum%3D2026-11-23",
    )


@pytest.mark.parametrize(
    ("role", "path", "heading"),
    [
        ("employee", "/tackning", "Den här sidan är för andra än dig"),
        ("vpc", "/min-enhet", "Den här sidan är för dig som är chef"),
    ],
)
def test_a_page_that_is_not_for_your_role_says_for_whom_it_is_and_who_you_are(
    sqlite_app: Flask, role: str, path: str, heading: str
) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    refused = town.login(sqlite_app, people[role]).get(path)
    assert refused.status_code == 403
    assert f"<h1>{heading}</h1>" in refused.text
    assert f"Du är inloggad som {'Sara Employee' if role == 'employee' else 'Karin Vpc'}." in refused.text
