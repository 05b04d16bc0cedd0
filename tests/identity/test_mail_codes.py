"""A code by mail: for one browser, ten minutes, one use; and nothing tells whether an address is known."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from elearn import database
from elearn.identity import ending, entry, logins, mail_codes, passwords
from elearn.identity.entry import Door, NotRecognised
from elearn.identity.mail_codes import CodeToSend
from elearn.identity.models import LoginFailure, MailCode
from elearn.identity.throttle import MustWait
from elearn.people.models import Person
from tests import builders
from tests.builders import NOW, TODAY

SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
EMAIL = "vera@jouren.example"
HASH = passwords.hash_password("lugn promenad vid sjön")


@pytest.fixture
def vera(engine: sa.Engine) -> int:
    with database.transaction(engine) as session:
        someone = builders.person(session, "Vera", number="X1", email=EMAIL)
        builders.employ(session, someone, builders.unit(session, "X"))
        return someone.id


def door(engine: sa.Engine, now: dt.datetime = NOW, address: str = "192.0.2.1") -> Door:
    return Door(engine, bytes(range(32)), address, now, TODAY, "Botkyrka kommun")


def ask(engine: sa.Engine, browser: str = "b", now: dt.datetime = NOW, email: str = EMAIL) -> CodeToSend:
    sent = mail_codes.ask(door(engine, now), email, browser)
    assert sent
    return sent


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def rows(engine: sa.Engine) -> int:
    with database.snapshot(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(MailCode)) or 0


def test_the_code_leads_in_once(engine: sa.Engine, vera: int) -> None:
    sent = ask(engine)
    assert (sent.email, len(sent.code), sent.code.isdecimal()) == (EMAIL, 6, True)
    entered = mail_codes.log_in(door(engine), "b", sent.code, None)
    assert entered.person_id == vera
    with database.snapshot(engine) as session:
        assert logins.session_person(session, entered.token, NOW, TODAY) is not None
    with pytest.raises(NotRecognised, match="Be om en ny"):
        mail_codes.log_in(door(engine), "b", sent.code, None)


def test_the_session_that_the_browser_had_ends(engine: sa.Engine, vera: int) -> None:
    """S8."""
    former = mail_codes.log_in(door(engine), "b", ask(engine).code, None).token
    mail_codes.log_in(door(engine), "b", ask(engine).code, former)
    with database.snapshot(engine) as session:
        assert logins.session_person(session, former, NOW, TODAY) is None


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}-{1} ", "{0}{1}", "Din kod är {0} {1}"])
def test_a_code_is_read_forgivingly(engine: sa.Engine, vera: int, typed: str) -> None:
    code = ask(engine).code
    assert mail_codes.log_in(door(engine), "b", typed.format(code[:3], code[3:]), None).person_id == vera


@pytest.mark.parametrize("typed", ["", "x", "٠١٢٣٤٥", "1" * 100_000, "\ud800", "0"])
def test_what_is_no_code_is_wrong(engine: sa.Engine, vera: int, typed: str) -> None:
    ask(engine)
    with pytest.raises(NotRecognised, match="stämmer inte"):
        mail_codes.log_in(door(engine), "b", typed, None)


def test_it_belongs_to_the_browser_that_asked(engine: sa.Engine, vera: int) -> None:
    code = ask(engine).code
    for browser in ("c", "", "b "):
        with pytest.raises(NotRecognised):
            mail_codes.log_in(door(engine), browser, code, None)
    assert mail_codes.log_in(door(engine), "b", code, None).token


@pytest.mark.parametrize(("late", "holds"), [(10 * MINUTE - SECOND, True), (10 * MINUTE, False)])
def test_it_holds_ten_minutes(engine: sa.Engine, vera: int, late: dt.timedelta, holds: bool) -> None:
    code = ask(engine).code
    if holds:
        assert mail_codes.log_in(door(engine, NOW + late), "b", code, None).token
    else:
        with pytest.raises(NotRecognised, match="gäller inte längre"):
            mail_codes.log_in(door(engine, NOW + late), "b", code, None)


def test_one_from_a_clock_far_ahead_does_not_last_for_ever(engine: sa.Engine, vera: int) -> None:
    """S42."""
    code = ask(engine, now=NOW + dt.timedelta(days=400)).code
    with pytest.raises(NotRecognised):
        mail_codes.log_in(door(engine), "b", code, None)


def test_a_new_one_replaces_it_in_the_same_browser(engine: sa.Engine, vera: int) -> None:
    first, second = ask(engine), ask(engine)
    if first.code != second.code:
        with pytest.raises(NotRecognised):
            mail_codes.log_in(door(engine), "b", first.code, None)
    assert mail_codes.log_in(door(engine), "b", second.code, None).token
    assert rows(engine) == 0


def test_a_stranger_who_asks_for_one_takes_nobodys_away(engine: sa.Engine, vera: int) -> None:
    """Nor who guesses: passwords or codes, from wherever."""
    mine = ask(engine, "b")
    ask(engine, "a stranger's")
    for turn in range(20):
        with pytest.raises((NotRecognised, MustWait)):
            entry.log_in(door(engine, address=f"198.51.100.{turn}"), "X1", "en gissning till", None)
        with pytest.raises((NotRecognised, MustWait)):
            mail_codes.log_in(door(engine, address=f"198.51.100.{turn}"), "a stranger's", "inget", None)
    assert mail_codes.log_in(door(engine), "b", mine.code, None).person_id == vera


def test_three_wrong_codes_end_it(engine: sa.Engine, vera: int) -> None:
    code = ask(engine).code
    for sentence in ("stämmer inte", "stämmer inte", "gäller inte längre", "gäller inte längre"):
        with pytest.raises(NotRecognised, match=sentence):
            mail_codes.log_in(door(engine), "b", other_than(code), None)
    with pytest.raises(NotRecognised, match="gäller inte längre"):
        mail_codes.log_in(door(engine, NOW + MINUTE), "b", code, None)


def test_the_third_guess_may_be_right(engine: sa.Engine, vera: int) -> None:
    code = ask(engine).code
    for _ in range(2):
        with pytest.raises(NotRecognised):
            mail_codes.log_in(door(engine), "b", other_than(code), None)
    assert mail_codes.log_in(door(engine), "b", code, None).token


def test_of_many_guesses_at_once_three_are_judged(engine: sa.Engine, vera: int) -> None:
    """Also those that would be right after the third."""
    code = ask(engine).code
    barrier, told = threading.Barrier(8), []

    def guess() -> None:
        barrier.wait(10)
        try:
            mail_codes.log_in(door(engine), "b", other_than(code), None)
        except (NotRecognised, MustWait) as refusal:
            told.append(str(refusal))

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(told) == 8
    assert sum("stämmer inte" in sentence for sentence in told) == 2
    with database.snapshot(engine) as session:
        assert session.scalar(sa.select(MailCode.failure_count)) == 3


def test_wrong_codes_slow_passwords_down_and_not_the_right_code(engine: sa.Engine, vera: int) -> None:
    """S11: two codes' worth of guesses, and the password waits; of codes, each ends by its third."""
    with database.transaction(engine) as session:
        session.get_one(Person, vera).password_hash = HASH
    for browser in ("b", "c"):
        code = ask(engine, browser).code
        for _ in range(3 if browser == "b" else 2):
            with pytest.raises(NotRecognised):
                mail_codes.log_in(door(engine), browser, other_than(code), None)
    with pytest.raises(MustWait):
        entry.log_in(door(engine), "X1", "lugn promenad vid sjön", None)
    assert mail_codes.log_in(door(engine), "c", code, None).token


def test_codes_to_one_address_come_slower_and_slower_and_never_stop(engine: sa.Engine, vera: int) -> None:
    """S11: by whoever asks, from wherever; another address does not wait."""
    moment, waits = NOW, []
    for turn in range(12):
        try:
            mail_codes.ask(door(engine, moment, f"192.0.2.{turn}"), EMAIL.upper(), "b")
            waits.append(0)
        except MustWait as wait:
            waits.append(round(wait.wait.total_seconds() / 60))
            moment += wait.wait
            mail_codes.ask(door(engine, moment, f"198.51.100.{turn}"), EMAIL, "b")
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    with pytest.raises(MustWait):
        mail_codes.ask(door(engine, moment), EMAIL, "b")
    assert mail_codes.ask(door(engine, moment), "annan@example.se", "c") is None


def test_somebody_without_a_right_to_come_in_gets_no_code_and_the_same_answer(
    engine: sa.Engine, vera: int
) -> None:
    """S23: nobody, one who has left, an address of two; a row and a failure are written for each."""
    with database.transaction(engine) as session:
        place = builders.unit(session, "U")
        left = builders.person(session, number="1", email="left@example.se")
        builders.employ(session, left, place, ends_on=TODAY - dt.timedelta(days=1))
        for number in ("2", "3"):
            builders.employ(session, builders.person(session, number=number, email="two@example.se"), place)
    for turn, email in enumerate(
        ("nobody@example.se", "left@example.se", "Two@example.se", "X1", "", "x" * 400)
    ):
        assert mail_codes.ask(door(engine), email, f"b{turn}") is None
        assert rows(engine) == turn + 1
        with pytest.raises(NotRecognised, match="stämmer inte"):
            mail_codes.log_in(door(engine), f"b{turn}", "123456", None)


def test_waiting_is_the_same_for_nobody(engine: sa.Engine, vera: int) -> None:
    """S23."""
    waits = []
    for email in (EMAIL, "nobody@example.se"):
        for _ in range(3):
            mail_codes.ask(door(engine), email, "b")
        with pytest.raises(MustWait) as told:
            mail_codes.ask(door(engine), email, "b")
        waits.append(str(told.value))
    assert waits[0] == waits[1]


def test_what_is_told_of_an_address_is_the_same_for_nobody(engine: sa.Engine, vera: int) -> None:
    """S23: whatever somebody does with two browsers and wrong codes and wrong passwords."""
    told = []
    for email in (EMAIL, "nobody@example.se"):
        sentences = []
        for browser in ("a" + email, "b" + email):
            mail_codes.ask(door(engine), email, browser)
        for browser in ("a", "b", "b", "b", "b", "b", "b"):
            try:
                mail_codes.log_in(door(engine), browser + email, "000000", None)
            except (NotRecognised, MustWait) as refusal:
                sentences.append(str(refusal))
        try:
            entry.log_in(door(engine), email, "fel lösenord här", None)
        except (NotRecognised, MustWait) as refusal:
            sentences.append(str(refusal))
        told.append(sentences)
    assert told[0] == told[1]
    assert len(told[0]) == 8
    assert "Be om en ny" in told[0][4], "the second browser's code is over by its third guess"


def test_what_is_stored_tells_neither_the_code_nor_the_browser(engine: sa.Engine, vera: int) -> None:
    """Six digits are soon tried through: without the key their hash says nothing."""
    code = ask(engine).code
    with database.snapshot(engine) as session:
        row = session.scalars(sa.select(MailCode)).one()
    assert code not in row.code_hash
    assert row.code_hash != mail_codes._code_hash(Door(engine, bytes(32), "", NOW, TODAY, ""), "b", code), (
        "it depends on the key"
    )
    assert row.browser_hash != "b"


def test_codes_differ(engine: sa.Engine, vera: int) -> None:
    codes = {ask(engine, f"b{turn}", NOW + turn * dt.timedelta(hours=2)).code for turn in range(20)}
    assert len(codes) > 15
    assert {len(code) for code in codes} == {6}


def test_whoever_loses_every_way_in_loses_the_code(engine: sa.Engine, vera: int) -> None:
    code = ask(engine).code
    with database.transaction(engine) as session:
        ending.end_access(session, builders.deed(), [vera])
    with pytest.raises(NotRecognised):
        mail_codes.log_in(door(engine), "b", code, None)


def test_whoever_leaves_before_it_is_used_does_not_come_in(engine: sa.Engine, vera: int) -> None:
    """S7."""
    code = ask(engine).code
    later = Door(engine, bytes(range(32)), "", NOW, TODAY, "")
    with database.transaction(engine) as session:
        session.execute(sa.text("UPDATE employment SET ends_on = '2026-11-22'"))
    with pytest.raises(NotRecognised):
        mail_codes.log_in(later, "b", code, None)


def test_what_has_run_out_is_removed(engine: sa.Engine, vera: int) -> None:
    """By the next that asks, and by ``elearn tidy``."""
    mail_codes.ask(door(engine), "nobody@example.se", "x")
    mail_codes.ask(door(engine, NOW + 10 * MINUTE), "nobody2@example.se", "y")
    assert rows(engine) == 1
    with database.transaction(engine) as session:
        logins.forget_old(session, NOW + 20 * MINUTE + SECOND)
    assert rows(engine) == 0


def test_a_success_forgets_the_wrong_codes_and_not_how_many_were_asked_for(
    engine: sa.Engine, vera: int
) -> None:
    code = ask(engine).code
    with pytest.raises(NotRecognised):
        mail_codes.log_in(door(engine), "b", other_than(code), None)
    mail_codes.log_in(door(engine), "b", code, None)
    with database.snapshot(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LoginFailure)) == 1
