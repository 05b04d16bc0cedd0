"""Several forms of one person's lesson at one moment, as a page's script, a button and a second tab send them:
each is received whole, and none undoes what another has done (pages.md, rule 5)."""

import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.training.models import AnswerTally, Attempt, LessonDraft
from tests.web import town
from tests.web.pages.test_learn import CHECK, LESSON, field, key, lesson_answers

MUST, ORDER, PAIRS, SCENARIO = "grunder-racker", "grunder-ordning", "grunder-par", "grunder-scenario"
SECONDS = 0.5  # how long who writes first waits for the others to have read


@pytest.fixture
def sara(app: Flask) -> int:
    return town.build(app.extensions["elearn"].engine).people["employee"]


def form_of(app: Flask, sara: int) -> dict[str, str]:
    page = town.login(app, sara).get(CHECK).text
    return {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), "sida": "kontrollera"}


@contextlib.contextmanager
def workers(app: Flask, count: int) -> Iterator[list[Flask]]:
    """As many servers of the same town. Nobody writes before everybody has read, where nothing else makes
    them take turns."""
    known = app.extensions["elearn"].settings
    apps = [town.application(known.database_url, known.courses_dir) for _ in range(count)]
    met = threading.Barrier(count)

    def meet(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT INTO lesson_draft", "INSERT INTO attempt")):
            with contextlib.suppress(threading.BrokenBarrierError):
                met.wait(SECONDS)

    for worker in apps:
        sa.event.listen(worker.extensions["elearn"].engine, "before_cursor_execute", meet)
    yield apps
    for worker in apps:
        worker.extensions["elearn"].engine.dispose()


def at_once(app: Flask, sara: int, *sent: dict[str, str]) -> list[int]:
    """The statuses of these forms, each sent to a server of its own."""
    with workers(app, len(sent)) as apps, ThreadPoolExecutor(len(sent)) as pool:
        clients = [town.login(worker, sara) for worker in apps]
        tokens = [town.token_in(client.get(CHECK).text) for client in clients]

        def post(number: int) -> int:
            form = {**sent[number], "csrf_token": tokens[number]}
            return clients[number].post(LESSON, data=form).status_code

        return list(pool.map(post, range(len(sent))))


def test_every_answer_at_once_is_locked_and_nothing_chosen_is_lost(app: Flask, sara: int) -> None:
    form, answers = form_of(app, sara), lesson_answers()
    parts = {id: {n: v for n, v in answers.items() if n.startswith(id)} for id in (MUST, ORDER, PAIRS)}
    choice = {"sida": "ova", SCENARIO: key(SCENARIO, "Jag vet inget."), "spara": "1"}
    sent = [{**form, **part, "svara": id} for id, part in parts.items()]
    assert set(at_once(app, sara, *sent, {**form, **choice})) == {303}
    with database.snapshot(app.extensions["elearn"].engine) as session:
        draft = session.scalars(sa.select(LessonDraft)).one()
    assert set(draft.first_answers) == {MUST, ORDER, PAIRS}
    assert set(draft.answers) == {MUST, ORDER, PAIRS, SCENARIO}


def test_what_is_kept_while_the_lesson_is_sent_leaves_no_trace_of_the_attempt_before(
    app: Flask, sara: int
) -> None:
    form, wrong = form_of(app, sara), lesson_answers("Ett bevis.")
    sent = {**form, **wrong}
    statuses = at_once(app, sara, sent, sent, {**sent, "spara": "1"}, {**sent, "spara": "1"})
    assert set(statuses) == {303}
    with database.snapshot(app.extensions["elearn"].engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 1
        assert set(session.scalars(sa.select(AnswerTally.count))) == {1}
        draft = session.scalars(sa.select(LessonDraft)).one()
    assert (draft.number, draft.kept_ids) == (2, [ORDER, PAIRS])


def test_a_text_that_is_read_is_read_whatever_its_script_keeps_at_that_moment(app: Flask, sara: int) -> None:
    """The page is left by its button, and leaving it sends how far the reader was."""
    read, place = {"sida": "las", "vidare": "1"}, {"sida": "las", "spara": "1", "plats": "mer"}
    assert set(at_once(app, sara, read, place, read, place)) == {303}
    with database.snapshot(app.extensions["elearn"].engine) as session:
        draft = session.scalars(sa.select(LessonDraft)).one()
    assert (draft.has_read, draft.place) == (True, "mer")
