"""The journal: every entry is bound to the one before it, and the database refuses change (S55)."""

import datetime as dt
import json
import threading

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn import database
from elearn.journal import actions, chain, queries
from elearn.journal.chain import Link
from elearn.journal.deed import Actor, ActorKind, operator, person, system
from elearn.journal.models import EntryKind
from tests import builders
from tests.builders import NOW


def made(count: int) -> list[Link]:
    links: list[Link] = []
    previous = chain.START
    for id in range(1, count + 1):
        fields = (
            id,
            NOW + dt.timedelta(seconds=id),
            "person:7",
            "granted-role",
            f'{{"person":{id}}}',
            previous,
        )
        previous = chain.hash_of(*fields)
        links.append(Link(*fields, previous))
    return links


def test_an_entry_says_who_when_and_what_and_is_bound_to_the_one_before(session: Session) -> None:
    actions.record(
        session, builders.deed(by=person(7)), EntryKind.GRANTED_ROLE, person=12, role="vpc", unit=None
    )
    actions.record(session, builders.deed(by=operator("anna")), EntryKind.REVOKED_ROLE, person=12, role="vpc")
    first, second = queries.entries(session)
    assert (first.id, first.recorded_at, first.actor, first.kind) == (1, NOW, "person:7", "granted-role")
    assert json.loads(first.details) == {"person": 12, "role": "vpc"}
    assert (first.previous_hash, second.previous_hash) == ("0" * 64, first.hash)
    assert second.actor == "operator:anna"
    assert chain.faults(queries.entries(session)) == []


def test_actors_are_told_apart_by_kind() -> None:
    assert [str(actor) for actor in (person(12), operator("12"), system("12"))] == [
        "person:12",
        "operator:12",
        "system:12",
    ]
    assert person(12) == Actor(ActorKind.PERSON, "12")


@pytest.mark.parametrize(
    "statement", ["UPDATE journal_entry SET actor = 'person:1'", "DELETE FROM journal_entry"]
)
def test_the_database_refuses_to_change_or_delete_an_entry(engine: sa.Engine, statement: str) -> None:
    with database.transaction(engine) as session:
        actions.record(session, builders.deed(), EntryKind.SET_PASSWORD, person=1)
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), database.transaction(engine) as session:
        session.execute(sa.text(statement))
    with database.snapshot(engine) as session:
        assert [entry.actor for entry in queries.entries(session)] == ["operator:anna"]


def test_an_entry_is_not_put_in_again_in_place_of_the_one_that_stands(sqlite_url: str) -> None:
    """On SQLite, where INSERT OR REPLACE would take the first away without a word."""
    engine = database.make_engine(sqlite_url)
    with database.transaction(engine) as session:
        actions.record(session, builders.deed(), EntryKind.SET_PASSWORD, person=1)
    again = "INSERT OR REPLACE INTO journal_entry SELECT id, recorded_at, 'person:1', kind, details, previous_hash, hash"
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), database.transaction(engine) as session:
        session.execute(sa.text(f"{again} FROM journal_entry"))
    with database.snapshot(engine) as session:
        assert [entry.actor for entry in queries.entries(session)] == ["operator:anna"]


def test_the_journal_cannot_be_emptied_at_once(postgresql_url: str) -> None:
    engine = database.make_engine(postgresql_url)
    with database.transaction(engine) as session:
        actions.record(session, builders.deed(), EntryKind.SET_PASSWORD, person=1)
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), database.transaction(engine) as session:
        session.execute(sa.text("TRUNCATE journal_entry"))
    engine.dispose()


def test_an_entry_goes_with_the_transaction_that_it_tells_of(engine: sa.Engine) -> None:
    class Stopped(Exception):
        pass

    def stop_half_way() -> None:
        with database.transaction(engine) as session:
            actions.record(session, builders.deed(), EntryKind.SET_PASSWORD, person=1)
            raise Stopped

    with pytest.raises(Stopped):
        stop_half_way()
    with database.snapshot(engine) as session:
        assert list(queries.entries(session)) == []


def test_many_at_once_make_one_chain(engine: sa.Engine) -> None:
    barrier = threading.Barrier(8)

    def work(worker: int) -> None:
        barrier.wait()
        with database.transaction(engine) as session:
            actions.record(session, builders.deed(by=person(worker)), EntryKind.SET_PASSWORD, person=worker)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.snapshot(engine) as session:
        links = list(queries.entries(session))
    assert [link.id for link in links] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert sorted(link.actor for link in links) == [f"person:{worker}" for worker in range(8)]
    assert chain.faults(links) == []


@given(st.integers(2, 8), st.data())
def test_a_removed_changed_or_moved_entry_is_found(count: int, data: st.DataObject) -> None:
    links = made(count)
    assert chain.faults(links) == []
    place = data.draw(st.integers(0, count - 2), "place")
    what = data.draw(
        st.sampled_from(["removed", "moved", "actor", "kind", "details", "recorded_at", "renumbered"])
    )
    fields = dict(
        zip(
            Link.__dataclass_fields__,
            (getattr(links[place], n) for n in Link.__dataclass_fields__),
            strict=True,
        )
    )
    match what:
        case "removed":
            changed = links[:place] + links[place + 1 :]
        case "moved":
            changed = [*links[:place], links[place + 1], links[place], *links[place + 2 :]]
        case "renumbered":
            changed = [*links[:place], *(_renumbered(link) for link in links[place + 1 :])]
        case "recorded_at":
            changed = list(links)
            changed[place] = Link(**fields | {"recorded_at": NOW - dt.timedelta(days=1)})
        case _:
            changed = list(links)
            changed[place] = Link(**fields | {what: "other"})
    assert chain.faults(changed) != []


def _renumbered(link: Link) -> Link:
    """An entry that took the number of a removed one before it, its own hash made anew."""
    fields = (link.id - 1, link.recorded_at, link.actor, link.kind, link.details, link.previous_hash)
    return Link(*fields, chain.hash_of(*fields))
