"""A lesson that is begun and not sent: what has been chosen, what has been answered at once, and where the
reader was (course-format.md, "Feedback at once"; pages.md, rule 5). Pure.

The first reply to a question is locked when its feedback is shown: it is what the tally counts, and nothing
can be changed to look better. A scenario and a wrong answer that must be right can be tried again.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elearn.content.course import Lesson, LessonKind, Question
from elearn.training import drawing, grading
from elearn.training.replies import NO_REPLY, Reply


@dataclass(frozen=True, slots=True)
class Draft:
    """``chosen``: the last reply to each question; ``first``: the first reply to those whose feedback has
    been shown (``opened``). ``kept`` were right in the attempt before. ``asked``: the questions of a retry,
    or of a test that was put by, in order; empty when the attempt is drawn. ``place``: the id of the last
    heading reached, or ""."""

    number: int
    chosen: Reply = NO_REPLY
    first: Reply = NO_REPLY
    opened: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    asked: tuple[str, ...] = ()
    has_read: bool = False
    place: str = ""

    def is_settled(self, question: Question) -> bool:
        """Whether the reply to this question stands: it was right before, or its feedback has been shown and
        it is not one to try again."""
        if question.id in self.kept:
            return True
        if question.id not in self.opened or not question.is_graded:
            return False
        return not question.must_be_right or bool(grading.result(question, self.chosen).is_right)

    def is_opened(self, question: Question) -> bool:
        """Whether its feedback is shown."""
        return question.id in self.opened or question.id in self.kept

    def fitting(self, lesson: Lesson) -> "Draft":
        """What still fits the lesson as its text stands now. A lesson that has become a test tells no answer
        before it is sent (S15), and what the author has made wrong is not kept as right. A retry from before
        a final test had learning outcomes is drawn anew."""
        known = {question.id: question for question in lesson.questions}
        is_drawn_anew = lesson.has_outcomes and bool(self.kept)
        dropped = self.kept if is_drawn_anew else frozenset()
        chosen = self.chosen.only(question for question in lesson.questions if question.id not in dropped)
        unchanged = {
            question_id
            for question_id in (self.opened | self.kept) & known.keys()
            if not _differs(self.chosen, chosen, known[question_id])
        }
        is_lesson, is_pretest = lesson.kind == LessonKind.LESSON, lesson.kind == LessonKind.PRETEST
        opened = frozenset(id for id in self.opened & unchanged if is_lesson or not known[id].is_graded)
        right = {id for id in unchanged if grading.result(known[id], chosen).is_right}
        kept = frozenset() if is_pretest or is_drawn_anew else self.kept & right
        asked = self.asked if drawing.can_draw(lesson, self.asked) and not is_drawn_anew else ()
        first = self.first.only([known[question_id] for question_id in opened])
        return dataclasses.replace(self, chosen=chosen, first=first, opened=opened, kept=kept, asked=asked)

    def with_reply(self, questions: Iterable[Question], sent: Reply) -> "Draft":
        """With what was chosen now. What was chosen before stays where nothing was sent."""
        answers = set(self.chosen.answers)
        for question in questions:
            if sent.to(question) and not self.is_settled(question):
                answers = {answer for answer in answers if answer[0] != question.id}
                answers |= {(question.id, row, value) for row, value in sent.to(question)}
        return dataclasses.replace(self, chosen=Reply(frozenset(answers)))

    def with_asked(self, lesson: Lesson, question_ids: Iterable[str]) -> "Draft":
        """With these questions as the ones of the attempt, where a test draws some of its bank."""
        if lesson.draw is None or lesson.kind != LessonKind.FINAL_TEST:
            return self
        graded = {question.id for question in lesson.questions if question.is_graded}
        return dataclasses.replace(self, asked=tuple(id for id in question_ids if id in graded))

    def with_opened(self, question: Question) -> "Draft":
        """With this question's feedback shown; its first reply is locked."""
        if question.id in self.opened:
            return self
        locked = {(question.id, row, value) for row, value in self.chosen.to(question)}
        first = Reply(self.first.answers | locked)
        return dataclasses.replace(self, first=first, opened=self.opened | {question.id})

    def reply(self, asked: Iterable[Question], shown: Sequence[Question], sent: Reply) -> Reply:
        """What a sent form means: the settled replies, what was sent of the questions that stood on the page
        (``shown``), and of the others what was chosen before."""
        on_page = {question.id for question in shown}
        answers: set[tuple[str, str, str]] = set()
        for question in asked:
            is_now = question.id in on_page and not self.is_settled(question)
            source = sent if is_now else self.chosen
            answers |= {(question.id, row, value) for row, value in source.to(question)}
        return Reply(frozenset(answers))

    def contradicts(self, questions: Iterable[Question], sent: Reply) -> bool:
        """Whether something else was sent to a question whose reply stands: it came from another tab."""
        return any(
            self.is_settled(question) and sent.to(question) and _differs(sent, self.chosen, question)
            for question in questions
        )

    def counted(self, asked: Iterable[Question], reply: Reply) -> Reply:
        """What the tally counts: the first reply to each question, and nothing of what was kept."""
        answers: set[tuple[str, str, str]] = set()
        for question in asked:
            if question.id not in self.kept:
                source = self.first if question.id in self.opened else reply
                answers |= {(question.id, row, value) for row, value in source.to(question)}
        return Reply(frozenset(answers))


def retry(
    number: int, questions: Sequence[Question], reply: Reply, asked_again: tuple[str, ...] = ()
) -> Draft:
    """The next attempt after one that was not passed: what was right is kept, and the scenarios stay as they
    were, already told and counted."""
    right = {q.id for q in questions if q.is_graded and grading.result(q, reply).is_right}
    tried = {q.id for q in questions if not q.is_graded and reply.to(q)}
    return Draft(
        number,
        chosen=reply.only([question for question in questions if question.id in right | tried]),
        opened=frozenset(tried),
        kept=frozenset(right),
        asked=asked_again,
        has_read=True,
    )


def _differs(one: Reply, other: Reply, question: Question) -> bool:
    return one.to(question) != other.to(question)
