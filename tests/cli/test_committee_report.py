"""``report``: which part it is about, where the file goes, and what is refused."""

import datetime as dt
import io
from fractions import Fraction
from pathlib import Path

import pypdf
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from elearn import database
from elearn.cli import main
from elearn.people.models import Employment, OrgUnit, Person, UnitKind
from elearn.reports import coverage, measurement_actions
from elearn.training import curriculum
from tests import builders
from tests.content import folders
from tests.reports.test_measurements import tamper

TODAY = "2026-11-23"
TODAY_DATE = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def municipality(
    engine: sa.Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    monkeypatch.setenv("ELEARN_COURSES_DIR", str(folders.write_roles(tmp_path / "courses", skola="skola")))
    monkeypatch.setenv("ELEARN_TODAY", TODAY)
    monkeypatch.setenv("ELEARN_MUNICIPALITY", "Provkommunen")
    with database.transaction(engine) as session:
        for code, committee in (("D", "Skolnämnden"), ("E", "Skolnämnden"), ("F", "Fritidsnämnden")):
            top = builders.unit(session, code, UnitKind.DEPARTMENT, job_role="skola", committee=committee)
            at = builders.unit(session, f"{code}1", parent=top)
            people = [builders.person(session, "Sara", "Hemligsson") for _ in range(5)]
            for someone in people:
                builders.employ(session, someone, at, starts_on=dt.date(2026, 2, 1))
            for someone in people[: 5 if code == "E" else 4]:
                builders.recognise(session, someone, "skola", dt.date(2026, 3, 1), dt.date(2027, 3, 1))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def text(path: Path) -> str:
    pages = pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ((), "2 av 6 förvaltningar och enheter i Provkommunen har säkerställt kunskapen"),
        (
            ("--committee", "skolNÄMNDEN"),
            "2 av 4 förvaltningar och enheter under Skolnämnden har säkerställt",
        ),
        (("--department", "E"), "1 av 1 enhet i Enhet E har säkerställt kunskapen"),
    ],
)
def test_the_report_is_about_what_was_asked_for_and_names_nobody(
    tmp_path: Path, asked: tuple[str, ...], sentence: str
) -> None:
    done = run(*asked, "--output", tmp_path / "rapport.pdf")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    found = text(tmp_path / "rapport.pdf")
    assert sentence in found
    assert "Hemligsson" not in found
    assert "Sara" not in found


def test_a_part_s_report_names_no_other_part(tmp_path: Path) -> None:
    """S4."""
    run("--committee", "Skolnämnden", "--output", tmp_path / "rapport.pdf")
    found = text(tmp_path / "rapport.pdf")
    assert "Enhet D" in found
    assert "Enhet F" not in found
    assert "Fritidsnämnden" not in found


def test_the_day_is_today_or_the_one_that_is_asked_for(tmp_path: Path) -> None:
    run("--output", tmp_path / "nu.pdf")
    run("--as-of", "2026-02-28", "--output", tmp_path / "da.pdf")
    assert "Läget den 23 november 2026" in text(tmp_path / "nu.pdf")
    assert "0 av 6 förvaltningar och enheter i Provkommunen" in text(tmp_path / "da.pdf")
    assert "Läget den 28 februari 2026" in text(tmp_path / "da.pdf")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--department", "D1"), "Det finns ingen förvaltning med koden D1."),
        (("--department", ""), "Det finns ingen förvaltning med koden ."),
        (("--committee", "Nämnden"), "Det finns ingen förvaltning som hör till nämnden Nämnden."),
        (("--committee", ""), "Det finns ingen förvaltning som hör till nämnden ."),
        (("--as-of", "2026-11-24"), "2026-11-24 ligger framåt i tiden."),
        (("--as-of", "i går"), "i går är inget datum."),
    ],
)
def test_what_cannot_be_reported_is_refused_in_a_sentence_and_no_file_is_made(
    tmp_path: Path, asked: tuple[str, ...], words: str
) -> None:
    done = run(*asked, "--output", tmp_path / "rapport.pdf")
    assert (done.exit_code, done.stdout) == (1, "")
    assert words in done.stderr
    assert not (tmp_path / "rapport.pdf").exists()


def freeze(engine: sa.Engine) -> int:
    """A measurement of what holds now."""
    with database.transaction(engine) as session:
        counted = coverage.report(session, required(), TODAY_DATE, Fraction(9, 10), TODAY_DATE)
        assert counted.measure.both.secured == 2
        return measurement_actions.freeze_measurement(
            session,
            builders.deed(today=TODAY_DATE),
            required(),
            TODAY_DATE,
            Fraction(9, 10),
            "Höstens mätning",
        ).id


def required() -> curriculum.Curriculum:
    return builders.curriculum({"skola": "skola"})


def test_a_measurement_s_report_stands_when_everything_has_changed(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = freeze(engine)
    with database.transaction(engine) as session:
        session.execute(sa.update(OrgUnit).values(name="Omdöpt", committee="Ny nämnd"))
        session.execute(sa.update(Employment).values(ends_on=dt.date(2026, 11, 25)))
    monkeypatch.setenv("ELEARN_TODAY", "2029-01-08")
    done = run("--measurement", str(id), "--committee", "skolnämnden", "--output", tmp_path / "rapport.pdf")
    assert (done.exit_code, done.stderr) == (0, "")
    found = text(tmp_path / "rapport.pdf")
    assert "2 av 4 förvaltningar och enheter under Skolnämnden har säkerställt kunskapen" in found
    assert "Mätningen ”Höstens mätning”, fryst den 23 november 2026." in found
    assert "Framtagen 8 januari 2029" in found
    assert "Omdöpt" not in found


def test_the_report_shows_the_trend_of_the_measurements_that_are_whole(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(engine)
    monkeypatch.setenv("ELEARN_TODAY", "2027-02-01")
    with database.transaction(engine) as session:
        someone = session.scalars(
            sa.select(Employment.person_id)
            .join(OrgUnit)
            .where(OrgUnit.code == "D1")
            .order_by(Employment.id.desc())
        ).first()
        person = session.get_one(Person, someone)
        builders.recognise(session, person, "skola", dt.date(2027, 1, 1), dt.date(2028, 1, 1))
    run("--committee", "skolnämnden", "--output", tmp_path / "rapport.pdf")
    found = text(tmp_path / "rapport.pdf")
    assert "Sedan den 23 november 2026 har andelen ökat från 50,0 % till 100,0 %." in found
    assert "23 november 2026 Höstens mätning 2 av 4 50,0 %" in found
    assert "1 februari 2027 I dag, inte fryst 4 av 4 100,0 %" in found
    tamper(engine, "UPDATE measurement_row SET trained = 3 WHERE code = 'D1'")
    run("--committee", "skolnämnden", "--output", tmp_path / "rapport.pdf")
    assert "Höstens mätning" not in text(tmp_path / "rapport.pdf")


def test_a_measurement_that_is_not_there_or_was_changed_is_refused(engine: sa.Engine, tmp_path: Path) -> None:
    id = freeze(engine)
    output = ("--output", tmp_path / "rapport.pdf")
    done = run("--measurement", str(id + 1), *output)
    assert (done.exit_code, done.stderr.strip()) == (1, f"Det finns ingen mätning {id + 1}.")
    tamper(engine, "UPDATE measurement_row SET trained = 3 WHERE code = 'D1'")
    done = run("--measurement", str(id), *output)
    assert done.exit_code == 1
    assert "är ändrad sedan den frystes" in done.stderr
    assert not (tmp_path / "rapport.pdf").exists()
    assert run("--measurement", str(id), "--as-of", TODAY, *output).exit_code == 2


def test_a_spreadsheet_has_the_same_part(tmp_path: Path) -> None:
    done = run("--committee", "Skolnämnden", "--format", "xlsx", "--output", tmp_path / "rapport.xlsx")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    book = CalamineWorkbook.from_path(tmp_path / "rapport.xlsx")
    assert book.sheet_names == ["Täckning", "Måttet", "Behöver stöd", "Förklaringar"]
    _, *rows = book.get_sheet_by_name("Täckning").to_python()
    assert [row[2] for row in rows] == ["D", "D1", "E", "E1"]
    _, *in_need = book.get_sheet_by_name("Behöver stöd").to_python()
    assert [row[0] for row in in_need] == ["D1"]
    assert run("--format", "docx", "--output", tmp_path / "rapport.docx").exit_code == 2


def test_the_public_form_is_told_in_the_file(tmp_path: Path) -> None:
    run("--form", "public", "--committee", "Skolnämnden", "--output", tmp_path / "rapport.pdf")
    found = text(tmp_path / "rapport.pdf")
    assert "Rapport till nämnden, offentlig form" in found
    assert "Enhet D .. .. .. .. .." in found
    assert run("--form", "hemlig", "--output", tmp_path / "rapport.pdf").exit_code == 2


def test_both_a_department_and_a_committee_or_no_file_is_wrong_usage(tmp_path: Path) -> None:
    output = ("--output", tmp_path / "rapport.pdf")
    assert run("--department", "D", "--committee", "Skolnämnden", *output).exit_code == 2
    assert run("--department", "D").exit_code == 2
