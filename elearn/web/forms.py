"""What arrives in a POST, parsed and checked by WTForms. CSRF is checked for every POST before any form
(web/security.py). A lesson's form is read by ``training/replies.py`` instead: its fields are its
questions."""

from wtforms import Form, PasswordField, StringField, validators
from wtforms.form import BaseForm

from elearn.identity import passwords
from elearn.people.queries import PersonRef
from elearn.web.request import settings

NOBODY = PersonRef(0, "", "", "")


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


class AskCodeForm(Form):
    """Where a code is to be sent."""

    epost = StringField(
        "Din e-postadress", [validators.InputRequired("Skriv din e-postadress.")], filters=[trimmed]
    )


class EnterCodeForm(Form):
    """A code that came by mail."""

    kod = StringField(
        "Kod", [validators.InputRequired("Skriv koden ur mejlet, sex siffror.")], filters=[trimmed]
    )


class NewPasswordForm(Form):
    """The two fields that choose a password; the rules are identity/passwords.py's."""

    losenord = PasswordField("Nytt lösenord", [validators.InputRequired("Skriv ett nytt lösenord.")])
    losenord_igen = PasswordField(
        "Samma lösenord en gång till", [validators.EqualTo("losenord", "Skriv samma lösenord i båda fälten.")]
    )


class InvitedForm(NewPasswordForm):
    kod = StringField("Kod", [validators.InputRequired("Skriv koden som du har fått.")], filters=[trimmed])


class ChangePasswordForm(NewPasswordForm):
    nuvarande = PasswordField(
        "Ditt nuvarande lösenord", [validators.InputRequired("Skriv ditt nuvarande lösenord.")]
    )


def is_complete(form: NewPasswordForm) -> bool:
    """Whether the form can be tried. If not, what is wrong with the chosen password, whoever has chosen it,
    is told together with the rest."""
    if form.validate():
        return True
    if form.losenord.data:
        weaknesses = passwords.refusals(form.losenord.data, NOBODY, settings().municipality)
        form.losenord.errors = [*form.losenord.errors, *weaknesses]
    return False


def faults(form: BaseForm) -> list[tuple[str, str]]:
    """(field id, sentence) for the error summary, in the order of the fields."""
    return [(str(field.id), str(error)) for field in form for error in field.errors]
