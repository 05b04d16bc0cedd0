"""Everything that is stored about one person (S49), and nothing about anybody else."""

import datetime as dt
import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from elearn import database
from elearn.cli import main
from elearn.database import Base
from elearn.journal.models import EntryKind, JournalEntry
from elearn.operations import extract
from elearn.operations.extract_parts import BESIDE, PARTS
from elearn.people.log_words import KINDS
from elearn.people.models import AccessGrant
from elearn.settings import Settings
from elearn.training import joining
from tests import builders
from tests.operations import persons
from tests.operations.persons import CALLED, LEFT_ON, NOW, NUMBER, OTHER, TODAY

DAY = dt.timedelta(days=1)
# Columns that tell nothing of a person: keys, hashes, and how a row stands in its table. ``decided_by`` is a
# name that somebody wrote, and ``form_key`` a form's.
NOT_TOLD = {
    "login_session": {"id", "token_hash", "person_id"},
    "invitation": {"person_id", "code_hash"},
    "unit_manager": {"unit_id", "person_id"},
    "person": {"id", "password_hash"},
    "employment": {"id", "person_id", "unit_id", "position_key"},
    "access_grant": {"id", "person_id", "unit_id"},
    "attempt": {"id", "person_id", "lesson_hash", "submitted_on"},
    "lesson_draft": {"person_id"},
    "lesson_completion": {"id", "person_id", "completed_on"},
    "completion": {"id", "person_id", "course_hash", "attempt_id", "recorded_on"},
    "completion_recall": {"completion_id", "recalled_on"},
    "meeting_completion": {"completion_id"},
    "meeting_attendance": {"id", "meeting_id", "person_id"},
    "target_decision": {
        "id", "person_id", "unit_id", "position", "position_key", "decided_by", "ended_at", "form_key",
    },
}  # fmt: skip


def settings(**more: object) -> Settings:
    return Settings(**{"secret_key": "x", **more})


def extracted(session: Session, id: int, **more: object) -> dict[str, Any]:
    found = extract.extract_person(session, settings(**more), id, NOW)
    told: dict[str, Any] = json.loads(extract.to_json(found))
    return told


def rows_of(told: Mapping[str, Any], title: str) -> list[dict[str, Any]]:
    return next(part["uppgifter"] for part in told["delar"] if part["rubrik"] == title)


def test_every_table_that_tells_of_a_person_is_in_the_extract() -> None:
    """A new one is added, or told of in ``BESIDE`` with its reason."""
    refers = {"person"}
    for _turn in range(3):  # those that refer to one that does
        refers |= {
            table.name
            for table in Base.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name in refers - {"org_unit"}
        }
    told = [table for part in PARTS for table in part.tables]
    assert set(told) == refers - set(BESIDE)
    assert len(told) == len(set(told))
    assert set(BESIDE) == {"journal_entry", "login_failure", "mail_code"}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.tables[0])
def test_every_column_is_told_or_left_out_by_name(part: Any) -> None:
    selected = {
        (column.table.name, column.name)
        for told in part.select([1]).selected_columns
        for column in told.base_columns
        if hasattr(column, "table") and column.table is not None
    }
    for name in part.tables:
        table = Base.metadata.tables[name]
        left_out = {column.name for column in table.columns if (name, column.name) not in selected}
        assert left_out - NOT_TOLD[name] == set(), name


def test_the_extract_has_everything_about_the_person(session: Session) -> None:
    told = extracted(session, persons.add_leaver(session), period_people="Två år.")
    assert not [text for text in CALLED if text not in json.dumps(told, ensure_ascii=False)]
    assert rows_of(told, "Vem du är") == [
        {
            "Anställningsnummer": NUMBER,
            "Förnamn": "Qvxhemma",
            "Efternamn": "Zwolmark",
            "E-post": "qzhem@kommun.example",
            "Skyddade personuppgifter": False,
            "Har valt ett lösenord": True,
            "Fick veta om utbildningen": "2025-03-01",
        }
    ]
    [attempt] = rows_of(told, "Inlämnade avsnitt")
    assert (attempt["Rätt"], attempt["Av"], attempt["Svar"]) == (9, 10, {"fråga": [["", "valet"]]})
    recalled, own = rows_of(told, "Genomförda kurser")
    assert recalled["Skäl till återkallandet"] == "Wqskäl"
    assert (recalled["Genom möten"], own["Genom möten"], own["Klar"]) == (True, False, "2025-06-01")
    assert rows_of(told, "Loggen") == [
        {"När": log["När"], "Vad": what, "Av": "kommunens administratör"}
        for log, what in zip(
            rows_of(told, "Loggen"), ("Gav en behörighet", "Lämnade ut engångskoder"), strict=True
        )
    ]
    periods = {part["rubrik"]: part["hur länge"] for part in told["delar"]}
    assert periods["Anställningar"] == "Två år."
    assert "har inte beslutat" in periods["Genomförda kurser"]
    assert all(part["uppgifter"] for part in told["delar"])


def test_the_extract_has_nothing_about_anybody_else_and_no_secret(session: Session) -> None:
    """Who recorded something is told by what they are."""
    told = json.dumps(extracted(session, persons.add_leaver(session)), ensure_ascii=False)
    assert not [text for text in OTHER if text in told]
    assert not [text for text in ("hemlig", "person:", "operator:", "argon2") if text in told]
    assert "en annan person i kommunen" in told


def test_what_the_person_did_to_others_names_none_of_them(session: Session) -> None:
    id = persons.add_leaver(session)
    told = extracted(session, 1)
    assert not [text for text in CALLED if text in json.dumps(told, ensure_ascii=False)]
    assert rows_of(told, "Loggen")[0]["Vad"] == "Lämnade ut engångskoder"
    grant = session.scalars(sa.select(AccessGrant).where(AccessGrant.person_id == id)).one()
    grant.granted_by = f"person:{id}"
    session.flush()
    assert rows_of(extracted(session, id), "Behörigheter")[0]["Given av"] == "du själv"


def test_a_joined_number_is_the_same_person(session: Session) -> None:
    unit = persons.town(session)
    persons.leaver(session, unit)
    new = builders.person(session, "Qvxhemma", "Zwolmark", "q-99")
    builders.employ(session, new, unit, starts_on=LEFT_ON + DAY)
    joining.join_persons(session, builders.deed(today=TODAY), NUMBER, "q-99")
    told = extracted(session, new.id)
    assert {row["Anställningsnummer"] for row in rows_of(told, "Vem du är")} == {NUMBER, "q-99"}
    assert len(rows_of(told, "Anställningar")) == 2


def test_the_command_writes_a_private_file_and_the_journal_tells_it(
    engine: sa.Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    with database.transaction(engine) as session:
        id = persons.add_leaver(session)
    path = tmp_path / "utdrag.json"
    done = CliRunner().invoke(main, ["extract", NUMBER, "--output", str(path)])
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text(encoding="utf-8"))["rubrik"] == "Registerutdrag"
    assert "Qvxhemma" not in done.output
    with database.snapshot(engine) as session:
        last = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert last
        assert (last.kind, last.details) == ("extracted-person", f'{{"person":{id}}}')
    unknown = CliRunner().invoke(main, ["extract", "finns-inte", "--output", str(tmp_path / "b.json")])
    assert (unknown.exit_code, (tmp_path / "b.json").exists()) == (1, False)


def test_every_act_that_a_journal_can_hold_is_told_in_swedish() -> None:
    assert {kind.value for kind in EntryKind} <= set(KINDS)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        ("", "–"),
        (True, "ja"),
        (False, "nej"),
        (0, "0"),
        (dt.date(2026, 11, 23), "23\u00a0november 2026"),
        (dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC), "2\u00a0juli 2026 kl. 00.30"),
        (["a", "b"], "a, b"),
        ({"q": 1, "r": 2}, "2 i filen"),
    ],
)
def test_a_value_is_shown_in_swedish(value: object, shown: str) -> None:
    assert extract.as_shown(value) == shown
