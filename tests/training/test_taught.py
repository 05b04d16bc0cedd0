"""Where a course teaches what a final test asks for."""

from dataclasses import replace

from elearn.content.course import Course, Lesson, LessonKind, Question
from elearn.content.prose import EntryNotes, Fact, Prose
from elearn.content.rendering import builder
from elearn.settings import data_dir
from elearn.training import taught
from elearn.training.taught import TaughtAt
from tests import builders


def naming(key: str) -> EntryNotes:
    fact = Fact(key, key, key, Prose(()), "Källa", "", None, "")
    return EntryNotes(((f"{key}-1", fact),), ())


def question(id: str, *facts: str) -> Question:
    return replace(builders.question(id), explanation=Prose(("<p>Därför.</p>", *map(naming, facts))))


def course() -> Course:
    first = builders.lesson("f/ett", Prose(("<p>Inledning.</p>", naming("tolk"))), builders.question("a"))
    second = builders.lesson(
        "f/tva",
        Prose(('<h2 id="nar-det-brattar">När det är <em>bråttom</em></h2>', naming("resa"), naming("tolk"))),
    )
    final = builders.lesson("f/prov", question("p", "resa"), kind=LessonKind.FINAL_TEST)
    return builders.course("f", "förskola", first, second, final)


def test_the_first_lesson_that_leans_on_the_same_fact_is_named_with_its_heading() -> None:
    here = course()
    assert taught.place_of(here, question("q", "resa")) == TaughtAt(
        2, here.lessons[1].title, "nar-det-brattar", "När det är bråttom"
    )
    assert taught.place_of(here, question("q", "tolk")) == TaughtAt(1, here.lessons[0].title, "", "")


def test_an_outcome_is_taught_in_the_lesson_that_asks_most_for_it_and_of_several_in_the_first() -> None:
    """One question in passing sent the reader to "Undervisa" for what three questions in the next lesson
    teach."""

    def lesson(number: int, *outcomes: str) -> Lesson:
        asked = [
            replace(builders.question(f"q{number}{turn}"), outcome=name) for turn, name in enumerate(outcomes)
        ]
        made = builders.lesson(f"f/{number}", *asked)
        heading = Prose((f'<h2 id="h{number}">Del {number}</h2>',))
        return replace(made, blocks=(heading, *made.blocks))

    final = builders.lesson("f/prov", builders.question("p"), kind=LessonKind.FINAL_TEST)
    lessons = (
        lesson(1, "tolk", "stod"),
        lesson(2, "stod", "stod", "tolk"),
        lesson(3, "tolk", "stod", "stod"),
    )
    here = builders.course("m", "förskola", *lessons, final)
    for name, number in (("tolk", 1), ("stod", 2)):
        place = TaughtAt(number, lessons[number - 1].title, f"h{number}", f"Del {number}")
        assert taught.place_of_outcome(here, name) == place
    assert taught.place_of_outcome(here, "okänt") is None


def test_a_question_that_names_no_fact_or_an_unknown_one_is_taught_nowhere() -> None:
    assert taught.place_of(course(), builders.question("q")) is None
    assert taught.place_of(course(), question("q", "okänd")) is None


def test_most_questions_of_the_real_final_tests_say_where_they_are_taught() -> None:
    for here in builder.read_catalog(data_dir("courses")).courses.values():
        if len(here.lessons) > 1:
            asked = [q for q in here.final_test.questions if q.is_graded]
            named = [q for q in asked if taught.place_of(here, q)]
            assert len(named) > len(asked) / 2, (here.slug, len(named), len(asked))
