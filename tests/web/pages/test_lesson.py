"""A lesson's three pages, its short version, its answers at once and its draft, as the browser sends them."""

import itertools
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import database
from elearn.content.course import Lesson, LessonKind
from elearn.content.rendering import builder
from elearn.settings import Settings, data_dir
from elearn.training import steps
from elearn.training.models import Attempt, LessonCompletion, LessonDraft
from elearn.training.steps import Step
from elearn.web import preview
from tests.content import folders
from tests.web import town
from tests.web.pages.test_learn import (
    CHECK,
    LESSON,
    PRACTISE,
    TEST,
    complete,
    field,
    final_answers,
    key,
    lesson_answers,
    rows,
    send,
)

MUST = "grunder-racker"
RIGHT, WRONG = key(MUST, "En misstanke."), key(MUST, "Ett bevis.")
SCENARIO = "grunder-scenario"
BACK = {"csrf_token", "attempt", "sida"}


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


@pytest.fixture
def sara(app: Flask, people: dict[str, int]) -> FlaskClient:
    return town.login(app, people["employee"])


def post(client: FlaskClient, path: str, answers: dict[str, str], **button: str) -> TestResponse:
    """The form that stands on this page, with these answers and this button."""
    page = client.get(path).text
    hidden = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.partition("<main")[2])
    )
    assert hidden.keys() <= BACK
    return client.post(LESSON, data={**hidden, **answers, **button})


def text_of(page: str) -> str:
    """What is read in the page's middle, without notes that are closed."""
    middle = page.partition("<article>")[2].partition("</article>")[0]
    middle = re.sub(r"<details.*?</details>", "", middle, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", middle))


def test_the_text_the_decisions_and_the_questions_are_three_pages(sara: FlaskClient) -> None:
    read, practise, check = (sara.get(path).text for path in (LESSON, PRACTISE, CHECK))
    assert "Misstanke räcker." in read
    assert "<fieldset" not in read
    assert re.findall(r'<fieldset id="q-([^"]+)"', practise) == [SCENARIO]
    assert re.findall(r'<fieldset id="q-([^"]+)"', check) == [MUST, "grunder-ordning", "grunder-par"]
    for page, here in ((read, "Läs"), (practise, "Öva"), (check, "Kontrollera")):
        row = page.partition('class="stages"')[2].partition("</ol>")[0]
        assert re.findall(r'aria-current="page">.*?</svg>(\w+)', row, re.DOTALL) == [here]


@pytest.mark.parametrize("path", [LESSON + "/allt", TEST + "/ova", TEST + "/kontrollera", LESSON + "/svar"])
def test_a_page_that_the_lesson_does_not_have_is_missing(sara: FlaskClient, path: str) -> None:
    assert sara.get(path).status_code == 404


def test_each_page_leads_to_the_next_and_gets_its_tick(sara: FlaskClient) -> None:
    assert post(sara, LESSON, {}, vidare="1").headers["Location"] == PRACTISE
    assert ticks(sara) == ["Läs"]
    assert post(sara, PRACTISE, {}, vidare="1").headers["Location"] == CHECK
    assert ticks(sara) == ["Läs"]
    post(sara, PRACTISE, {SCENARIO: key(SCENARIO, "Jag vet inget.")}, svara=SCENARIO)
    assert ticks(sara) == ["Läs", "Öva"]
    send(sara, LESSON, lesson_answers())
    assert ticks(sara) == ["Läs", "Öva", "Kontrollera"]


def ticks(client: FlaskClient) -> list[str]:
    row = client.get(LESSON).text.partition('class="stages"')[2].partition("</ol>")[0]
    return re.findall(r'(\w+)<span class="vh">, klart</span>', row)


def test_the_short_version_leads_to_the_questions_with_not_a_word_between(
    app: Flask, sara: FlaskClient
) -> None:
    """pages.md, rule 4: who skips the text meets none of it; the completion is the same."""
    read = sara.get(LESSON).text
    assert 'href="?kort=1"' in read
    assert 'href="?kort=1#fragor"' in read
    assert 'id="kort-version"' not in read  # the summary is for those who choose it
    short = sara.get(LESSON + "?kort=1").text
    assert "Misstanke räcker." in short
    assert "Text efter frågan." not in short
    asked = short.partition('<span id="fragor">')[2].partition("</form>")[0]
    between = re.sub(r"<fieldset.*?</fieldset>", "", asked, flags=re.DOTALL)
    assert not re.sub(r"<[^>]+>", "", between.partition('<p class="acts">')[0]).split()
    assert re.findall(r'<fieldset id="q-([^"]+)"', asked) == [
        MUST,
        "grunder-ordning",
        "grunder-par",
        SCENARIO,
    ]
    assert post(sara, LESSON + "?kort=1", lesson_answers()).headers["Location"] == LESSON + "/svar"
    assert rows(app, LessonCompletion) == 1


@pytest.mark.parametrize("path", [CHECK, LESSON + "?kort=1"])
def test_no_heading_of_a_page_with_an_answer_skips_a_level(sara: FlaskClient, path: str) -> None:
    """pages.md, rule 2."""
    post(sara, CHECK, {MUST: RIGHT}, svara=MUST)
    main = sara.get(path).text.partition("<main")[2].partition("<aside")[0]
    levels = [int(level) for level in re.findall("<h([1-6])", main)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_in_the_short_version_an_answer_at_once_stays_there(sara: FlaskClient) -> None:
    told = post(sara, LESSON + "?kort=1", {MUST: RIGHT}, svara=MUST)
    assert told.headers["Location"] == f"{LESSON}?kort=1#q-{MUST}"


def test_an_answer_at_once_tells_why_and_everything_else_stays_as_it_was_chosen(
    app: Flask, sara: FlaskClient
) -> None:
    chosen = {name: value for name, value in lesson_answers().items() if "par" in name}
    told = post(sara, CHECK, {MUST: RIGHT, **chosen}, svara=MUST)
    assert (told.status_code, told.headers["Location"]) == (303, f"{CHECK}#q-{MUST}")
    page = sara.get(CHECK).text
    assert "Ja. Det räcker." in page
    assert "Du ska inte utreda." in page
    assert f'name="{MUST}"' not in page
    assert page.count(" selected") == 2
    assert "Olika lägen." not in page
    assert rows(app, Attempt) == 0
    assert send(sara, LESSON, lesson_answers()).headers["Location"] == LESSON + "/svar"
    assert "Alla rätt" not in page


def test_a_wrong_must_can_be_tried_again_on_the_spot(app: Flask, sara: FlaskClient) -> None:
    post(sara, CHECK, {MUST: WRONG}, svara=MUST)
    page = sara.get(CHECK).text
    assert "Inte rätt än, försök igen" in page
    assert "Väntar du på bevis" in page
    assert "Ja. Det räcker." not in page
    post(sara, CHECK, {MUST: RIGHT}, svara=MUST)
    rest = {name: value for name, value in lesson_answers().items() if name != MUST}
    assert post(sara, CHECK, rest).headers["Location"] == LESSON + "/svar"
    assert rows(app, LessonCompletion) == 1


def test_a_question_that_is_not_answered_is_told_alone(sara: FlaskClient) -> None:
    refused = post(sara, CHECK, {}, svara=MUST)
    assert refused.status_code == 422
    assert refused.text.count('class="err"') == 1
    assert "Välj ett svar." in refused.text


def test_a_second_tabs_other_answer_does_not_go_under_without_a_word(app: Flask, sara: FlaskClient) -> None:
    page = sara.get(CHECK).text
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), "sida": "kontrollera"}
    order = {name: value for name, value in lesson_answers().items() if "ordning" in name}
    wrong = dict(zip(order, reversed(order.values()), strict=True))
    first = sara.post(LESSON, data={**form, **wrong, "svara": "grunder-ordning"})
    again = sara.post(LESSON, data={**form, **order, "svara": "grunder-ordning"})
    assert first.headers["Location"] == f"{CHECK}#q-grunder-ordning"
    assert again.headers["Location"] == f"{CHECK}?tidigare=1#q-grunder-ordning"
    assert "Du hade redan svarat på frågan" in sara.get(CHECK + "?tidigare=1").text
    sent = sara.post(LESSON, data={**form, **lesson_answers()})
    assert sent.headers["Location"] == LESSON + "/svar?tidigare=1"
    assert "Två av tre rätt" in sara.get(LESSON + "/svar").text


def test_what_is_chosen_waits_until_later_on_any_device(
    app: Flask, sara: FlaskClient, people: dict[str, int]
) -> None:
    saved = post(sara, CHECK, {MUST: RIGHT}, spara="1")
    assert (saved.status_code, saved.headers["Location"]) == (303, "/kurs/forskola")
    assert "Det du har valt i avsnitt 1 är sparat." in sara.get("/kurs/forskola").text
    post(sara, CHECK, {MUST: RIGHT}, spara="tyst")
    assert "är sparat" not in sara.get("/kurs/forskola").text
    other_device = town.login(app, people["employee"])
    page = other_device.get(CHECK).text
    assert re.search(rf'name="{MUST}" value="{RIGHT}" checked', page)
    assert "Ja. Det räcker." not in page
    neighbour = town.login(app, people["neighbour"]).get(CHECK).text
    assert " checked" not in neighbour


def test_one_goes_on_where_one_was(sara: FlaskClient) -> None:
    assert sara.get(LESSON + "/fortsatt").headers["Location"] == LESSON
    form = {"csrf_token": town.token_in(sara.get(LESSON).text), "sida": "las", "spara": "1", "plats": "mer"}
    assert sara.post(LESSON, data=form).status_code == 303
    assert 'Du läste till <a href="#mer">Mer</a>' in sara.get(LESSON).text
    assert sara.get(LESSON + "/fortsatt").headers["Location"] == LESSON
    post(sara, LESSON, {}, vidare="1")
    assert sara.get(LESSON + "/fortsatt").headers["Location"] == PRACTISE
    post(sara, PRACTISE, {SCENARIO: key(SCENARIO, "Jag vet inget.")}, svara=SCENARIO)
    assert sara.get(LESSON + "/fortsatt").headers["Location"] == CHECK


def test_the_decisions_go_with_the_questions_when_the_lesson_is_sent(app: Flask, sara: FlaskClient) -> None:
    post(sara, PRACTISE, {SCENARIO: key(SCENARIO, "Jag vet inget.")}, svara=SCENARIO)
    send(sara, LESSON, lesson_answers(), sida="kontrollera")
    with database.snapshot(app.extensions["elearn"].engine) as session:
        answers = session.scalars(sa.select(Attempt.answers)).one()
        assert session.scalar(sa.select(sa.func.count()).select_from(LessonDraft)) == 0
    assert answers
    assert answers[SCENARIO] == [["", key(SCENARIO, "Jag vet inget.")]]
    assert "Han går." in sara.get(LESSON + "/svar").text


def test_a_failed_lesson_keeps_what_was_right_and_leads_to_what_was_not(sara: FlaskClient) -> None:
    send(sara, LESSON, lesson_answers("Ett bevis."))
    answers = sara.get(LESSON + "/svar").text
    assert f'href="{CHECK}#q-{MUST}">Försök igen' in answers
    assert "Fråga 1 måste bli rätt" in answers
    page = sara.get(CHECK).text
    assert re.findall(r'<fieldset id="q-([^"]+)"', page) == [MUST]
    assert page.count("rätt förra gången") == 2
    assert post(sara, CHECK, {MUST: RIGHT}).headers["Location"] == LESSON + "/svar"
    assert "Avsnittet är klart" in sara.get(LESSON + "/svar").text


def test_what_the_author_wrote_after_the_last_question_comes_when_the_lesson_is_done(
    sara: FlaskClient,
) -> None:
    ending = "Vem kan du ringa?"
    assert ending not in sara.get(LESSON).text
    send(sara, LESSON, lesson_answers("Ett bevis."))
    assert ending not in text_of(sara.get(LESSON + "/svar").text)
    post(sara, CHECK, {MUST: RIGHT})
    assert ending in text_of(sara.get(LESSON + "/svar").text)
    assert ending in sara.get(LESSON).text


def test_a_failed_test_says_what_is_missing_and_where_it_is_taught(app: Flask, sara: FlaskClient) -> None:
    plikten = "Se [plikten](../gemensamt/fakta.md#anmälningsskyldigheten)."
    test = folders.TEST.replace("\n### Fråga (flera svar)", f"\n> {plikten}\n\n### Fråga (flera svar)", 1)
    lesson = folders.LESSON.replace("Situationen.", "Situationen.")
    folders.write(
        app.extensions["elearn"].settings.courses_dir,
        **{"forskola/slutprov.md": test, "gemensamt/grunder.md": lesson},
    )
    app.extensions["elearn"].shelf.renew()
    send(sara, LESSON, lesson_answers())
    page = sara.get(TEST).text
    wrong = dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', page))
    wrong = {
        name: value
        for name, value in re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', page)
        if value != final_answers().get(name)
    }
    assert send(sara, TEST, {**final_answers(), **wrong}).status_code == 303
    told = sara.get(TEST + "/svar").text
    assert "Inte godkänt än" in told
    assert "För godkänt behövs två rätt av två" in told
    assert "Det som blev rätt är kvar" in told
    assert f'Läs om: <a href="{LESSON}#mer">Avsnitt 1, Mer</a>' in told
    again = sara.get(TEST).text
    assert len(re.findall(r"Fråga [12]: rätt förra gången", again)) == 1
    assert again.count("<fieldset") == 1


def test_one_who_learns_from_the_answer_page_passes_the_test_at_the_second_try(
    app: Flask, sara: FlaskClient
) -> None:
    send(sara, LESSON, lesson_answers())
    page = sara.get(TEST).text
    first_of_each = dict(reversed(re.findall(r'name="(prov-[^"]+)" value="([^"]+)"', page)))
    assert send(sara, TEST, first_of_each).status_code == 303
    send(sara, TEST, final_answers())
    assert "Du är klar med kursen" in sara.get(TEST + "/svar").text


def test_a_choice_to_practise_on_that_was_passed_over_is_told_as_such(sara: FlaskClient) -> None:
    answers = {name: value for name, value in lesson_answers().items() if name != SCENARIO}
    assert send(sara, LESSON, answers).status_code == 303
    told = sara.get(LESSON + "/svar").text.partition(f'id="q-{SCENARIO}"')[2].partition("</section>")[0]
    assert "Du hoppade över valet." in told
    assert "andra svare" not in told


def test_a_pretest_sent_blank_asks_whether_to_skip_it(app: Flask, sara: FlaskClient) -> None:
    front = folders.LESSON.partition("utgåva")[0]
    fore = folders.LESSON.replace("grunder-", "fore-").replace(front, "---\ntid: 10 min\ntyp: förtest\n")
    course = folders.COURSE.replace("1. [Grunder]", "1. [Före](../gemensamt/fore.md)\n2. [Grunder]").replace(
        "2. [Slutprov]", "3. [Slutprov]"
    )
    folders.write(
        app.extensions["elearn"].settings.courses_dir,
        **{"gemensamt/fore.md": fore.replace("# Grunder", "# Före"), "forskola/kurs.md": course},
    )
    app.extensions["elearn"].shelf.renew()
    asked = post(sara, LESSON, {})
    assert asked.status_code == 422
    assert "Du har inte svarat på någon fråga" in asked.text
    assert rows(app, Attempt) == 0
    assert post(sara, LESSON, {}, hoppa="1").headers["Location"] == LESSON + "/svar"
    told = sara.get(LESSON + "/svar").text
    assert told.count("Du hoppade över frågan.") == 4
    assert rows(app, Attempt) == 1


def test_the_final_test_lists_what_is_unanswered_before_it_is_sent(sara: FlaskClient) -> None:
    send(sara, LESSON, lesson_answers())
    refused = send(sara, TEST, {})
    assert refused.status_code == 422
    listed = refused.text.partition('class="errs"')[2].partition("</ul>")[0]
    assert sorted(re.findall(r'<a href="#(prov-[a-z]+)', listed)) == ["prov-ett", "prov-tva"]


def test_a_lesson_that_is_sent_keeps_no_draft_and_a_completed_course_practises_afresh(
    app: Flask, sara: FlaskClient
) -> None:
    complete(sara)
    assert rows(app, LessonDraft) == 0
    assert " checked" not in sara.get(CHECK).text


def edited(app: Flask, text: str) -> None:
    """An author's new text of the lesson, which the running server has read."""
    folders.write(app.extensions["elearn"].settings.courses_dir, **{"gemensamt/grunder.md": text})
    app.extensions["elearn"].shelf.renew()


def form_on(client: FlaskClient, path: str) -> dict[str, str]:
    page = client.get(path).text
    return {
        "csrf_token": town.token_in(page),
        "attempt": field(page, "attempt"),
        "sida": field(page, "sida"),
    }


def test_a_failed_lesson_whose_must_is_one_no_more_says_what_is_left(app: Flask, sara: FlaskClient) -> None:
    send(sara, LESSON, lesson_answers("Ett bevis."))
    edited(app, folders.LESSON.replace(" (måste vara rätt)", ""))
    assert "<h1>Några frågor kvar att få rätt</h1>" in sara.get(LESSON + "/svar").text


def test_a_form_of_a_short_version_that_is_gone_is_shown_on_the_page_of_its_question(
    app: Flask, sara: FlaskClient
) -> None:
    form = form_on(sara, LESSON + "?kort=1")
    start, _, rest = folders.LESSON.partition("> **Viktigt")
    edited(app, start + "Text.\n\n## Mer" + rest.partition("## Mer")[2])
    page = sara.post(LESSON, data={**form, SCENARIO: "", MUST: RIGHT, "svara": SCENARIO})
    assert page.status_code == 409
    assert f'<fieldset id="q-{MUST}"' in page.text
    again = form_on(sara, CHECK) | {"sida": "kort"}
    refused = sara.post(LESSON, data={**again, "svara": SCENARIO})
    assert refused.status_code == 422
    assert f'<fieldset id="q-{SCENARIO}"' in refused.text
    told = sara.post(LESSON, data={**again, MUST: RIGHT, "svara": MUST})
    assert told.headers["Location"] == f"{CHECK}#q-{MUST}"


@pytest.mark.parametrize(("button", "count"), [("spara", 0), ("svara", 0), ("vidare", 1), ("annat", 1)])
def test_what_is_kept_for_later_does_not_say_that_a_lesson_without_questions_is_read(
    app: Flask, sara: FlaskClient, button: str, count: int
) -> None:
    """The questions were taken away while the page stood open, and its script keeps what is chosen."""
    form = form_on(sara, CHECK)
    edited(app, folders.BEFORE_QUESTIONS)
    assert sara.post(LESSON, data={**form, button: MUST}).status_code == 303
    assert rows(app, LessonCompletion) == count


@pytest.fixture(scope="module")
def real() -> list[tuple[str, int, Lesson]]:
    courses = builder.read_catalog(data_dir("courses")).courses.values()
    return [(course.slug, n, lesson) for course in courses for n, lesson in enumerate(course.lessons, 1)]


def test_every_link_on_every_real_lesson_page_leads_to_something_on_it(
    real: list[tuple[str, int, Lesson]],
) -> None:
    client = preview.create(Settings(), data_dir("courses")).test_client()
    for slug, number, lesson in real:
        address = f"/kurs/{slug}/{number}"
        paths = [address, *(f"{address}/{step}" for step in steps.steps_of(lesson)[1:])]
        for path in (*paths, f"{address}?kort=1"):
            page = client.get(path).text
            ids = re.findall(r'\sid="([^"]+)"', page)
            assert len(ids) == len(set(ids)), path
            assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids), path


def test_the_button_stands_directly_after_the_last_question(real: list[tuple[str, int, Lesson]]) -> None:
    client = preview.create(Settings(), data_dir("courses")).test_client()
    for slug, number, lesson in real:
        steps_here = steps.steps_of(lesson)
        if lesson.kind == LessonKind.LESSON and steps_here[-1] != Step.READ:
            page = client.get(f"/kurs/{slug}/{number}/{steps_here[-1]}").text
            after = page.rpartition("</fieldset>")[2].partition("</form>")[0]
            assert re.sub(r"<[^>]+>", " ", after).split() == [
                "Lämna",
                "in",
                "svaren",
                "Spara",
                "och",
                "fortsätt",
                "senare",
            ]
