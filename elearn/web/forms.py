"""What arrives in a POST, parsed and checked by WTForms. CSRF is checked for every POST before any form
(web/security.py).

A lesson's form parses and validates; its page is drawn by a macro over the lesson's ready HTML
(templates/learn/).
"""

from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import Form, PasswordField, StringField, validators
from wtforms.fields import RadioField, SelectField, SelectMultipleField
from wtforms.form import BaseForm

from elearn.content.course import Lesson, Question, QuestionKind

Answers = dict[str, Any]


def trimmed(text: str | None) -> str:
    return (text or "").strip()


class LoginForm(Form):
    """Number or e-mail, and password; ``vidare`` is where the person was going."""

    anstallningsnr = StringField(
        "Anställningsnummer eller e-postadress",
        [validators.InputRequired("Skriv ditt anställningsnummer eller din e-postadress.")],
        filters=[trimmed],
    )
    losenord = PasswordField("Lösenord", [validators.InputRequired("Skriv ditt lösenord.")])
    vidare = StringField()


class NewPasswordForm(Form):
    """The two fields that choose a password; the rules are people/passwords.py's."""

    losenord = PasswordField("Nytt lösenord", [validators.InputRequired("Skriv ett nytt lösenord.")])
    losenord_igen = PasswordField(
        "Samma lösenord en gång till", [validators.EqualTo("losenord", "Skriv samma lösenord i båda fälten.")]
    )


class InvitedForm(NewPasswordForm):
    kod = StringField(
        "Kod", [validators.InputRequired("Skriv koden som du har fått av din chef.")], filters=[trimmed]
    )


class ChangePasswordForm(NewPasswordForm):
    nuvarande = PasswordField(
        "Ditt nuvarande lösenord", [validators.InputRequired("Skriv ditt nuvarande lösenord.")]
    )


def faults(form: BaseForm) -> list[tuple[str, str]]:
    """(field id, sentence) for the error summary, in the order of the fields."""
    return [(str(field.id), str(error)) for field in form for error in field.errors]


def lesson_fields(lesson: Lesson) -> dict[str, Any]:
    """A field per answer, named as pages.md says. Any question may go unanswered here: whether it must
    be answered depends on what was drawn, and is training/grading.py's to say."""
    fields: dict[str, Any] = {}
    for question in lesson.questions:
        fields |= _question_fields(question)
    return fields


def _question_fields(question: Question) -> dict[str, Any]:
    keys: list[Any] = [choice.key for choice in question.choices]
    optional = [validators.Optional()]
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.SCENARIO:
            return {question.id: RadioField(choices=keys, validators=optional)}
        case QuestionKind.MULTIPLE:
            return {question.id: SelectMultipleField(choices=keys, validators=optional)}
        case QuestionKind.ORDER:
            return {f"{question.id}.{row.key}": StringField(filters=[trimmed]) for row in question.rows}
        case QuestionKind.MATCH:
            blank: list[Any] = ["", *keys]
            return {
                f"{question.id}.{row.key}": SelectField(choices=blank, validators=optional)
                for row in question.rows
            }
        case QuestionKind.REFLECT:
            return {}


class LessonForms:
    """The lessons' form classes, made once for each text of a lesson."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[str, Any]] = {}

    def parse(self, lesson: Lesson) -> Answers:
        """What was sent, by question id, in the shapes that training/grading.py reads.

        A choice that the lesson does not have is left out, as if the question had not been answered."""
        if lesson.hash not in self._fields:
            self._fields[lesson.hash] = lesson_fields(lesson)
        form = BaseForm(self._fields[lesson.hash])
        form.process(request.form)
        form.validate()
        sent = {name: field.data for name, field in form._fields.items() if not field.errors}
        answers = {question.id: _answer(question, sent) for question in lesson.questions}
        return {question_id: answer for question_id, answer in answers.items() if answer}


def _answer(question: Question, sent: Mapping[str, Any]) -> Any:
    if question.kind in (QuestionKind.ORDER, QuestionKind.MATCH):
        rows = {row.key: sent.get(f"{question.id}.{row.key}") for row in question.rows}
        return {key: value for key, value in rows.items() if value}
    value = sent.get(question.id)
    return tuple(value) if isinstance(value, list) else value
