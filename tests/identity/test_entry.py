"""The ways in: a password or a code is judged, counted and answered with a session, on both engines."""

import datetime as dt

import pytest
import sqlalchemy as sa

from elearn import database
from elearn.errors import Conflict, ElearnError, Invalid
from elearn.identity import actions, entry, invitations, logins, passwords
from elearn.identity.entry import Door, NotRecognised
from elearn.identity.models import LoginFailure, LoginSession
from elearn.identity.queries import Invitee
from elearn.identity.throttle import MustWait
from elearn.people.models import Person
from elearn.people.queries import PersonRef
from tests import builders
from tests.builders import NOW, TODAY

PASSWORD, CHOSEN = "lugn promenad vid sjön", "grön cykel över bron"
HASH = passwords.hash_password(PASSWORD)


@pytest.fixture
def person_id(engine: sa.Engine) -> int:
    """Sara: number 1001, e-mail sara@example.se, with a password."""
    with database.transaction(engine) as session:
        someone = builders.person(session, number="1001", email="sara@example.se")
        someone.password_hash = HASH
        builders.employ(session, someone, builders.unit(session, "U1"))
        return someone.id


def door(engine: sa.Engine, address: str = "192.0.2.1", now: dt.datetime = NOW) -> Door:
    return Door(engine, bytes(range(32)), address, now, TODAY, "Botkyrka kommun")


def code_for(engine: sa.Engine, person_id: int) -> str:
    ref = PersonRef(person_id, "1001", "Sara", "Lind")
    with database.transaction(engine) as session:
        (handout,) = actions.create_invitations(session, builders.deed(), [Invitee("Enhet", ref)])
    return handout.code


def open_sessions(engine: sa.Engine) -> int:
    with database.snapshot(engine) as session:
        ended = sa.select(sa.func.count()).where(LoginSession.ended_at.is_(None))
        return session.scalar(ended.select_from(LoginSession)) or 0


def failures(engine: sa.Engine) -> int:
    with database.snapshot(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(LoginFailure)) or 0


def outcome(attempt: object) -> type[ElearnError] | None:
    try:
        attempt()  # type: ignore[operator]
    except ElearnError as refusal:
        return type(refusal)
    return None


def test_the_right_password_begins_a_session_and_leaves_no_failure(engine: sa.Engine, person_id: int) -> None:
    entered = entry.log_in(door(engine), "1001", PASSWORD, None)
    assert entered.person_id == person_id
    with database.snapshot(engine) as session:
        login = logins.session_person(session, entered.token, NOW, TODAY)
    assert login is not None
    assert failures(engine) == 0


def test_a_code_and_a_login_tell_of_the_training_on_the_day_that_they_are_made(
    engine: sa.Engine, person_id: int
) -> None:
    def offered_on() -> dt.date | None:
        with database.snapshot(engine) as session:
            return session.scalar(sa.select(Person.offered_on).where(Person.id == person_id))

    with pytest.raises(NotRecognised):
        entry.log_in(door(engine), "1001", "fel lösenord", None)
    assert offered_on() is None
    entry.log_in(door(engine), "1001", PASSWORD, None)
    assert offered_on() == TODAY
    with database.transaction(engine) as session:
        session.get_one(Person, person_id).offered_on = None
    code_for(engine, person_id)
    assert offered_on() == TODAY


def test_logging_in_again_ends_the_session_that_the_browser_had(engine: sa.Engine, person_id: int) -> None:
    """S8."""
    first = entry.log_in(door(engine), "1001", PASSWORD, None)
    elsewhere = entry.log_in(door(engine), "1001", PASSWORD, None)
    entry.log_in(door(engine), "1001", PASSWORD, first.token)
    with database.snapshot(engine) as session:
        assert logins.session_person(session, first.token, NOW, TODAY) is None
        assert logins.session_person(session, elsewhere.token, NOW, TODAY) is not None


@pytest.mark.parametrize("name", ["9999", "nobody@example.se", ""])
def test_a_name_that_means_nobody_is_answered_and_slowed_like_one_that_does(
    engine: sa.Engine, person_id: int, name: str
) -> None:
    """S23."""
    for _ in range(5):
        with pytest.raises(NotRecognised, match="Uppgifterna stämmer inte"):
            entry.log_in(door(engine), name, PASSWORD, None)
    assert outcome(lambda: entry.log_in(door(engine), name, PASSWORD, None)) is MustWait


def test_a_persons_number_and_address_are_one_account(engine: sa.Engine, person_id: int) -> None:
    """S11: spelling the name in another way is no way round."""
    for name in ("1001", "sara@example.se", "SARA@example.se ", "1001", "１００１"):
        assert outcome(lambda name=name: entry.log_in(door(engine), name, "fel", None)) is NotRecognised
    assert outcome(lambda: entry.log_in(door(engine), "1001", PASSWORD, None)) is MustWait
    assert outcome(lambda: entry.log_in(door(engine), "sara@example.se", PASSWORD, None)) is MustWait
    assert open_sessions(engine) == 0


def test_guessing_codes_is_slowed_down_like_guessing_passwords(engine: sa.Engine, person_id: int) -> None:
    """S11: by the address; and it is counted though the answer is a refusal."""
    code = code_for(engine, person_id)
    for _ in range(50):
        guess = invitations.new_code()
        assert (
            outcome(lambda guess=guess: entry.accept_invitation(door(engine), guess, CHOSEN, None))
            is NotRecognised
        )
    assert failures(engine) == 50
    assert outcome(lambda: entry.accept_invitation(door(engine), code, CHOSEN, None)) is MustWait
    later = door(engine, now=NOW + dt.timedelta(seconds=3))
    assert entry.accept_invitation(later, code, CHOSEN, None).person_id == person_id


def test_guessing_one_code_again_and_again_is_slowed_down(engine: sa.Engine, person_id: int) -> None:
    for _ in range(5):
        assert (
            outcome(lambda: entry.accept_invitation(door(engine), "gissning", CHOSEN, None)) is NotRecognised
        )
    assert outcome(lambda: entry.accept_invitation(door(engine), "gissning", CHOSEN, None)) is MustWait
    elsewhere = door(engine, "198.51.100.7")
    assert outcome(lambda: entry.accept_invitation(elsewhere, "7K3M-", CHOSEN, None)) is NotRecognised


def test_guessing_the_present_password_is_slowed_down(engine: sa.Engine, person_id: int) -> None:
    """S11: whoever sits down at somebody's open screen; and log-in counts with it."""
    for _ in range(5):
        assert outcome(lambda: entry.change_password(door(engine), person_id, "fel", CHOSEN)) is NotRecognised
    assert outcome(lambda: entry.change_password(door(engine), person_id, PASSWORD, CHOSEN)) is MustWait
    assert outcome(lambda: entry.log_in(door(engine), "1001", PASSWORD, None)) is MustWait


def test_a_weak_password_is_refused_and_counts_as_no_failure(engine: sa.Engine, person_id: int) -> None:
    code = code_for(engine, person_id)
    for _ in range(8):
        assert outcome(lambda: entry.accept_invitation(door(engine), code, "kort", None)) is Invalid
        assert outcome(lambda: entry.change_password(door(engine), person_id, PASSWORD, "kort")) is Invalid
    assert failures(engine) == 0
    assert entry.accept_invitation(door(engine), code, CHOSEN, None).person_id == person_id


def test_a_login_stores_the_hash_with_todays_parameters(engine: sa.Engine, person_id: int) -> None:
    old = passwords.argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with database.transaction(engine) as session:
        session.execute(sa.update(Person).values(password_hash=old))
    entry.log_in(door(engine), "1001", PASSWORD, None)
    with database.snapshot(engine) as session:
        stored = session.scalar(sa.select(Person.password_hash))
    assert stored is not None
    assert stored != old
    assert passwords.rehash(stored, PASSWORD) is None


def test_a_person_without_a_password_cannot_log_in(engine: sa.Engine, person_id: int) -> None:
    with database.transaction(engine) as session:
        session.execute(sa.update(Person).values(password_hash=None))
    for password in ("", PASSWORD):
        assert (
            outcome(lambda password=password: entry.log_in(door(engine), "1001", password, None))
            is NotRecognised
        )


def test_a_password_changed_while_the_old_one_was_verified_lets_nobody_in(
    engine: sa.Engine, person_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S9: the change comes between the two transactions of the log-in."""
    verify = passwords.verify

    def change_meanwhile(password_hash: str | None, password: str) -> bool:
        with database.transaction(engine) as session:
            actions.set_password(session, builders.deed(), person_id, "another hash")
        return verify(password_hash, password)

    monkeypatch.setattr(passwords, "verify", change_meanwhile)
    with pytest.raises(Conflict):
        entry.log_in(door(engine), "1001", PASSWORD, None)
    assert open_sessions(engine) == 0
