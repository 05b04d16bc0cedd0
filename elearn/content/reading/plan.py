"""What the municipality's plan demands of a base course beyond what makes a file readable: a lesson about
each subject, and a final test that asks enough (course-format.md, "A lesson")."""

from collections.abc import Iterable, Mapping

from elearn.content.course import CourseStep, LessonKind
from elearn.content.reading.lessons import SUBJECTS, RawLesson
from elearn.content.reading.raw_courses import RawCourse

FACTS = "fakta"
FEWEST_ASKED = 8


def check(courses: Iterable[RawCourse], lessons: Mapping[str, RawLesson]) -> None:
    """Faults go to the courses' sources. A course whose list is broken is told of that alone. One without
    ``införd`` is not demanded of anybody by a day yet: it is being written, and may lack what it will."""
    for course in courses:
        is_demanded = course.step == CourseStep.BASE and course.introduced_on is not None
        if is_demanded and course.is_whole and course.lessons:
            listed = [lessons[path] for _, path in course.lessons]
            _check_subjects(course, listed)
            if listed[-1].kind == LessonKind.FINAL_TEST:
                _check_final_test(listed[-1])


def _check_subjects(course: RawCourse, listed: list[RawLesson]) -> None:
    """A subject that is only mentioned beside another one is not what a lesson is about."""
    counted = [lesson for lesson in listed if lesson.kind == LessonKind.LESSON]
    mentioned = {subject for lesson in counted for subject in lesson.subjects}
    about = {lesson.first_subject for lesson in counted if FACTS in lesson.parts}
    for subject in SUBJECTS:
        if subject in mentioned - about:
            course.source.fault(
                1,
                f"Inget avsnitt i kursen handlar om {subject}. Ett avsnitt ska ha ”{subject}” först i "
                f"”ämne”, och ”{FACTS}” i ”del”. Handlingsplanen kräver det.",
            )


def _check_final_test(final: RawLesson) -> None:
    graded_count = sum(question.kind.is_graded for question in final.questions)
    asked_count = graded_count if final.draw is None else final.draw
    if asked_count < FEWEST_ASKED:
        what = "frågar" if final.draw is None else "drar"
        final.source.fault(
            final.source.line_of("dra"),
            f"Slutprovet {what} {asked_count}. I en grundutbildning ska det vara minst {FEWEST_ASKED} "
            "frågor.",
        )
