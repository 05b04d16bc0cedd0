"""Who a number, an e-mail address or a code means, on both engines."""

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn.identity import actions, holders, invitations
from elearn.identity.queries import Invitee
from elearn.people.models import OrgUnit, Person
from elearn.people.queries import PersonRef
from tests import builders
from tests.builders import NOW, TODAY

TOMORROW = TODAY + dt.timedelta(days=1)


def employed(
    session: Session, number: str = "1001", email: str | None = None, ends_on: dt.date | None = None
) -> Person:
    someone = builders.person(session, number=number, email=email)
    someone.password_hash = f"hash of {number}"
    at = session.scalar(sa.select(OrgUnit)) or builders.unit(session, "U1")
    builders.employ(session, someone, at, ends_on=ends_on)
    return someone


def found(session: Session, name: str, on: dt.date = TODAY) -> int | None:
    holder = holders.find_by_name(session, name, on)
    return holder.person_id if holder else None


def test_a_person_is_found_by_number_and_by_an_email_address_of_their_own(session: Session) -> None:
    someone = employed(session, email="Sara.Lind@example.se")
    for name in ("1001", " 1001 ", "sara.lind@EXAMPLE.se", "１００１", "10\u200b01"):
        holder = holders.find_by_name(session, name, TODAY)
        assert holder is not None, name
        assert (holder.person_id, holder.password_hash) == (someone.id, "hash of 1001")
        assert holder.person.email == "Sara.Lind@example.se"


@pytest.mark.parametrize("stored", ["Åsa.Ström@exempel.se", "åsa.ström@exempel.se", "ÅSA.STRÖM@EXEMPEL.SE"])
@pytest.mark.parametrize(
    "typed",
    [
        "Åsa.ström@exempel.se",
        "åsa.ström@exempel.se",
        "ÅSA.STRÖM@exempel.se",
        "a\u030asa.stro\u0308m@exempel.se",
    ],
)
def test_capitals_make_no_other_address(session: Session, stored: str, typed: str) -> None:
    someone = employed(session, email=stored)
    other = employed(session, "1002", "asa.strom@exempel.se")
    assert found(session, typed) == someone.id
    assert found(session, "asa.strom@exempel.se") == other.id


@pytest.mark.parametrize(("stored", "typed"), [("ab-17", "AB-17"), ("Ö17", "ö17"), ("1_7", "1_7")])
def test_capitals_make_no_other_number(session: Session, stored: str, typed: str) -> None:
    someone = employed(session, stored)
    employed(session, "1x7")
    assert found(session, typed) == someone.id


def test_of_two_numbers_that_differ_in_capitals_the_one_that_is_typed_is_meant(session: Session) -> None:
    small, large = employed(session, "a1"), employed(session, "A1")
    assert (found(session, "a1"), found(session, "A1")) == (small.id, large.id)


@given(st.text(max_size=30))
def test_two_spellings_are_one_name_or_two_always(name: str) -> None:
    """S11: what the throttle counts as one account is one person, and the other way round."""
    assert holders.fold_name(holders.fold_name(name)) == holders.fold_name(name)
    assert holders.fold_name(f" {name.upper()} ") == holders.fold_name(name.upper())


def test_a_letter_that_python_and_the_database_fold_differently_is_one_name(session: Session) -> None:
    someone = employed(session, email="İlker@exempel.se")
    for typed in ("İlker@exempel.se", "i\u0307lker@exempel.se", "İLKER@exempel.se"):
        assert found(session, typed) == someone.id
        assert holders.fold_name(typed) == holders.fold_name("İlker@exempel.se")
    assert found(session, "ilker@exempel.se") is None


def test_an_email_address_that_two_active_persons_share_logs_nobody_in(session: Session) -> None:
    employed(session, "1001", "team@example.se")
    second = employed(session, "1002", "Team@example.se")
    assert found(session, "team@example.se") is None
    assert found(session, "1002") == second.id


def test_whoever_has_left_does_not_block_an_addresss_present_holder(session: Session) -> None:
    employed(session, "1001", "lisa@example.se", ends_on=TODAY - dt.timedelta(days=1))
    present = employed(session, "1002", "lisa@example.se")
    assert found(session, "lisa@example.se") == present.id


@pytest.mark.parametrize(
    "name",
    [
        "",
        "9999",
        "nobody@example.se",
        "10\x0001\x00",
        "%",
        "%@%",
        "_",
        "1001' OR 1=1",
        "\ud800",
        "x" * 50_000,
        "\\",
    ],
)
def test_a_name_that_means_nobody_finds_nobody(session: Session, name: str) -> None:
    employed(session, "1002", "sara@example.se")
    assert found(session, name) is None


def test_login_needs_an_employment_on_the_day(session: Session) -> None:
    """S7."""
    someone = employed(session, ends_on=TODAY)
    assert found(session, "1001") == someone.id
    assert found(session, "1001", TOMORROW) is None
    assert holders.find_by_id(session, someone.id, TODAY) is not None
    assert holders.find_by_id(session, someone.id, TOMORROW) is None


def test_a_code_finds_its_person_until_it_runs_out(session: Session) -> None:
    """S7: and not when they have left."""
    someone = employed(session, ends_on=TODAY)
    (handout,) = actions.create_invitations(
        session, builders.deed(), [Invitee("Enhet", PersonRef(someone.id, "1001", "Sara", "Lind"))]
    )
    end = NOW + dt.timedelta(days=14)

    def holder(code: str, now: dt.datetime, on: dt.date = TODAY) -> int | None:
        one = holders.find_by_code(session, code, on, now)
        return one.person_id if one else None

    assert holder(handout.code.lower().replace("-", " "), end - dt.timedelta(seconds=1)) == someone.id
    assert holder(handout.code, end) is None
    assert holder(handout.code, NOW, TOMORROW) is None
    assert holder(invitations.new_code(), NOW) is None
    assert holder("ingen kod", NOW) is None
