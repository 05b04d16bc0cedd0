"""Who does something, and when: the first argument after the session of every action (architecture.md, "What
travels")."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """A person who is logged in, an operator at the command line, or the system by itself."""

    PERSON = "person"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it. ``name``: a person's id, an operator's log-in name on the machine, or the system's task.

    Rows carry ``str(actor)``: ``person:12``, ``operator:anna``, ``system:tidy``. It holds no person's name,
    so that erasing a person leaves the journal as it is."""

    kind: ActorKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def person(person_id: int) -> Actor:
    """The person who is logged in."""
    return Actor(ActorKind.PERSON, str(person_id))


def operator(login_name: str) -> Actor:
    """Whoever runs a command, by the login name on that machine."""
    return Actor(ActorKind.OPERATOR, login_name)


def system(task: str) -> Actor:
    """The system itself, by the name of what it runs."""
    return Actor(ActorKind.SYSTEM, task)


@dataclass(frozen=True, slots=True)
class Deed:
    """One act: who does it, the moment (UTC) and the day (Europe/Stockholm). Made once by the request or the
    command. ``ELEARN_TODAY`` moves ``today`` and never ``now``."""

    actor: Actor
    now: dt.datetime
    today: dt.date
