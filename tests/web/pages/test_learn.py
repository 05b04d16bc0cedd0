"""The learner's way through a course, as the browser sends it."""

import hashlib
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from elearn import database
from elearn.training.models import Attempt, Completion, CompletionRecall, LessonCompletion
from tests.content import folders
from tests.web import town

LESSON, TEST = "/kurs/forskola/1", "/kurs/forskola/2"
PRACTISE, CHECK = LESSON + "/ova", LESSON + "/kontrollera"


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


@pytest.fixture
def sara(app: Flask, people: dict[str, int]) -> FlaskClient:
    return town.login(app, people["employee"])


def key(question: str, text: str) -> str:
    return hashlib.sha256(f"{question}\n{text}".encode()).hexdigest()[:8]


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found[1]


def lesson_answers(must: str = "En misstanke.") -> dict[str, str]:
    order = {
        f"grunder-ordning.{key('grunder-ordning', text)}": str(place)
        for place, text in enumerate(("Lyssna.", "Skriv.", "Ring."), 1)
    }
    pairs = {"I dag": "Ring 112", "Osäker": "Fråga om råd"}
    match = {
        f"grunder-par.{key('grunder-par', left)}": key("grunder-par", right) for left, right in pairs.items()
    }
    return {"grunder-racker": key("grunder-racker", must), **order, **match}


def final_answers() -> dict[str, str | list[str]]:
    return {
        "prov-ett": key("prov-ett", "Jag anmäler."),
        "prov-tva": [key("prov-tva", "Barnets ord."), key("prov-tva", "Datum.")],
    }


def send(
    client: FlaskClient, path: str, answers: dict[str, str | list[str]] | dict[str, str], **more: str
) -> TestResponse:
    page = client.get(path).text
    if 'class="stages"' in page:
        page = client.get(path + "/kontrollera").text
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), **answers, **more}
    return client.post(path, data=form)


def complete(client: FlaskClient) -> None:
    assert send(client, LESSON, lesson_answers()).status_code == 303
    assert send(client, TEST, final_answers()).status_code == 303


def rows(app: Flask, model: type[database.Base]) -> int:
    with database.snapshot(app.extensions["elearn"].engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_course_is_completed_and_gives_a_certificate(app: Flask, sara: FlaskClient) -> None:
    start = sara.get("/").text
    assert "Hej Sara" in start
    assert "Avsnitt 1: Grunder" in start
    complete(sara)
    answers = sara.get(TEST + "/svar").text
    assert "Du är klar med kursen" in answers
    certificate = re.search(r"/intyg/(\d+)", answers)
    assert certificate
    page = sara.get(certificate[0]).text
    assert "Sara Employee" in page
    assert "23\u00a0november 2028" in page
    assert "Du är klar" in sara.get("/").text
    assert (rows(app, Attempt), rows(app, LessonCompletion), rows(app, Completion)) == (2, 1, 1)


def test_the_final_test_opens_when_the_other_lessons_are_done(app: Flask, sara: FlaskClient) -> None:
    """S16: steps cannot be skipped."""
    page = sara.get(TEST).text
    assert "öppnas när alla andra avsnitt är klara" in page
    assert "prov-ett" not in page
    lesson = sara.get(CHECK).text
    forged = {"csrf_token": town.token_in(lesson), "attempt": field(lesson, "attempt"), **final_answers()}
    assert sara.post(TEST, data=forged).status_code == 422  # taken as lesson 1, whose attempt it is
    assert rows(app, Attempt) == 0


def test_a_must_that_is_wrong_leaves_the_lesson_undone(app: Flask, sara: FlaskClient) -> None:
    assert send(sara, LESSON, lesson_answers("Ett bevis.")).headers["Location"].endswith("/svar")
    page = sara.get(LESSON + "/svar").text
    assert "En fråga kvar att få rätt" in page
    assert "Väntar du på bevis väntar du för länge." in page
    assert "Du valde inte, men det är rätt" in page
    assert rows(app, LessonCompletion) == 0
    assert send(sara, LESSON, lesson_answers()).status_code == 303
    assert rows(app, LessonCompletion) == 1


def leads_to(page: str) -> list[tuple[str, str]]:
    """(tag, name) of the control that each link of the error summary leads to: never a group of them."""
    places = re.findall(r'<li><a href="#([^"]+)">', page)
    found = [re.search(rf'<(input|select)\b[^>]* id="{re.escape(place)}"[^>]*>', page) for place in places]
    names = [(one[1], re.search(r' name="([^"]+)"', one[0])) for one in found if one]
    assert len(names) == len(places), places
    return [(tag, name[1]) for tag, name in names if name]


def test_every_kind_of_question_has_a_first_control_to_be_led_to(sara: FlaskClient) -> None:
    response = send(sara, LESSON, {})
    assert response.status_code == 422
    asked = {name.partition(".")[0] for name in lesson_answers()}
    assert {name.partition(".")[0] for _, name in leads_to(response.text)} == asked
    assert {tag for tag, _ in leads_to(response.text)} == {"input", "select"}


def test_an_unanswered_question_is_422_with_a_summary_that_leads_there_and_keeps_the_rest(
    app: Flask, sara: FlaskClient
) -> None:
    answers = lesson_answers()
    del answers["grunder-racker"]
    response = send(sara, LESSON, answers)
    assert response.status_code == 422
    assert leads_to(response.text) == [("input", "grunder-racker")]
    assert response.text.count(" autofocus") == 1
    assert "<title>Fel: Avsnitt 1, kontrollera" in response.text
    assert response.text.count(" selected") == 2
    assert len(re.findall(r'inputmode="numeric"[^>]* value="[123]"', response.text)) == 3
    assert rows(app, Attempt) == 0


def test_an_ordering_with_one_place_twice_says_so(sara: FlaskClient) -> None:
    answers = {
        name: "1" if name.startswith("grunder-ordning") else value for name, value in lesson_answers().items()
    }
    response = send(sara, LESSON, answers)
    assert response.status_code == 422
    assert "Ge varje rad ett eget nummer, från 1 till 3." in response.text
    ((tag, name),) = leads_to(response.text)
    assert (tag, name.partition(".")[0]) == ("input", "grunder-ordning")


def test_nothing_in_a_page_tells_what_is_right_before_it_is_sent(sara: FlaskClient) -> None:
    """S15: neither feedback, explanation nor a mark, in any attribute; and sending with faults tells nothing
    either."""
    secrets = (
        "Väntar du på bevis",
        "Ja. Det räcker",
        "Du ska inte utreda",
        "Lyssna först",
        "Olika lägen",
        "Han går",
        "Rektorn tar emot",
    )
    for page in (*(sara.get(path).text for path in (LESSON, PRACTISE, CHECK)), send(sara, LESSON, {}).text):
        assert not [secret for secret in secrets if secret in page]
        assert not re.search(r"is.?right|data-(right|answer|correct)|checked", page)


def test_what_the_client_says_about_its_result_counts_for_nothing(
    app: Flask, sara: FlaskClient, people: dict[str, int]
) -> None:
    """S16."""
    forged = {
        "score": "100",
        "has_passed": "1",
        "person_id": str(people["neighbour"]),
        "completed_on": "2020-01-01",
    }
    send(sara, LESSON, lesson_answers("Ett bevis."), **forged)
    with database.snapshot(app.extensions["elearn"].engine) as session:
        attempt = session.execute(
            sa.select(Attempt.person_id, Attempt.has_passed, Attempt.submitted_on)
        ).one()
    assert tuple(attempt) == (people["employee"], False, town.TODAY)


def test_another_persons_form_is_refused(app: Flask, sara: FlaskClient, people: dict[str, int]) -> None:
    """S16."""
    neighbour = town.login(app, people["neighbour"])
    stolen = field(sara.get(CHECK).text, "attempt")
    form = {"csrf_token": town.token_in(neighbour.get(LESSON).text), "attempt": stolen, **lesson_answers()}
    assert neighbour.post(LESSON, data=form).status_code == 422
    assert rows(app, Attempt) == 0


def test_the_same_form_twice_is_one_attempt_and_the_same_page(app: Flask, sara: FlaskClient) -> None:
    """S35, S36."""
    page = sara.get(CHECK).text
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), **lesson_answers()}
    first, second = sara.post(LESSON, data=form), sara.post(LESSON, data=form)
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert (rows(app, Attempt), rows(app, LessonCompletion)) == (1, 1)


def test_other_answers_from_a_second_tab_are_not_lost_without_a_word(app: Flask, sara: FlaskClient) -> None:
    page = sara.get(CHECK).text
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt")}
    first = sara.post(LESSON, data=form | lesson_answers())
    other = sara.post(LESSON, data=form | lesson_answers(must="Ett bevis."))
    told = "Du hade redan svarat på det här"
    assert (other.status_code, rows(app, Attempt)) == (303, 1)
    assert told in sara.get(other.headers["Location"]).text
    assert told not in sara.get(first.headers["Location"]).text
    assert "En misstanke." in sara.get(other.headers["Location"]).text.partition("Ditt svar, rätt")[2]


def test_a_test_failed_in_practice_says_that_the_certificate_stands(app: Flask, sara: FlaskClient) -> None:
    complete(sara)
    wrong = {name: [] if isinstance(value, list) else value for name, value in final_answers().items()}
    page = sara.get(TEST).text
    keys = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', page)
    wrong = {name: key for name, key in keys if key != final_answers().get(name)}
    assert send(sara, TEST, dict(final_answers()) | wrong).status_code == 303
    answers = sara.get(TEST + "/svar").text
    assert "Du har övat på provet" in answers
    assert "Ditt intyg gäller som förut" in answers
    assert "Inte godkänt" not in answers
    assert "Öva igen" in answers
    assert "Det som blev rätt är kvar" in answers
    send(sara, TEST, final_answers())
    answers = sara.get(TEST + "/svar").text
    assert "Provet är godkänt" in answers
    assert "Ditt intyg gäller som förut" in answers
    assert "Du är klar med kursen" not in answers


@pytest.mark.parametrize("answers", [{}, lesson_answers()], ids=["422", "303"])
def test_what_the_learner_has_done_is_selected_once_for_a_request(
    app: Flask, sara: FlaskClient, answers: dict[str, str]
) -> None:
    """Also when the form is shown again."""
    page = sara.get(CHECK).text
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), **answers}
    statements: list[str] = []
    engine = app.extensions["elearn"].engine

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        statements.append(statement)

    assert sara.post(LESSON, data=form).status_code == (303 if answers else 422)
    event.remove(engine, "before_cursor_execute", note)
    for table in ("completion", "lesson_completion"):
        selected = [s for s in statements if s.startswith("SELECT") and re.search(rf"FROM {table}\b", s)]
        assert len(selected) == 1, table


def changed(app: Flask, before: str, after: str) -> None:
    """An author's edit, which the running server has read."""
    folder = app.extensions["elearn"].settings.courses_dir
    file = folder / "gemensamt" / "grunder.md"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    app.extensions["elearn"].shelf.renew()


def test_an_edit_elsewhere_in_the_lesson_does_not_cost_the_answers(app: Flask, sara: FlaskClient) -> None:
    page = sara.get(CHECK).text
    changed(app, "Text efter frågan.", "Annan text efter frågan.")
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), **lesson_answers()}
    assert sara.post(LESSON, data=form).status_code == 303


def test_a_question_changed_meanwhile_shows_the_form_again_with_what_still_fits(
    app: Flask, sara: FlaskClient
) -> None:
    page = sara.get(CHECK).text
    changed(app, "En misstanke.", "Att jag misstänker.")
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), **lesson_answers()}
    response = sara.post(LESSON, data=form)
    assert response.status_code == 409
    assert "Avsnittet har ändrats medan du läste" in response.text
    assert response.text.count(" selected") == 2
    assert rows(app, Attempt) == 0


def test_a_lesson_that_was_moved_takes_its_answers_along(app: Flask, sara: FlaskClient) -> None:
    page = sara.get(CHECK).text
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), **lesson_answers()}
    response = sara.post(TEST, data=form)
    assert (response.status_code, response.headers["Location"]) == (303, LESSON + "/svar")


def test_what_is_out_of_reach_looks_like_what_does_not_exist(
    app: Flask, sara: FlaskClient, people: dict[str, int]
) -> None:
    """S3: another's certificate, a course, a lesson, an answer page and a picture that do not exist."""
    complete(sara)
    with database.snapshot(app.extensions["elearn"].engine) as session:
        certificate = session.scalars(sa.select(Completion.id)).one()
    neighbour = town.login(app, people["neighbour"])
    neighbour.get("/")
    missing = neighbour.get("/intyg/999999")
    paths = (
        f"/intyg/{certificate}",
        "/kurs/finns-inte",
        "/kurs/forskola/3",
        "/kurs/forskola/0",
        LESSON + "/svar",
        "/kursbilder/a.svg",
    )
    for path in paths:
        found = neighbour.get(path)
        assert found.status_code == 404
        assert town.as_seen(found) == town.as_seen(missing), path


def test_a_picture_is_sent_until_its_file_is_gone(app: Flask, sara: FlaskClient) -> None:
    """The catalogue is the last good one: it may name a picture that the author has just removed."""
    file = app.extensions["elearn"].settings.courses_dir / "gemensamt" / "bild.svg"
    file.write_text("<svg/>", encoding="utf-8")
    changed(app, "Text efter frågan.", "![En bild](bild.svg)")
    with sara.get("/kursbilder/gemensamt/bild.svg") as sent:
        assert sent.data == b"<svg/>"
    file.unlink()
    assert sara.get("/kursbilder/gemensamt/bild.svg").status_code == 404


def test_a_recalled_certificate_is_gone(app: Flask, sara: FlaskClient) -> None:
    complete(sara)
    engine = app.extensions["elearn"].engine
    with database.transaction(engine) as session:
        certificate = session.scalars(sa.select(Completion.id)).one()
        session.add(
            CompletionRecall(
                completion_id=certificate, reason="Fel", recalled_by="VPC", recalled_at=town.clock.now()
            )
        )
    assert sara.get(f"/intyg/{certificate}").status_code == 404
    answers = sara.get(TEST + "/svar").text
    assert "Provet är godkänt" in answers
    assert "Intyget som provet ledde till gäller inte längre." in answers
    assert "Inte godkänt än" not in answers


def test_final_answers_are_gone_from_the_page_when_they_are_erased(app: Flask, sara: FlaskClient) -> None:
    send(sara, LESSON, lesson_answers())
    assert "Ditt svar, rätt" in sara.get(LESSON + "/svar").text
    with database.transaction(app.extensions["elearn"].engine) as session:
        session.execute(sa.update(Attempt).values(answers=sa.null()))
    page = sara.get(LESSON + "/svar").text
    assert "Det du svarade är raderat" in page
    assert "Ditt svar" not in page


@pytest.mark.parametrize(
    ("path", "queries"), [("/", 5), ("/kurs/forskola", 5), (LESSON, 5), (CHECK, 5), (LESSON + "/svar", 5)]
)
def test_a_pages_queries_are_few(app: Flask, sara: FlaskClient, path: str, queries: int) -> None:
    send(sara, LESSON, lesson_answers())
    statements: list[str] = []
    engine = app.extensions["elearn"].engine

    @event.listens_for(engine, "before_cursor_execute")
    def count(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    assert sara.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    assert len(statements) == queries, statements


def test_a_pretest_shows_what_was_answered_and_never_what_is_right(app: Flask, sara: FlaskClient) -> None:
    """Every kind of question: its own answers stand there, and no more."""
    front = folders.LESSON.partition("utgåva")[0]
    questions = (
        folders.LESSON.replace("grunder-", "fore-")
        .replace(front, "---\ntid: 10 min\ntyp: förtest\n")
        .replace("# Grunder", "# Före")
    )
    course = folders.COURSE.replace("1. [Grunder]", "1. [Före](../gemensamt/fore.md)\n2. [Grunder]").replace(
        "2. [Slutprov]", "3. [Slutprov]"
    )
    folders.write(
        app.extensions["elearn"].settings.courses_dir,
        **{"gemensamt/fore.md": questions, "forskola/kurs.md": course},
    )
    app.extensions["elearn"].shelf.renew()
    pairs = {
        left: key("fore-par", right) for left, right in (("I dag", "Fråga om råd"), ("Osäker", "Ring 112"))
    }
    wrong = {f"fore-par.{key('fore-par', left)}": right for left, right in pairs.items()}
    order = {
        f"fore-ordning.{key('fore-ordning', text)}": str(4 - place)
        for place, text in enumerate(("Lyssna.", "Skriv.", "Ring."), 1)
    }
    assert (
        send(sara, LESSON, {**order, **wrong, "fore-racker": key("fore-racker", "Ett bevis.")}).status_code
        == 303
    )
    page = sara.get(LESSON + "/svar").text.partition("<main")[2]
    assert "Ett bevis." in page
    assert "Du valde: Fråga om råd" in page
    assert "Du skrev 3" in page
    for telling in (
        "Rätt",
        "rätta",
        "Inte rätt",
        "Det som hör ihop",
        "men det är rätt",
        "Väntar du på bevis",
        "En misstanke",
    ):
        assert telling not in page.replace("Här finns inget rätt eller fel", ""), telling


def test_nothing_on_the_page_tells_a_right_choice_from_a_wrong_one(
    sara: FlaskClient, app: Flask, people: dict[str, int]
) -> None:
    """S15: with the choice's own text and key taken out, the mark-up of every choice is the same; no
    attribute, class or comment beside a box knows which is right. The final test's bank, too."""
    for person in ("employee", "neighbour", "manager"):
        client = town.login(app, people[person])
        page = client.get(PRACTISE).text + client.get(CHECK).text
        choices = re.findall(
            r"<(?:label|div|p|li)[^>]*>\s*<input[^>]*type=\"(?:radio|checkbox)\"[^>]*>.*?</label>",
            page,
            re.DOTALL,
        )
        assert len(choices) >= 4
        shapes = set()
        for choice in choices:
            shape = re.sub(r">[^<>]+<", "><", choice)
            shape = re.sub(r"\b[0-9a-f]{8}\b", "K", shape)
            shapes.add(re.sub(r"grunder-\w+", "Q", shape))
        assert len(shapes) == 1, shapes
        options = re.findall(r"<option[^>]*>", page.replace('<option value="">', ""))
        assert {re.sub(r"[0-9a-f]{8}", "K", option) for option in options} == {'<option value="K">'}
        for word in ("is_right", "data-", "correct", "is-right", "ratt", "<!--"):
            assert word not in page.partition("<main")[2].partition("</main>")[0].replace(
                "data-leave", ""
            ).replace("data-draft", ""), word
