"""The journal in words: every kind has its own, names are today's, and an erased person has none (S31, S54)."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.journal import actions
from elearn.journal.chain import START
from elearn.journal.deed import operator, person
from elearn.journal.models import EntryKind
from elearn.journal.queries import Wanted
from elearn.people import log
from elearn.people.log_words import KINDS
from tests import builders
from tests.builders import NOW


def test_every_kind_of_entry_has_words() -> None:
    assert [kind.value for kind in EntryKind if kind.value not in KINDS] == []
    assert len(set(KINDS.values())) == len(KINDS)


def test_names_are_todays_and_whoever_is_gone_or_protected_has_none(session: Session) -> None:
    unit = builders.unit(session, "F1", name="Ängen")
    sara, eva, mirjam = (
        builders.person(session, name, "Lind", number=number)
        for name, number in (("Sara", "1"), ("Eva", "2"), ("Mirjam", "3"))
    )
    by = builders.deed(by=person(mirjam.id))
    actions.record(session, by, EntryKind.GRANTED_ROLE, person=sara.id, role="vpc", unit=unit.id)
    actions.record(session, by, EntryKind.HANDED_OUT_CODES, persons=f"{sara.id} {eva.id} 99", unit=unit.id)
    sara.last_name, eva.is_protected = "Berg", True
    session.flush()
    codes, grant = log.log_page(session, Wanted(), 1).entries
    assert (grant.actor, grant.title) == ("Mirjam Lind", "Gav en behörighet")
    assert dict(grant.details) == {"Person": "Sara Berg (1)", "Behörighet": "VPC", "Enhet": "Ängen (F1)"}
    assert dict(codes.details)["Personer"] == (
        "Sara Berg (1), Namnet visas inte, någon som inte längre finns kvar"
    )


def test_a_page_has_fifty_and_the_newest_stands_first(session: Session) -> None:
    for number in range(51):
        deed = builders.deed(now=NOW + dt.timedelta(minutes=number))
        actions.record(session, deed, EntryKind.SET_PASSWORD, person=number)
    first, second = (log.log_page(session, Wanted(), number) for number in (1, 2))
    assert ([entry.id for entry in first.entries][:2], len(first.entries)) == ([51, 50], 50)
    assert [entry.id for entry in second.entries] == [1]
    assert (first.count, first.page_count) == (51, 2)
    assert log.log_page(session, Wanted(), 10**30).entries == ()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(kinds=frozenset({"set-password"})), [3, 1]),
        (Wanted(actors=frozenset({"operator:anna"})), [1]),
        (Wanted(actors=frozenset()), []),
        (Wanted(since=NOW + dt.timedelta(hours=1)), [3, 2]),
        (Wanted(before=NOW + dt.timedelta(hours=1)), [1]),
        (Wanted(frozenset({"set-password"}), None, NOW + dt.timedelta(hours=1), None), [3]),
    ],
)
def test_entries_are_found_by_kind_actor_and_day(session: Session, wanted: Wanted, found: list[int]) -> None:
    for hours, (who, kind) in enumerate(
        (("anna", EntryKind.SET_PASSWORD), ("bo", EntryKind.SET_GOAL), ("bo", EntryKind.SET_PASSWORD))
    ):
        deed = builders.deed(now=NOW + dt.timedelta(hours=hours), by=operator(who))
        actions.record(session, deed, kind, count=1)
    page = log.log_page(session, wanted, 1)
    assert ([entry.id for entry in page.entries], page.count) == (found, len(found))


def test_an_actor_is_found_by_name_number_and_log_in_name(session: Session) -> None:
    sara = builders.person(session, "Sara", "Lind", number="0042")
    for by in (person(sara.id), operator("anna")):
        actions.record(session, builders.deed(by=by), EntryKind.SET_GOAL, count=1)
    assert log.actors_named(session, "LIND sara") == {f"person:{sara.id}"}
    assert log.actors_named(session, "0042") == {f"person:{sara.id}"}
    assert log.actors_named(session, "anna") == {"operator:anna"}
    assert log.actors_named(session, "nobody") == frozenset()


def test_the_chain_is_told_whole_or_not_and_a_long_one_when_asked(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert log.chain_state(session, is_asked=False) == log.ChainState(0, START, ())
    for _ in range(3):
        actions.record(session, builders.deed(), EntryKind.SET_GOAL, count=1)
    assert log.chain_state(session, is_asked=False).faults == ()
    monkeypatch.setattr(log, "VERIFIED_AT_ONCE", 2)
    assert log.chain_state(session, is_asked=False).faults is None
    assert log.chain_state(session, is_asked=True).faults == ()


def test_a_changed_entry_is_told(session: Session) -> None:
    """S55: with the database's own refusal taken away, as somebody could who has the file."""
    for _ in range(3):
        actions.record(session, builders.deed(), EntryKind.SET_GOAL, count=1)
    if session.get_bind().dialect.name == "sqlite":
        names = session.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry'")
        ).all()
        for name in names:
            session.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        session.execute(sa.text("ALTER TABLE journal_entry DISABLE TRIGGER ALL"))
    session.execute(sa.text("UPDATE journal_entry SET actor = 'operator:eva' WHERE id = 2"))
    assert log.chain_state(session, is_asked=False).faults == ("Post 2 har ändrats.",)
