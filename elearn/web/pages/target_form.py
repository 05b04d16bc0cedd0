"""What a form about a decision holds: whom it is about, what is decided, from when. Whom it is about stands
in the address of the form, and follows it in hidden fields."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, StringField

from elearn import clock
from elearn.errors import NotFound
from elearn.training import decision_actions, decision_places, decision_rules
from elearn.training.decision_actions import Tops
from elearn.training.decision_rules import NewDecision
from elearn.web.forms import trimmed
from elearn.web.request import session, today

IN, OUT = "ingar", "undantagen"
DECISIONS = {IN: "Ingår i målgruppen", OUT: "Undantas från målgruppen"}
WHOM = ("enhet", "befattning", "person")
LONGEST_KEY = 64
Faults = list[tuple[str, str]]


class DecisionForm(Form):
    """The fields in the order of the page. ``nyckel`` is the form's own, so that it is received once."""

    beslut = StringField("Vad gäller?", filters=[trimmed])
    skal = StringField("Skäl", filters=[trimmed])
    yrkesroll = StringField("Yrkesroll (frivilligt)", filters=[trimmed])
    fran = StringField("Första dagen", filters=[trimmed])
    till = StringField("Sista dagen (frivilligt)", filters=[trimmed])
    nyckel = HiddenField(filters=[trimmed])


class EndForm(Form):
    """The last day of a decision."""

    sista = StringField("Sista dagen", filters=[trimmed])


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a decision is about: ids, and what the page says. ``fields``: as they were given; ``back``: the
    page of the person or the unit."""

    unit_id: int | None
    person_id: int | None
    position: str | None
    unit_name: str
    person_name: str
    fields: tuple[tuple[str, str], ...]
    back: str


def read_whom(given: Mapping[str, str], tops: Tops) -> Whom:
    """From ``enhet``, ``befattning`` and ``person``. Raises ``NotFound`` for what is out of reach and for
    what cannot go together, as the action would."""
    code, position, number = (given.get(name, "").strip() for name in WHOM)
    if not position.isprintable():
        raise NotFound
    unit = decision_places.open_unit(session(), tops, today(), code) if code else None
    person = decision_places.person_place(session(), tops, today(), read_id(number)) if number else None
    whom = Whom(
        unit.id if unit else None,
        person.person_id if person else None,
        position or None,
        unit.name if unit else "",
        person.name if person else "",
        tuple((name, given[name].strip()) for name in WHOM if given.get(name, "").strip()),
        f"/malgrupp/person/{person.person_id}" if person else f"/malgrupp/enhet/{code}",
    )
    decision_actions.refuse_out_of_reach(
        session(), tops, today(), whom.unit_id, whom.person_id, whom.position
    )
    return whom


def read_id(text: str) -> int:
    """Raises ``NotFound`` for what is no person's id."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound
    return int(text)


def decision_form(given: MultiDict[str, str] | None) -> DecisionForm:
    """The form as it was sent; empty, from today, before that."""
    return DecisionForm(given) if given is not None else DecisionForm(data={"fran": today().isoformat()})


def read_decision(form: DecisionForm, whom: Whom, roles: Sequence[str]) -> tuple[NewDecision | None, Faults]:
    """What is decided, and what is wrong with it, by the id of the field; one of them is empty."""
    faults: Faults = []
    if form.beslut.data not in DECISIONS:
        faults.append(("beslut-0", "Välj om beslutet är att ingå eller att undantas."))
    if form.yrkesroll.data and form.yrkesroll.data not in roles:
        faults.append(("yrkesroll", "Välj en av yrkesrollerna i listan."))
    starts_on = read_day("fran", form.fran.data or "", faults)
    ends_on = read_day("till", form.till.data, faults) if form.till.data else None
    new = NewDecision(
        whom.unit_id,
        whom.person_id,
        whom.position,
        form.beslut.data == IN,
        form.yrkesroll.data or None,
        starts_on or today(),
        ends_on,
        form.skal.data or "",
    ).tidied()
    if form.beslut.data in DECISIONS:
        known = {name for name, _sentence in faults}
        faults += [fault for fault in decision_rules.faults(new, today()) if fault[0] not in known]
    return (None, in_order(form, faults)) if faults else (new, [])


def read_day(name: str, text: str, faults: Faults) -> dt.date | None:
    """A day; None with a fault added, where it is none."""
    if not text:
        faults.append((name, f"Skriv dagen som {today().isoformat()}."))
        return None
    try:
        return clock.read_day(text)
    except ValueError as refusal:
        faults.append((name, str(refusal)))
        return None


def in_order(form: Form, faults: Faults) -> Faults:
    """In the order of the fields; each is told beside its field too."""
    names = [field.name for field in form]
    for name, sentence in faults:
        field = form[name.partition("-")[0]]
        field.errors = [*field.errors, sentence]
    return sorted(faults, key=lambda fault: names.index(fault[0].partition("-")[0]))


def new_key() -> str:
    """A form's own, made when it is shown to be sent."""
    return secrets.token_urlsafe(16)


def is_key(text: str | None) -> bool:
    return bool(text) and len(text or "") <= LONGEST_KEY and (text or "").isprintable()


def sent(form: DecisionForm) -> list[tuple[str, str]]:
    """What was sent, with a key of its own, for the form that is received: hidden in the page between."""
    named = [(str(field.name), str(field.data or "")) for field in form if field.name != "nyckel"]
    return [*named, ("nyckel", new_key())]
