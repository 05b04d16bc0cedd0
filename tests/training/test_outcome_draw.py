"""Drawing a final test by learning outcomes: none is missing, none is asked again before its bank is used
up."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.content.course import Lesson, LessonKind, Question
from elearn.training import drawing
from tests import builders

KEY = b"k" * 32


def question(outcome: str, number: int) -> Question:
    return replace(builders.question(f"{outcome}-{number}"), outcome=outcome)


def final(banks: dict[str, int], draw: int | None) -> Lesson:
    asked = [question(name, number) for name, count in banks.items() for number in range(count)]
    return replace(builders.lesson("f/prov", *asked, kind=LessonKind.FINAL_TEST), draw=draw)


banks = st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e", "f"]), st.integers(3, 7), min_size=2)


@given(banks, st.integers(0, 12), st.integers(1, 1_000_000))
@settings(max_examples=60)
def test_every_attempt_asks_for_every_outcome_and_no_question_returns_too_early(
    sizes: dict[str, int], more: int, person_id: int
) -> None:
    lesson = final(sizes, min(len(sizes) + more, sum(sizes.values())))
    seen: dict[str, list[str]] = {name: [] for name in sizes}
    for number in range(1, 9):
        ids = [q.id for q in drawing.draw(lesson, person_id, number, KEY).questions]
        assert len(ids) == len(set(ids)) == lesson.draw
        by_outcome = {name: {id for id in ids if id.startswith(f"{name}-")} for name in sizes}
        assert all(by_outcome.values())
        for name, asked in by_outcome.items():
            rest = sizes[name] - len(seen[name]) % sizes[name]
            fresh = asked - set(seen[name][len(seen[name]) // sizes[name] * sizes[name] :])
            assert len(fresh) >= min(rest, len(asked))
            seen[name] += sorted(asked, key=lambda id: id in fresh, reverse=True)
        assert max(map(len, by_outcome.values())) <= max(sizes.values())


def test_two_attempts_of_one_person_differ_and_the_same_attempt_is_the_same() -> None:
    lesson = final({"a": 4, "b": 4, "c": 4}, 3)
    first, second = (drawing.draw(lesson, 7, number, KEY).question_ids for number in (1, 2))
    assert set(first).isdisjoint(second)
    assert drawing.draw(lesson, 7, 1, KEY).question_ids == first
    assert {drawing.draw(lesson, person, 1, KEY).question_ids for person in range(20)} != {first}


def test_an_edit_of_the_test_does_not_bring_old_questions_back() -> None:
    lesson = final({"a": 4, "b": 4}, 2)
    before = set(drawing.draw(lesson, 7, 1, KEY).question_ids)
    after = drawing.draw(replace(lesson, hash="9" * 64), 7, 2, KEY).question_ids
    assert before.isdisjoint(after)


def test_without_dra_every_question_is_asked() -> None:
    assert len(drawing.draw(final({"a": 3, "b": 4}, None), 7, 1, KEY).questions) == 7


def test_questions_can_be_asked_again_while_they_are_one_for_each_outcome_and_as_many_as_are_drawn() -> None:
    lesson = final({"a": 3, "b": 3}, 3)
    assert drawing.can_draw(lesson, ("a-0", "a-1", "b-2"))
    for asked in ((), ("a-0", "b-0"), ("a-0", "a-1", "a-2"), ("a-0", "a-1", "b-9"), ("a-0", "b-1", "b-1")):
        assert not drawing.can_draw(lesson, asked), asked
