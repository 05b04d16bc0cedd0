"""Who a number is, whatever its capitals; and what a person is called."""

import pytest
from sqlalchemy.orm import Session

from elearn.errors import NotFound
from elearn.people import queries
from elearn.people.models import full_name
from tests import builders


def test_capitals_make_no_other_number(session: Session) -> None:
    """Letters that the engines lower in ways of their own, too; of two, the exact spelling."""
    for number in ("A7", "Å7", "b8", "B8"):
        builders.person(session, number=number)
    for typed, number in (("a7", "A7"), ("å7", "Å7"), ("A7", "A7"), ("b8", "b8"), ("B8", "B8")):
        found = queries.person_by_number(session, typed)
        assert found.number == number
        assert queries.person_ids(session)[typed] == found.person_id
    assert "a77" not in queries.person_ids(session)
    assert len(queries.person_ids(session)) == 4
    with pytest.raises(NotFound):
        queries.person_by_number(session, "a77")


def test_a_person_with_one_name_has_no_stray_blank() -> None:
    assert [full_name("Sara", "Lind"), full_name("Suharto", ""), full_name("", "Björk")] == [
        "Sara Lind",
        "Suharto",
        "Björk",
    ]
