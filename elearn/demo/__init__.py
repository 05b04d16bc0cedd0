"""The demonstration: an invented but believable municipality, made through the import's own code, in a
database of its own.

A database is the demonstration's only if it carries its mark; nothing else is ever removed.
"""

from elearn.demo.build import PASSWORD, STEPS, create, is_ours, refuse_foreign, remove, secret_key
from elearn.demo.numbers import invent_numbers
from elearn.demo.personas import Persona
from elearn.demo.town import CAST, FIRST_NUMBER
from elearn.people.models import full_name

PERSONAS = tuple(
    Persona(full_name(member.first_name, member.last_name), str(FIRST_NUMBER + place), PASSWORD, member.what)
    for place, member in enumerate(CAST)
)

__all__ = [
    "PASSWORD",
    "PERSONAS",
    "STEPS",
    "Persona",
    "create",
    "invent_numbers",
    "is_ours",
    "refuse_foreign",
    "remove",
    "secret_key",
]
