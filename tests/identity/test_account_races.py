"""What two workers do at the same moment ends as if one had come first, on both engines."""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.errors import Conflict, ElearnError
from elearn.identity import actions, entry, passwords
from elearn.identity.entry import NotRecognised
from elearn.identity.models import Invitation, LoginSession
from elearn.identity.queries import Invitee
from elearn.identity.throttle import MustWait
from elearn.people.models import AccessGrant, AccessRole, Person
from elearn.people.queries import PersonRef
from tests import builders
from tests.builders import NOW, TODAY

WORKERS = 4


@pytest.fixture
def code(engine: sa.Engine) -> str:
    """Sara's, number 1001."""
    with database.transaction(engine) as session:
        someone = builders.person(session, number="1001")
        builders.employ(session, someone, builders.unit(session, "U1"))
        (handout,) = actions.create_invitations(
            session, builders.deed(), [Invitee("Enhet", PersonRef(someone.id, "1001", "Sara", "Lind"))]
        )
    return handout.code


def at_once(engine: sa.Engine, act: Callable[[Session, int], object]) -> list[object]:
    """What each worker's transaction came to: its value, or its refusal's class."""
    barrier = threading.Barrier(WORKERS)

    def work(worker: int) -> object:
        barrier.wait()
        try:
            with database.transaction(engine) as session:
                return act(session, worker)
        except Conflict:
            return Conflict

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def test_a_code_is_used_by_one_of_those_who_send_it_at_once(engine: sa.Engine, code: str) -> None:
    came_to = at_once(
        engine,
        lambda session, worker: (
            actions.choose_password_with_code(session, builders.deed(), code, f"hash {worker}") and worker
        ),
    )
    (winner,) = [worker for worker in came_to if worker is not Conflict]
    with database.snapshot(engine) as session:
        assert session.scalar(sa.select(Person.password_hash)) == f"hash {winner}"
        assert session.scalar(sa.select(sa.func.count()).select_from(Invitation)) == 0


def test_a_role_granted_at_once_is_granted_once(engine: sa.Engine, code: str) -> None:
    came_to = at_once(
        engine,
        lambda session, _worker: actions.grant_role(
            session, builders.deed(today=TODAY), "1001", AccessRole.VPC, None
        ),
    )
    assert sorted(map(bool, came_to)) == [False, False, False, True]
    with database.snapshot(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AccessGrant)) == 1


def test_a_login_with_the_old_password_never_outlives_a_change_of_password(
    engine: sa.Engine, code: str
) -> None:
    """S9: whichever comes first, no session that the old password began is open afterwards."""
    old, new = "lugn promenad vid sjön", "grön cykel över bron"
    with database.transaction(engine) as session:
        person_id = actions.choose_password_with_code(
            session, builders.deed(), code, passwords.hash_password(old)
        )
    barrier = threading.Barrier(WORKERS)

    def act(worker: int) -> None:
        barrier.wait()
        if worker == 0:
            password_hash = passwords.hash_password(new)
            with database.transaction(engine) as session:
                actions.set_password(session, builders.deed(), person_id, password_hash)
        else:
            with contextlib.suppress(ElearnError):
                entry.log_in(door(engine), "1001", old, None)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(act, range(WORKERS)))
    with database.snapshot(engine) as session:
        assert session.scalars(sa.select(LoginSession.id).where(LoginSession.ended_at.is_(None))).all() == []


def test_of_many_guesses_sent_at_once_after_a_wait_one_is_judged(engine: sa.Engine, code: str) -> None:
    """S11."""
    for _ in range(5):
        with pytest.raises(NotRecognised):
            entry.log_in(door(engine), "1001", "fel", None)
    barrier = threading.Barrier(24)

    def guess(worker: int) -> type[ElearnError]:
        barrier.wait()
        try:
            entry.log_in(
                door(engine, NOW + worker * dt.timedelta(milliseconds=1) + WAITED), "1001", "fel", None
            )
        except ElearnError as refusal:
            return type(refusal)
        return ElearnError

    with ThreadPoolExecutor(24) as pool:
        came_to = list(pool.map(guess, range(24)))
    assert (came_to.count(NotRecognised), came_to.count(MustWait)) == (1, 23)


WAITED = dt.timedelta(seconds=3)


def door(engine: sa.Engine, now: dt.datetime = NOW) -> entry.Door:
    return entry.Door(engine, bytes(range(32)), "192.0.2.1", now, TODAY, "Botkyrka kommun")
