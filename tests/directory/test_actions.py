"""An import applied: on both engines, in one transaction, with what the journal tells of it."""

import hashlib
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.directory import actions, files
from elearn.directory.changes import Plan
from elearn.identity import ending, invitations
from elearn.identity import queries as identity_queries
from elearn.identity.models import Invitation, LoginSession
from elearn.journal.models import JournalEntry
from elearn.people.models import AccessGrant, Employment, OrgUnit, Person
from tests import builders
from tests.directory import staff_files
from tests.directory.staff_files import ROLES, TODAY, UNITS

JOBS = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till\n"
LISA = "9;Lisa;Ström;lisa@x.se;F1;;;2020-01-01;"
OMAR = "9;Omar;Kaya;omar@x.se;F2;;;2026-11-01;\n"
REST = "".join(f"{number};Anna;Ek{number};;F1;;;2020-01-01;\n" for number in range(20, 40))


def apply(session: Session, folder: Path, rows: str, units: str = UNITS) -> Plan:
    first, second = staff_files.write(folder, "", units)
    second.write_text(JOBS + REST + rows, encoding="utf-8")
    read = files.read_files(first, second, ROLES)
    actions.lock_imports(session)
    _directory, plan = actions.prepare(session, read, TODAY)
    steps: list[None] = []
    actions.apply_plan(session, builders.deed(), plan, ending.end_access, lambda: steps.append(None))
    assert len(steps) == actions.STEPS
    return plan


def test_whoever_gets_a_number_gets_nothing_of_the_former_holders(session: Session, tmp_path: Path) -> None:
    apply(session, tmp_path, LISA + "2026-06-30\n")
    lisa = session.scalars(sa.select(Person).where(Person.number == "9")).one()
    lisa.password_hash = "hash"
    session.add_all(
        [
            AccessGrant(person_id=lisa.id, role="vpc", granted_at=builders.NOW),
            Invitation(person_id=lisa.id, code_hash="code", expires_at=builders.NOW + invitations.LIFETIME),
            LoginSession(person_id=lisa.id, token_hash="token", began_at=builders.NOW),
        ]
    )
    session.flush()
    plan = apply(session, tmp_path, OMAR)
    assert len(plan.warnings) == 1
    session.expire_all()
    omar = session.scalars(sa.select(Person).where(Person.number == "9")).one()
    assert (omar.id != lisa.id, omar.name, omar.password_hash) == (True, "Omar Kaya", None)
    assert (lisa.number, lisa.name, lisa.password_hash) == ("9 (till 2026-06-30)", "Lisa Ström", None)
    assert session.scalars(sa.select(AccessGrant)).all() == []
    assert session.scalars(sa.select(Invitation)).all() == []
    assert session.scalars(sa.select(LoginSession.ended_at)).all() == [builders.NOW]
    jobs = session.execute(
        sa.select(Employment.person_id, Employment.starts_on).order_by(Employment.id)
    ).all()
    assert [str(start) for person_id, start in jobs if person_id == omar.id] == ["2026-11-01"]
    assert [str(start) for person_id, start in jobs if person_id == lisa.id] == ["2020-01-01"]
    invited = identity_queries.people_to_invite(session, None, TODAY)
    assert lisa.id not in {invitee.person.person_id for invitee in invited}
    assert apply(session, tmp_path, OMAR).is_empty


def test_a_code_used_again_is_a_new_unit_beside_the_closed_one(session: Session, tmp_path: Path) -> None:
    closed = UNITS.replace("F2;Åsen;enhet;U;;förskola;\n", "V;Vård;förvaltning;;;;\n")
    for units in (UNITS, closed, closed + "F2;Hemtjänsten;enhet;V;;;\n"):
        apply(session, tmp_path, "", units)
    rows = session.execute(sa.select(OrgUnit.code, OrgUnit.name).order_by(OrgUnit.id)).all()
    assert [(code, name) for code, name in rows if code.startswith("F2")] == [
        ("F2 (till 2026-11-22)", "Åsen"),
        ("F2", "Hemtjänsten"),
    ]


def test_the_journal_tells_how_much_changed_and_which_files_they_were(
    session: Session, tmp_path: Path
) -> None:
    apply(session, tmp_path, LISA + "\n")
    (details,) = session.scalars(sa.select(JournalEntry.details)).all()
    told = json.loads(details)
    first, second = tmp_path / "organisation.csv", tmp_path / "personal.csv"
    assert told == {
        "unit_added": 3,
        "person_added": 21,
        "job_added": 21,
        "organisation_sha256": hashlib.sha256(first.read_bytes()).hexdigest(),
        "staff_sha256": hashlib.sha256(second.read_bytes()).hexdigest(),
    }
    assert "Lisa" not in details


def test_an_import_that_fails_half_way_leaves_nothing(session: Session, tmp_path: Path) -> None:
    def refuse() -> None:
        raise OSError("disk full")

    first, second = staff_files.write(tmp_path, "1;F1;;2020-01-01;")
    _directory, plan = actions.prepare(session, files.read_files(first, second, ROLES), TODAY)
    with pytest.raises(OSError, match="disk full"), session.begin_nested():
        actions.apply_plan(session, builders.deed(), plan, ending.end_access, refuse)
    assert session.scalars(sa.select(OrgUnit)).all() == []


def test_positions_that_were_joined_before_are_parted_by_the_next_import(
    session: Session, tmp_path: Path
) -> None:
    contracts = (
        "9;Lisa;Ström;lisa@x.se;F1;;Rektor;2020-01-01;\n9;Lisa;Ström;lisa@x.se;F1;;Lärare;2020-01-01;\n"
    )
    apply(session, tmp_path, contracts)
    job = session.scalars(sa.select(Employment).where(Employment.position.is_not(None))).one()
    assert (job.position, job.position_key) == ("Lärare, Rektor", "lärare\nrektor")
    job.position_key = "lärare, rektor"
    session.flush()
    plan = apply(session, tmp_path, contracts)
    session.expire_all()
    assert job.position_key == "lärare\nrektor"
    assert [str(change).count("jämförs nu var för sig") for change in plan.changes] == [1]
