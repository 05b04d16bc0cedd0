"""The threshold: one question that is not graded, before the course and after it (course-format.md,
"Questions"). It is shown, saved, answered and counted in the tally, and never judged."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from elearn import database
from elearn.training.models import AnswerTally, Attempt
from tests.content import folders, test_outcomes
from tests.web import town
from tests.web.pages.test_learn import field, key

PRETEST, LESSON, TEST = "/kurs/forskola/1", "/kurs/forskola/2", "/kurs/forskola/3"
BEFORE, AFTER = "troskeln-fore", "troskeln-efter"
STEPS = (
    "Jag har en känsla.",
    "Jag har sett något.",
    "Jag misstänker.",
    "Jag är nästan säker.",
    "Jag har bevis.",
)


def scenario(name: str) -> str:
    options = "".join(
        f"- [ ] {step}\n  > Steget är nummer {number}.\n" for number, step in enumerate(STEPS, 1)
    )
    return (
        f"### Scenario: Hur säker behöver du vara?\n<!-- id: {name} -->\n\n{options}\n> Misstanke räcker.\n"
    )


PRETEST_TEXT = f"""---
tid: 5 min
typ: förtest
utgåva: 1
---
# Innan du börjar

### Fråga: Vad räcker?
<!-- id: fore-racker -->

- [x] En misstanke.
  > Rätt sak.
- [ ] Ett bevis.
  > Fel sak.

> Så säger lagen.

{scenario(BEFORE)}"""


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    texts = dict(test_outcomes.TEXTS)
    texts["gemensamt/innan.md"] = PRETEST_TEXT
    first = "1. [Grunder](../gemensamt/grunder.md)\n2. [Slutprov]"
    assert first in texts["forskola/kurs.md"]
    texts["forskola/kurs.md"] = texts["forskola/kurs.md"].replace(
        first, "1. [Innan](../gemensamt/innan.md)\n2. [Grunder](../gemensamt/grunder.md)\n3. [Slutprov]"
    )
    texts["forskola/slutprov.md"] += "\n" + scenario(AFTER)
    app = town.application(database_url, folders.write(tmp_path / "courses", **texts))
    yield app
    app.extensions["elearn"].engine.dispose()


@pytest.fixture
def sara(app: Flask) -> FlaskClient:
    return town.login(app, town.build(app.extensions["elearn"].engine).people["employee"])


def graded(page: str) -> list[str]:
    return [name for name in re.findall(r'<fieldset id="q-([^"]+)"', page) if "troskeln" not in name]


def answers(page: str, step: int | None = None, **more: str) -> dict[str, str]:
    """Right answers to what is graded, and a step of the threshold."""
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), **more}
    form |= {name: key(name, "Rätt sak.") for name in graded(page) if name != "fore-racker"}
    if step is not None:
        name = BEFORE if BEFORE in page else AFTER
        form[name] = key(name, STEPS[step])
    return form


def tally(app: Flask, name: str) -> list[tuple[str, int]]:
    with database.transaction(app.extensions["elearn"].engine) as session:
        rows = session.execute(
            sa.select(AnswerTally.choice_key, AnswerTally.count)
            .where(AnswerTally.question_id == name)
            .where(AnswerTally.is_first_attempt)
        )
        return [(row[0], row[1]) for row in rows]


def attempt(app: Flask) -> Attempt:
    with database.transaction(app.extensions["elearn"].engine) as session:
        found = session.scalars(sa.select(Attempt).order_by(Attempt.id.desc())).first()
        assert found
        session.expunge(found)
        return found


def steps_shown(page: str, name: str) -> list[int]:
    part = page.partition(f'<fieldset id="q-{name}"')[2].partition("</fieldset>")[0]
    return [number for _, number in sorted((part.index(step), number) for number, step in enumerate(STEPS))]


def test_it_stands_in_the_pretest_and_its_answer_page_says_why(app: Flask, sara: FlaskClient) -> None:
    page = sara.get(PRETEST).text
    assert "En fråga om hur du tänker, räknas inte" in page
    assert "Steget är nummer" not in page
    assert steps_shown(page, BEFORE) == [0, 1, 2, 3, 4]
    wrong = {"fore-racker": key("fore-racker", "Ett bevis.")}
    assert sara.post(PRETEST, data=answers(page, 2, **wrong)).status_code == 303
    told = sara.get(PRETEST + "/svar").text
    assert "Steget är nummer 3." in told
    assert "Misstanke räcker." in told
    assert "<strong>Ditt svar</strong>Jag misstänker." in told
    assert not any(words in told for words in ("att öva på", "vad som händer sedan"))
    assert not any(words in told for words in ("Fel sak.", "Rätt sak.", "Så säger lagen.", "av en rätt"))
    stored = attempt(app)
    assert (stored.asked_count, stored.has_passed) == (1, True)
    assert tally(app, BEFORE) == [(key(BEFORE, "Jag misstänker."), 1)]


def finish_lessons(client: FlaskClient) -> None:
    client.post(PRETEST, data=answers(client.get(PRETEST).text, 0, hoppa="1"))
    client.post(LESSON, data=answers(client.get(LESSON + "/kontrollera").text))


@pytest.mark.parametrize("step", [0, 4, None])
def test_it_stands_in_the_final_test_and_is_never_graded(
    app: Flask, sara: FlaskClient, step: int | None
) -> None:
    finish_lessons(sara)
    page = sara.get(TEST).text
    assert len(graded(page)) == 8
    assert steps_shown(page, AFTER) == [0, 1, 2, 3, 4]
    assert "av åtta rätt" in page
    sent = sara.post(TEST, data=answers(page, step))
    assert sent.status_code == 303
    told = sara.get(TEST + "/svar").text
    assert "Du är klar med kursen" in told
    assert "Åtta av åtta rätt" in told
    assert ("Steget är nummer" in told) == (step is not None)
    assert ("Du hoppade över frågan." in told) == (step is None)
    if step is not None:
        assert f"Steget är nummer {step + 1}." in told
    stored = attempt(app)
    assert (stored.asked_count, stored.right_count, stored.has_passed) == (8, 8, True)
    assert tally(app, AFTER) == ([] if step is None else [(key(AFTER, STEPS[step]), 1)])


def test_what_is_unanswered_is_never_the_threshold(sara: FlaskClient) -> None:
    finish_lessons(sara)
    page = sara.get(TEST).text
    form = answers(page)
    left = graded(page)[3]
    del form[left]
    again = sara.post(TEST, data=form)
    assert again.status_code == 422
    listed = re.findall(r'<a href="#([^"]+)"', again.text.partition('id="fel"')[2].partition("</div>")[0])
    assert [left in anchor for anchor in listed] == [True]


def test_what_was_chosen_waits_with_the_rest(sara: FlaskClient) -> None:
    finish_lessons(sara)
    page = sara.get(TEST).text
    assert sara.post(TEST, data=answers(page, 3, spara="1")).status_code == 303
    part = sara.get(TEST).text.partition(f'<fieldset id="q-{AFTER}"')[2].partition("</fieldset>")[0]
    chosen = re.findall(r'value="([^"]+)"[^>]* checked', part)
    assert chosen == [key(AFTER, STEPS[3])]
