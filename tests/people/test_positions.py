"""A position as decisions compare it: each of an employment's, however they are written."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people import positions


def test_what_is_compared() -> None:
    assert positions.key(["Rektor", " LÄRARE ", None, "rektor", ""]) == "lärare\nrektor"
    assert positions.key([None]) == ""


@pytest.mark.parametrize(
    ("position", "key", "names"),
    [
        ("Rektor", "rektor", {"rektor": "Rektor"}),
        (None, "", {}),
        ("Lärare, Rektor", "lärare\nrektor", {"lärare": "Lärare", "rektor": "Rektor"}),
        ("IT-lärare, gymnasium", "it-lärare, gymnasium", {"it-lärare, gymnasium": "IT-lärare, gymnasium"}),
    ],
)
def test_each_has_its_name_as_it_is_written(position: str | None, key: str, names: dict[str, str]) -> None:
    assert positions.named(position, key) == names


@pytest.mark.parametrize(
    ("keys", "asked", "is_one"),
    [
        ("rektor", "rektor", True),
        ("lärare\nrektor", "rektor", True),
        ("lärare\nrektor\nvakt", "rektor", True),
        ("lärare\nrektor", "lärare\nrektor", True),
        ("lärare\nbiträdande rektor", "rektor", False),
        ("lärare 50%\nvakt", "lärare 5_%", False),
        ("", "rektor", False),
    ],
)
def test_the_database_compares_each_by_itself(session: Session, keys: str, asked: str, is_one: bool) -> None:
    found = session.scalar(sa.select(positions.has(sa.literal(keys), sa.literal(asked))))
    assert bool(found) == is_one
