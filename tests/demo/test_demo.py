"""The invented municipality: believable, the same every time, and never anybody's own database."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from elearn import clock, csv_out, database, demo
from elearn.content.catalog import Catalog
from elearn.content.rendering import builder
from elearn.demo import follow_up, town
from elearn.directory import actions as directory_actions
from elearn.directory import columns
from elearn.directory import files as directory_files
from elearn.errors import Refused
from elearn.identity import holders, logins, passwords
from elearn.operations import doctor
from elearn.people.access import is_active
from elearn.people.models import AccessRole, Employment, OrgUnit, Person, UnitKind
from elearn.reports import coverage, measurements
from elearn.settings import data_dir
from elearn.training import curriculum, decisions, exemptions
from elearn.training.models import Completion, LessonCompletion, TargetDecision
from tests import builders

TODAY = dt.date(2026, 11, 24)
OF_THE_MOMENT = {
    "code",
    "hash",
    "previous_hash",
    "password_hash",
    "recorded_at",
    "granted_at",
}  # the clock's and chance's own; everything else is repeatable


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return builder.read_catalog(data_dir("courses"))


def build(folder: Path, catalog: Catalog, today: dt.date = TODAY) -> Path:
    path = folder / "demo.db"
    steps: list[int] = []
    demo.create(path, catalog, today, lambda: steps.append(1))
    assert len(steps) == demo.STEPS
    return path


@pytest.fixture(scope="module")
def path(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("demo"), catalog)


@pytest.fixture
def session(path: Path) -> Iterator[database.Session]:
    engine = database.make_engine(f"sqlite:///{path}")
    with database.snapshot(engine) as session:
        yield session
    engine.dispose()


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    engine = database.make_engine(f"sqlite:///{path}")
    with database.snapshot(engine) as session:
        found = {}
        for table in database.Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in OF_THE_MOMENT]
            found[table.name] = [
                tuple(row)
                for row in session.execute(sa.select(*columns).order_by(*table.primary_key.columns))
            ]
    engine.dispose()
    return found


def test_it_is_the_same_every_time(path: Path, catalog: Catalog, tmp_path: Path) -> None:
    first, second = rows(path), rows(build(tmp_path, catalog))
    assert first.keys() == second.keys()
    for table, found in first.items():
        assert found == second[table], table
    assert len(first["employment"]) > 6000


def test_its_dates_are_counted_from_today(path: Path, catalog: Catalog, tmp_path: Path) -> None:
    """The same people did the same things, as many days before the later day."""
    days = dt.timedelta(days=400)
    first, later = rows(path), rows(build(tmp_path, catalog, TODAY + days))
    for table, name in (
        ("person", "offered_on"),
        ("completion", "completed_on"),
        ("lesson_completion", "completed_on"),
        ("attempt", "submitted_on"),
        ("employment", "starts_on"),
    ):
        at = [
            column.name
            for column in database.Base.metadata.tables[table].columns
            if column.name not in OF_THE_MOMENT
        ].index(name)
        assert [row[at] and row[at] - days for row in later[table]] == [row[at] for row in first[table]], (
            table
        )
        if table == "person":
            assert [row[:at] + row[at + 1 :] for row in later[table]] == [
                row[:at] + row[at + 1 :] for row in first[table]
            ]


def test_the_same_files_imported_again_change_nothing(path: Path, catalog: Catalog, tmp_path: Path) -> None:
    """It is what an import of its files gives, so they can be imported over it."""
    municipality = town.build(TODAY)
    files = (
        (tmp_path / "organisation.csv", columns.UNIT_COLUMNS, municipality.organisation),
        (tmp_path / "personal.csv", columns.JOB_COLUMNS, [job.cells for job in municipality.jobs]),
        (tmp_path / "undantag.csv", town.EXEMPTIONS_HEADER, municipality.exemptions()),
        (tmp_path / "malgrupp.csv", decisions.COLUMNS, follow_up.decisions(municipality)),
    )
    for file, header, cells in files:
        file.write_bytes(csv_out.write_csv(header, cells))
    organisation, staff, exempted, decided = (file for file, *_ in files)
    engine = database.make_engine(f"sqlite:///{path}")
    with database.Session(database.writing(engine)) as session:
        stored = directory_actions.read_stored(session)
        files = directory_files.read_files(organisation, staff, catalog.required_courses())
        directory, plan = directory_actions.prepare(session, files, TODAY)
        assert plan.changes == []
        assert directory.warnings == ()
        assert (len(stored.units), len(stored.jobs)) == (
            len(municipality.organisation),
            len(municipality.jobs),
        )
        deed = builders.deed(now=clock.now())
        done = exemptions.record_exemptions(session, deed, exemptions.read_exemptions(exempted))
        assert done == exemptions.ExemptionOutcome(0, 0, town.EXEMPTED, 0)
        read = decisions.read_decisions(decided, catalog.required_courses())
        assert decisions.record_decisions(session, deed, read).new_count == 0
        assert session.scalar(sa.select(sa.func.count(TargetDecision.id))) == town.EXEMPTED + len(read.rows)
    engine.dispose()


def test_it_is_as_large_as_a_municipality_and_three_levels_deep(session: database.Session) -> None:
    active = sa.select(sa.func.count(Employment.person_id.distinct())).where(is_active(TODAY))
    persons = session.scalar(active) or 0
    per_kind = session.execute(sa.select(OrgUnit.kind, sa.func.count()).group_by(OrgUnit.kind))
    units = {kind: count for kind, count in per_kind}  # noqa: C416  a Row is no pair to dict()
    assert 6300 <= persons <= 6500
    assert 390 <= sum(units.values()) <= 450
    assert (units[UnitKind.DEPARTMENT], units[UnitKind.EXTERNAL]) == (5, 1)
    assert units[UnitKind.DIVISION] > 10
    jobs = (
        sa.select(Employment.person_id)
        .where(Employment.ends_on.is_(None))
        .group_by(Employment.person_id)
        .having(sa.func.count() > 1)
    )
    assert len(session.scalars(jobs).all()) > 20


def test_no_name_belongs_to_one_department() -> None:
    """Names are mixed at random: none tells where somebody works."""
    places: dict[str, set[str]] = {}
    for job in town.build(TODAY).jobs[len(town.CAST) :]:
        for name in (f"{job.first_name} …", f"… {job.last_name}"):
            places.setdefault(name, set()).add(job.unit.partition("-")[0])
    assert len(places) > 250
    assert {name for name, found in places.items() if len(found) < 3} == set()


def test_the_training_reaches_three_years_back_and_no_day_ahead(session: database.Session) -> None:
    first, last = session.execute(
        sa.select(sa.func.min(Completion.completed_on), sa.func.max(Completion.completed_on))
    ).one()
    assert TODAY - dt.timedelta(days=3 * 366) <= first <= TODAY - dt.timedelta(days=2 * 365)
    assert TODAY - dt.timedelta(days=60) <= last <= TODAY


def test_three_years_of_measurements_are_frozen_and_the_share_rises(session: database.Session) -> None:
    frozen = [measurements.load(session, id) for id in measurements.ids(session)]
    assert [one.name for one in frozen] == [
        "Årsuppföljning 2023",
        "Halvårsuppföljning 2024",
        "Årsuppföljning 2024",
        "Halvårsuppföljning 2025",
        "Årsuppföljning 2025",
        "Halvårsuppföljning 2026",
    ]
    assert all(check.faults == () for check in measurements.check(session))
    shares = []
    for one in frozen:
        tops = [row for row in one.coverage.rows if row.depth == 0 and row.kind == UnitKind.DEPARTMENT]
        trained, offered, target = (
            sum(getattr(row, name) for row in tops) for name in ("trained", "offered", "target")
        )
        assert trained <= offered < target
        shares.append(trained / target)
    assert shares == sorted(set(shares))


def test_there_is_a_decision_of_every_kind_that_holds_is_over_or_is_to_come(
    session: database.Session,
) -> None:
    rows = session.scalars(sa.select(TargetDecision)).all()
    kinds = {
        (row.person_id is not None, row.unit_id is not None, row.position is not None, row.is_included)
        for row in rows
    }
    assert {
        (False, True, False, True),
        (False, True, True, True),
        (False, True, True, False),
        (False, True, False, False),
        (True, False, False, False),
        (True, True, False, True),
    } <= kinds
    assert any(row.ends_on and row.ends_on < TODAY for row in rows)
    assert any(row.starts_on and row.starts_on > TODAY for row in rows)


def test_departments_stand_on_both_sides_of_the_threshold(
    session: database.Session, catalog: Catalog
) -> None:
    report = coverage.report(session, curriculum.from_catalog(catalog), TODAY, Fraction(9, 10), TODAY)
    departments = [
        row.has_secured(Fraction(9, 10))
        for row in report.rows
        if row.kind == UnitKind.DEPARTMENT and row.target
    ]
    assert len(set(departments)) == 2
    assert 0 < report.measure.both.secured < report.measure.both.with_target


def test_one_of_each_role_has_a_password_and_whoever_has_begun_and_nobody_else(
    session: database.Session,
) -> None:
    with_password = set(session.scalars(sa.select(Person.number).where(Person.password_hash.is_not(None))))
    begun = sa.union(sa.select(Completion.person_id), sa.select(LessonCompletion.person_id))
    expected = set(session.scalars(sa.select(Person.number).where(Person.id.in_(begun))))
    assert with_password == expected | {persona.number for persona in demo.PERSONAS}
    # An auditor is somebody whom the demonstration's administrator chooses.
    assert {member.role for member in town.CAST} == set(AccessRole) - {AccessRole.AUDITOR}


def test_each_persona_can_log_in_and_may_what_the_role_may(path: Path) -> None:
    engine = database.make_engine(f"sqlite:///{path}")
    with database.Session(database.writing(engine)) as session:
        for member, persona in zip(town.CAST, demo.PERSONAS, strict=True):
            holder = holders.find_by_name(session, persona.number, TODAY)
            assert holder is not None
            assert passwords.verify(holder.password_hash, persona.password)
            token = logins.begin_session(session, holder.person_id, clock.now())
            viewer = logins.session_person(session, token, clock.now(), TODAY)
            assert viewer
            assert viewer.name == persona.name
            assert member.role in viewer.access.roles
            assert viewer.access.roles - {AccessRole.EMPLOYEE, AccessRole.MANAGER, member.role} == set()
        session.rollback()
    engine.dispose()


def test_whoever_is_to_take_the_course_has_done_nothing(path: Path) -> None:
    found = rows(path)
    [sara] = [row[0] for row in found["person"] if demo.PERSONAS[0].number in row]
    for table in ("attempt", "lesson_completion", "completion"):
        at = [column.name for column in database.Base.metadata.tables[table].columns].index("person_id")
        assert sara not in {row[at] for row in found[table]}, table


def test_a_database_that_is_not_ours_is_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (a)")
        connection.commit()
    before = path.read_bytes()
    for act in (demo.remove, demo.refuse_foreign):
        with pytest.raises(Refused, match="inte demonstrationens egen"):
            act(path)
    path.write_text("inte ens en databas")
    with pytest.raises(Refused):
        demo.remove(path)
    assert path.exists()
    path.write_bytes(before)
    assert not demo.is_ours(path)


def test_our_own_is_removed_with_what_stands_beside_it(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "demo.db"
    copy.write_bytes(path.read_bytes())
    for end in ("-wal", "-shm"):
        (tmp_path / f"demo.db{end}").write_bytes(b"old")
    assert demo.is_ours(copy)
    demo.remove(copy)
    assert list(tmp_path.iterdir()) == []
    demo.remove(copy)  # nothing there is nothing to do


def test_its_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    file = tmp_path / "var" / "demo.key"
    key = demo.secret_key(file)
    assert len(key) == 64
    assert demo.secret_key(file) == key
    assert file.stat().st_mode & 0o077 == 0


def test_the_doctor_finds_nothing_in_it(path: Path) -> None:
    """Every rule about rows holds for a whole municipality with its history."""
    engine = database.make_engine(f"sqlite:///{path}")
    found = list(doctor.database_findings(engine, clock.now()))
    engine.dispose()
    assert found == []
