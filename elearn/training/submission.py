"""A lesson's form as it was sent, and why it may have to be shown again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elearn.content.course import Course, Lesson, Question
from elearn.errors import Conflict, Invalid
from elearn.training import grading
from elearn.training.drafts import Draft
from elearn.training.drawing import SignedAttempt
from elearn.training.replies import Reply


class LessonChanged(Conflict):
    """The text is another than the one that was answered, and the reply does not fit it: show the form again
    with what fits (409)."""

    def __init__(self) -> None:
        super().__init__(
            "Avsnittet har ändrats medan du läste. Kontrollera dina svar och skicka in dem igen."
        )


class ReplyRefused(Invalid):
    """Something is not, or not rightly, filled in: show the form again (422). ``answer_faults`` say which
    questions and rows; the page has the words."""

    def __init__(self, answer_faults: tuple[grading.AnswerFault, ...]) -> None:
        super().__init__("Alla frågor är inte besvarade. Svara på dem och skicka in igen.")
        self.answer_faults = answer_faults


@dataclass(frozen=True, slots=True)
class Submission:
    """A lesson's form as it was sent: ``reply`` to the questions that stood on its page (``shown``; None: all
    of them). The others are in the draft."""

    course: Course
    lesson: Lesson
    signed: SignedAttempt
    reply: Reply
    draft: Draft
    shown: tuple[Question, ...] | None = None

    @property
    def on_page(self) -> tuple[Question, ...]:
        return self.lesson.questions if self.shown is None else self.shown

    def whole_reply(self, asked: Iterable[Question]) -> Reply:
        """What is answered to these questions, with the draft."""
        return self.draft.reply(asked, self.on_page, self.reply)


def asked_questions(sent: Submission) -> Sequence[Question]:
    """The drawn questions as they stand now. ``LessonChanged`` when some of them are gone, or the text is
    another edition's."""
    lesson, signed = sent.lesson, sent.signed
    present = {question.id: question for question in lesson.questions}
    questions = [present[question_id] for question_id in signed.question_ids if question_id in present]
    if signed.edition != lesson.edition or len(questions) < len(signed.question_ids):
        raise LessonChanged
    return questions


def refuse_unanswered(sent: Submission, faults: tuple[grading.AnswerFault, ...]) -> None:
    """A changed text may be why an answer is missing: then the reader is told so."""
    if faults and sent.signed.hash != sent.lesson.hash:
        raise LessonChanged
    if faults:
        raise ReplyRefused(faults)
