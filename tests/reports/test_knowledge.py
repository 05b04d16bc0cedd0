"""Knowledge: what is worked out from the copies of the tallies, and nothing that the copies do not tell."""

import csv
import dataclasses
import io
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import Course, LessonKind, Outcome, Question, QuestionKind
from elearn.content.rendering import builder
from elearn.reports import knowledge_files
from elearn.reports.knowledge import Knowledge, QuestionKnowledge, Share, knowledge
from elearn.training.tallies import ShownQuestion
from tests import builders
from tests.content import folders

STEPS = ("En känsla.", "Jag har sett något.", "Jag misstänker något.", "Nästan säker.", "Bevis.")


def asking(id: str, outcome: str = "", kind: QuestionKind = QuestionKind.SINGLE) -> Question:
    return dataclasses.replace(builders.question(id, kind), outcome=outcome)


def threshold(id: str, steps: tuple[str, ...] = STEPS) -> Question:
    choices = tuple(
        dataclasses.replace(builders.choice(f"{id}-{place}"), text=text) for place, text in enumerate(steps)
    )
    return dataclasses.replace(builders.question(id, QuestionKind.SCENARIO), choices=choices)


def taught(
    slug: str, *final: Question, pretest: tuple[Question, ...] = (), shared: tuple[Question, ...] = ()
) -> Course:
    course = builders.course(
        slug,
        slug,
        builders.lesson("gemensamt/innan", *pretest, kind=LessonKind.PRETEST),
        builders.lesson("gemensamt/grunder", *shared),
        builders.lesson(f"{slug}/slutprov", *final, kind=LessonKind.FINAL_TEST),
    )
    return dataclasses.replace(
        course,
        outcomes=(Outcome("anmala", "Jag <em>anmäler</em>", True), Outcome("fraga", "Jag frågar", False)),
    )


def copy(id: str, course: str, answered: int, right: int, **choices: int) -> ShownQuestion:
    return ShownQuestion(
        id, course, answered, right, {f"{id}-{key}": count for key, count in choices.items()}
    )


def steps(id: str, course: str, *counts: int) -> ShownQuestion:
    return ShownQuestion(id, course, sum(counts), 0, {f"{id}-{n}": count for n, count in enumerate(counts)})


def found(courses: tuple[Course, ...], *copies: ShownQuestion, course: str | None = None) -> Knowledge:
    return knowledge(builders.catalog(*courses), copies, course)


def ids(questions: tuple[QuestionKnowledge, ...]) -> list[str]:
    return [each.question.id for each in questions]


def test_the_pretest_stands_against_the_final_test_with_the_number_of_answers_of_each() -> None:
    skola = taught(
        "skola", asking("p1"), asking("p2"), pretest=(asking("i1"), asking("i2")), shared=(asking("g"),)
    )
    [course] = found(
        (skola,),
        copy("i1", "skola", 10, 3),
        copy("i2", "skola", 20, 9),
        copy("p1", "skola", 11, 10),
        copy("g", "skola", 30, 1),
        copy("p2", "fritid", 40, 1),
    ).courses
    assert (course.slug, course.job_roles) == ("skola", ("skola",))
    assert (course.pretest, course.final) == (Share(12, 30), Share(10, 11))
    assert course.pretest is not None
    assert course.pretest.share == Fraction(2, 5)
    [other] = found((skola,)).courses
    assert (other.pretest, other.final, other.before, other.after) == (None,) * 4


def test_an_outcome_is_the_right_first_answers_to_its_own_questions_of_the_final_test() -> None:
    skola = taught(
        "skola",
        asking("p1", "anmala"),
        asking("p2", "anmala"),
        asking("p3", "fraga"),
        shared=(asking("g", "anmala"),),
    )
    [course] = found(
        (skola,), copy("p1", "skola", 10, 5), copy("p2", "skola", 12, 12), copy("g", "skola", 50, 0)
    ).courses
    first, second = course.outcomes
    assert (first.name, first.text, first.is_decisive, first.right) == (
        "anmala",
        "Jag anmäler",
        True,
        Share(17, 22),
    )
    assert (second.name, second.is_decisive, second.right) == ("fraga", False, None)


def test_the_threshold_is_who_would_act_on_a_suspicion_or_before_it() -> None:
    skola = taught("skola", threshold("efter"), pretest=(threshold("fore"),))
    fritid = taught("fritid", threshold("efter2"), pretest=(threshold("fore"),))
    report = found(
        (skola, fritid),
        steps("fore", "skola", 1, 2, 3, 4, 5),
        steps("efter", "skola", 0, 1, 17, 1, 1),
        steps("fore", "fritid", 0, 0, 0, 10, 0),
    )
    one, other = report.courses
    assert (one.before, one.after) == (Share(6, 15), Share(18, 20))
    assert (other.before, other.after) == (Share(0, 10), None)
    assert (report.before, report.after) == (Share(6, 25), Share(18, 20))


def test_answers_to_steps_that_have_other_words_now_are_not_counted_and_ten_must_be_left() -> None:
    skola = taught("skola", pretest=(threshold("fore"),))
    for left, expected in ((9, None), (10, Share(10, 10))):
        copies = ShownQuestion("fore", "skola", 30, 0, {"fore-2": left, "gammal": 30 - left})
        assert found((skola,), copies).courses[0].before == expected


def test_a_scenario_without_a_step_of_suspicion_and_one_in_a_lesson_are_no_threshold() -> None:
    plain = threshold("fore", ("Ja", "Nej"))
    skola = taught("skola", pretest=(plain,), shared=(threshold("mitt"),))
    [course] = found((skola,), steps("fore", "skola", 10, 10), steps("mitt", "skola", 0, 0, 20)).courses
    assert (course.before, course.after) == (None, None)


def test_the_hardest_questions_come_first_and_those_without_right_and_wrong_apart() -> None:
    skola = taught("skola", asking("lätt"), asking("svår"), asking("mitt"), threshold("steg"))
    report = found(
        (skola,),
        copy("lätt", "skola", 10, 10),
        copy("svår", "skola", 100, 20),
        copy("mitt", "skola", 10, 5),
        steps("steg", "skola", 5, 5, 5),
    )
    assert ids(report.questions) == ["svår", "mitt", "lätt"]
    assert ids(report.decisions) == ["steg"]


def test_a_shared_question_is_told_of_all_courses_together_or_of_one() -> None:
    courses = tuple(taught(slug, shared=(asking("g"),)) for slug in ("skola", "fritid"))
    copies = (copy("g", "skola", 10, 9, a=9, b=1), copy("g", "fritid", 20, 6, a=6, c=14))
    [together] = found(courses, *copies).questions
    assert (together.courses, together.right) == (("fritid", "skola"), Share(15, 30))
    assert [answer.count for answer in together.answers] == [15, 1, 14]
    [alone] = found(courses, *copies, course="skola").questions
    assert (alone.courses, alone.right) == (("skola",), Share(9, 10))
    assert found(courses, *copies, course="skola").courses == found(courses, *copies).courses


def test_the_temptation_is_the_wrong_answer_that_most_have_given() -> None:
    skola = taught(
        "skola",
        asking("q"),
        asking("m", kind=QuestionKind.MULTIPLE),
        builders.ordering("o"),
        builders.matching("p", row_count=2),
        asking("r"),
    )
    report = found(
        (skola,),
        copy("q", "skola", 12, 7, a=7, b=2, c=3),
        copy("m", "skola", 12, 2, a=12, b=10),
        ShownQuestion(
            "o", "skola", 10, 6, {"o-r1=1": 6, "o-r1=2": 4, "o-r2=1": 4, "o-r2=2": 6, "o-r3=3": 10}
        ),
        ShownQuestion("p", "skola", 10, 7, {"p-r1=p-c1": 10, "p-r2=p-c1": 3, "p-r2=p-c2": 7}),
        copy("r", "skola", 10, 10, a=10),
    )
    tempting = {each.question.id: each.temptation for each in report.questions}
    told = {id: answer and (answer.text, answer.count) for id, answer in tempting.items()}
    assert told == {
        "q": ("Val q-c", 3),
        "m": ("Val m-b", 10),
        "o": ("Rad 1 → som nummer 2", 4),
        "p": ("Rad 2 → Val p-c1", 3),
        "r": None,
    }


def test_what_is_gone_from_the_courses_is_told_as_such() -> None:
    skola = taught("skola", asking("q"))
    report = found(
        (skola,),
        copy("q", "skola", 30, 20, a=9, b=4, gammal=17),
        copy("borta", "skola", 12, 1),
        copy("borta", "fritid", 10, 1),
    )
    [question] = report.questions
    assert (question.gone_count, question.right) == (17, Share(20, 30))
    assert [(gone.id, gone.answered_count) for gone in report.gone] == [("borta", 22)]


@pytest.fixture
def real(tmp_path: Path) -> Knowledge:
    catalog = builder.read_catalog(folders.write(tmp_path))
    [lesson, test] = catalog.courses["forskola"].lessons
    asked = lesson.questions[0]
    wrong, right = asked.choices
    return knowledge(
        catalog,
        [
            ShownQuestion(asked.id, "forskola", 12, 4, {wrong.key: 8, right.key: 4}),
            ShownQuestion(test.questions[0].id, "forskola", 10, 9, {}),
        ],
    )


def test_a_question_and_its_answers_have_the_lines_of_the_file(real: Knowledge, tmp_path: Path) -> None:
    question = real.questions[0]
    assert question.lesson.path == "gemensamt/grunder.md"
    text = (tmp_path / question.lesson.path).read_text(encoding="utf-8").splitlines()
    assert question.place == f"gemensamt/grunder.md:{question.question.line}"
    assert text[question.question.line - 1] == "### Fråga (måste vara rätt): Vad räcker?"
    assert question.temptation is not None
    assert (question.temptation.text, question.temptation.count) == ("Ett bevis.", 8)
    assert text[question.temptation.line - 1] == "- [ ] Ett bevis."


def test_the_files_say_what_the_report_says(real: Knowledge) -> None:
    data = knowledge_files.to_csv(real)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    document = json.loads(knowledge_files.to_json(real))
    [course] = document["courses"]
    by_kind = Counter(row["slag"] for row in rows)
    assert by_kind["fråga"] == len(document["questions"]) == 2
    assert by_kind["svar"] == sum(len(each["answers"]) for each in document["questions"])
    first = next(row for row in rows if row["slag"] == "slutprov")
    assert (first["kurs"], first["svar"], first["varav"], first["andel"]) == ("forskola", "10", "9", "90,0")
    assert course["final_test"] == {"count": 9, "answered": 10, "percent": 90.0}
    assert (course["pretest"], next(row for row in rows if row["slag"] == "förtest")["andel"]) == (None, "")
    question, told = document["questions"][0], next(row for row in rows if row["slag"] == "fråga")
    assert (question["file"], str(question["line"])) == (told["fil"], told["rad"])
    assert (question["right"]["percent"], told["andel"], told["varav"]) == (33.3, "33,3", "4")
    wrong = next(row for row in rows if row["slag"] == "svar")
    assert (wrong["text"], wrong["svar"], wrong["varav"], wrong["rätt"]) == ("Ett bevis.", "12", "8", "nej")
    assert question["temptation"] == {
        "text": "Ett bevis.",
        "count": 8,
        "right": False,
        "line": int(wrong["rad"]),
    }


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(("i", "g", "p")), st.sampled_from(("skola", "fritid"))),
        st.tuples(st.integers(10, 30), st.integers(0, 10), st.integers(0, 9)),
    )
)
def test_every_figure_is_a_sum_of_whole_copies(made: dict[tuple[str, str], tuple[int, int, int]]) -> None:
    """So nobody can work out more by subtracting than what the copies themselves tell: each is of ten or
    more."""
    courses = tuple(
        taught(slug, asking("p", "anmala"), pretest=(asking("i"),), shared=(asking("g"),))
        for slug in ("skola", "fritid")
    )
    report = found(
        courses,
        *(copy(*key, answered, right, a=right, b=wrong) for key, (answered, right, wrong) in made.items()),
    )
    figures = [
        share
        for course in report.courses
        for share in (course.pretest, course.final, *(outcome.right for outcome in course.outcomes))
        if share
    ]
    assert all(share.of >= 10 for share in figures)
    for course in report.courses:
        for share, id in ((course.pretest, "i"), (course.final, "p"), (course.outcomes[0].right, "p")):
            expected = made.get((id, course.slug))
            assert share == (Share(expected[1], expected[0]) if expected else None)
    for question in report.questions:
        those = [counts for (id, _), counts in made.items() if id == question.question.id]
        assert question.answered_count == sum(counts[0] for counts in those) >= 10
