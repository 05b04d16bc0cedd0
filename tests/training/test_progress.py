"""Where a person stands in a course, on both sides of every date."""

import datetime as dt

import pytest

from elearn.content.course import Course, LessonKind
from elearn.training import progress
from elearn.training.progress import CourseState, CourseStatus, HeldCompletion, TrainingRecord
from tests import builders

TODAY = builders.TODAY
RENEWAL_DAYS = 90
DAY = dt.timedelta(days=1)


def a_course(edition: int = 1, *, pretest: bool = False) -> Course:
    """Lessons a, b (in the given edition) and a final test; with a pretest first if asked for."""
    lessons = [
        builders.lesson("f/a"),
        builders.lesson("f/b", edition=edition),
        builders.lesson("f/prov", builders.question("q"), kind=LessonKind.FINAL_TEST),
    ]
    before = [builders.lesson("f/for", builders.question("p"), kind=LessonKind.PRETEST)] if pretest else []
    return builders.course("f", "förskola", *before, *lessons)


def held(
    valid_until: dt.date, is_recognised: bool = False, course: str = "f", key: int = 1
) -> HeldCompletion:
    source = "Heldag på plats" if is_recognised else None
    return HeldCompletion(key, course, valid_until - dt.timedelta(days=730), valid_until, source, "Kursen")


def learner(
    *done: tuple[str, int], completions: tuple[HeldCompletion, ...] = (), begun: tuple[str, ...] = ()
) -> TrainingRecord:
    return TrainingRecord(1, frozenset(done), completions, {}, frozenset(begun))


def state_of(someone: TrainingRecord, course: Course | None = None, today: dt.date = TODAY) -> CourseState:
    return progress.course_state(course or a_course(), someone, today, RENEWAL_DAYS)


def left_keys(state: CourseState) -> list[str]:
    return [one.lesson.key for one in state.left]


def test_who_has_done_nothing_has_everything_left_and_no_final_test_yet() -> None:
    state = state_of(learner())
    assert state.status == CourseStatus.NOT_STARTED
    assert left_keys(state) == ["f/a", "f/b", "f/prov"]
    assert (state.minutes_left, state.is_final_unlocked, state.valid_until, state.makes_completion) == (
        30,
        False,
        None,
        True,
    )
    assert state.next_lesson is not None
    assert (state.next_lesson.lesson.key, state.next_lesson.number) == ("f/a", 1)


def test_who_has_made_an_attempt_in_the_course_has_started() -> None:
    assert state_of(learner(begun=("f",))).status == CourseStatus.STARTED
    assert state_of(learner(begun=("s",))).status == CourseStatus.NOT_STARTED


def test_a_shared_lesson_done_in_another_course_is_done_but_starts_nothing() -> None:
    state = state_of(learner(("f/a", 1), begun=("s",)))
    assert (state.status, left_keys(state), state.done_count) == (
        CourseStatus.NOT_STARTED,
        ["f/b", "f/prov"],
        1,
    )


def test_the_lessons_can_be_done_in_any_order_and_the_first_that_is_left_is_next() -> None:
    state = state_of(learner(("f/b", 1)))
    assert state.next_lesson is not None
    assert state.next_lesson.lesson.key == "f/a"
    assert not state.is_final_unlocked


def test_the_final_test_opens_when_all_other_lessons_are_done() -> None:
    state = state_of(learner(("f/a", 1), ("f/b", 1)))
    assert (left_keys(state), state.is_final_unlocked, state.minutes_left) == (["f/prov"], True, 10)


def test_a_raised_edition_is_taken_again_by_who_holds_no_valid_completion() -> None:
    state = state_of(learner(("f/a", 1), ("f/b", 1)), a_course(edition=2))
    assert (left_keys(state), state.is_final_unlocked) == (["f/b", "f/prov"], False)
    state = state_of(learner(("f/a", 1), ("f/b", 1), ("f/b", 2)), a_course(edition=2))
    assert (left_keys(state), state.is_final_unlocked) == (["f/prov"], True)


@pytest.mark.parametrize(
    ("days_left", "status", "left"),
    [
        (RENEWAL_DAYS + 1, CourseStatus.COMPLETED, []),
        (RENEWAL_DAYS, CourseStatus.RENEWAL_OPEN, ["f/b", "f/prov"]),
        (0, CourseStatus.RENEWAL_OPEN, ["f/b", "f/prov"]),
        (-1, CourseStatus.EXPIRED, ["f/b", "f/prov"]),
    ],
)
def test_a_raised_edition_is_noticed_when_the_renewal_opens(
    days_left: int, status: CourseStatus, left: list[str]
) -> None:
    valid_until = TODAY + days_left * DAY
    someone = learner(("f/a", 1), ("f/b", 1), completions=(held(valid_until),))
    state = state_of(someone, a_course(edition=2))
    assert (state.status, left_keys(state), state.valid_until) == (status, left, valid_until)
    assert state.makes_completion is bool(left)
    assert state.is_final_unlocked is not bool(left)
    assert [one.is_done for one in state.lessons] == ([True, False, False] if left else [True, True, True])


@pytest.mark.parametrize(
    ("days_left", "makes_completion"),
    [(RENEWAL_DAYS + 1, False), (RENEWAL_DAYS, True), (0, True), (-1, True)],
)
def test_in_the_renewal_only_the_final_test_is_left_when_nothing_has_changed(
    days_left: int, makes_completion: bool
) -> None:
    state = state_of(learner(("f/a", 1), ("f/b", 1), completions=(held(TODAY + days_left * DAY),)))
    assert left_keys(state) == (["f/prov"] if makes_completion else [])
    assert (state.makes_completion, state.is_final_unlocked) == (makes_completion, True)


def test_the_renewals_first_day_is_told() -> None:
    valid_until = dt.date(2028, 11, 22)
    state = state_of(learner(("f/a", 1), ("f/b", 1), completions=(held(valid_until),)))
    assert state.renewal_opens_on == dt.date(2028, 8, 24)
    assert state_of(learner(), today=TODAY).renewal_opens_on is None


def test_a_recognised_completion_may_be_renewed_at_once() -> None:
    """It holds as long as any other, and nobody is asked to renew it before its time."""
    state = state_of(learner(completions=(held(TODAY + 400 * DAY, is_recognised=True),)))
    assert (state.status, state.makes_completion, state.is_final_unlocked) == (
        CourseStatus.COMPLETED,
        True,
        False,
    )
    assert left_keys(state) == ["f/a", "f/b", "f/prov"]
    assert state.completion is not None
    assert state.completion.is_recognised


def test_a_recognised_completion_beside_ones_own_does_not_open_the_renewal() -> None:
    mine, recognised = held(TODAY + 300 * DAY), held(TODAY + 400 * DAY, is_recognised=True, key=2)
    state = state_of(learner(("f/a", 1), ("f/b", 1), completions=(mine, recognised)))
    assert (state.makes_completion, state.valid_until) == (False, recognised.valid_until)


def test_ones_own_expired_completion_beside_a_valid_recognised_one_is_only_recognised() -> None:
    mine, recognised = held(TODAY - DAY), held(TODAY + 400 * DAY, is_recognised=True, key=2)
    state = state_of(learner(completions=(mine, recognised)))
    assert (state.status, state.makes_completion, state.valid_until) == (
        CourseStatus.COMPLETED,
        True,
        recognised.valid_until,
    )


def test_the_completion_that_ends_last_is_the_one_that_counts() -> None:
    older, newer = held(TODAY - 10 * DAY, key=1), held(TODAY + 700 * DAY, key=2)
    state = state_of(learner(completions=(newer, older)))
    assert state.completion == newer
    assert state_of(learner(completions=(held(TODAY - 9 * DAY), older))).valid_until == TODAY - 9 * DAY


def test_another_courses_completion_and_one_of_a_later_date_count_for_nothing() -> None:
    later = HeldCompletion(1, "f", TODAY + DAY, TODAY + 700 * DAY, None, "Kursen")
    for completion in (held(TODAY + 400 * DAY, course="s"), later):
        state = state_of(learner(completions=(completion,)))
        assert (state.status, state.completion) == (CourseStatus.NOT_STARTED, None)
    today = HeldCompletion(1, "f", TODAY, TODAY + 700 * DAY, None, "Kursen")
    assert state_of(learner(completions=(today,))).status == CourseStatus.COMPLETED


def test_a_lesson_that_has_come_since_is_not_ticked_but_not_asked_for_before_the_renewal() -> None:
    state = state_of(learner(("f/a", 1), completions=(held(TODAY + 400 * DAY),)))
    assert [one.is_done for one in state.lessons] == [True, False, True]
    assert state.left == ()
    assert state.next_lesson is None
    assert state.minutes_left == 0


def test_a_pretest_is_proposed_first_and_never_stands_in_the_way() -> None:
    course = a_course(pretest=True)
    assert left_keys(state_of(learner(), course))[0] == "f/for"
    assert left_keys(state_of(learner(("f/a", 1)), course)) == ["f/b", "f/prov"]
    state = state_of(learner(("f/a", 1), ("f/b", 1)), course)
    assert (left_keys(state), state.is_final_unlocked) == (["f/prov"], True)


def test_a_pretest_is_sent_once_whatever_its_edition_and_not_in_a_renewal() -> None:
    course = a_course(pretest=True)
    assert left_keys(state_of(learner(("f/for", 7)), course)) == ["f/a", "f/b", "f/prov"]
    assert left_keys(state_of(learner(completions=(held(TODAY - DAY),)), course)) == ["f/a", "f/b", "f/prov"]


def test_each_lesson_tells_how_many_attempts_were_sent() -> None:
    someone = TrainingRecord(1, frozenset(), (), {"f/a": 2, "f/prov": 1}, frozenset({"f"}))
    assert [one.attempt_count for one in state_of(someone).lessons] == [2, 0, 1]
