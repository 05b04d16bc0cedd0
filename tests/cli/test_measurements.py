"""``measure``: what goes to standard output, what is refused, and what is found."""

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from elearn import database
from elearn.cli import main
from elearn.people.models import OrgUnit
from elearn.reports.models import FrozenMeasurement
from tests.content import folders
from tests.reports import measured

TODAY = "2026-11-23"
COLUMNS = (
    "mätdatum;nivå;enhetskod;enhet;överordnad;nämnd;anställda;målgrupp;utbildade;utgångna;påbörjade;ej påbörjade;"
    "andel;säkerställd;tröskel;erbjudna;undantagna;externa;yrkesroll utan kurs;utan yrkesroll"
)


@pytest.fixture(autouse=True)
def municipality(
    engine: sa.Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    courses = folders.write_roles(tmp_path / "courses", forskola="förskola", skola="skola")
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    monkeypatch.setenv("ELEARN_COURSES_DIR", str(courses))
    monkeypatch.setenv("ELEARN_TODAY", TODAY)
    with database.transaction(engine) as session:
        measured.populate(session)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["measure", *map(str, arguments)])


def lines(done: Result) -> list[list[str]]:
    assert done.exit_code == 0, done.stderr
    text = done.stdout_bytes.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_freeze_prints_the_number_alone_and_the_words_beside() -> None:
    first = run("freeze", "--as-of", "2026-11-20", "--name", "Årsuppföljning 2026")
    assert (first.exit_code, first.stdout) == (0, "1\n")
    assert "Fryst: mätning 1, Årsuppföljning 2026, med 4 rader." in first.stderr
    second = run("freeze")
    assert (second.exit_code, second.stdout) == (0, "2\n")
    assert f"mätning 2, Mätning {TODAY}" in second.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("freeze", "--as-of", "2026-11-24"), "2026-11-24 ligger framåt i tiden"),
        (("freeze", "--as-of", ""), "är inget datum"),
        (("freeze", "--name", "å" * 101), "högst 100 tecken"),
        (("show", 1), "Det finns ingen mätning 1."),
        (("compare", 1, 2), "Det finns ingen mätning 1."),
        (("compare", 2, 2), "Det är samma mätning"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence_and_writes_nothing(
    engine: sa.Engine, arguments: tuple[object, ...], words: str
) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert words in done.stderr
    with database.snapshot(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(FrozenMeasurement)) == 0


@pytest.mark.parametrize("arguments", [("show",), ("show", "ett"), ("compare", "1"), ("thaw",)])
def test_wrong_usage_is_exit_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_show_has_coverage_s_columns_first_and_then_what_else_is_frozen() -> None:
    run("freeze", "--as-of", "2026-11-20")
    header, *rows = lines(run("show", 1))
    assert ";".join(header) == COLUMNS
    assert [";".join(row) for row in rows] == [
        "2026-11-20;förvaltning;F;Förskola;;Utbildningsnämnden;11;11;9;0;0;2;81,8;nej;90,0;0;0;0;0;0",
        "2026-11-20;enhet;F1;Enhet F1;F;;10;10;9;0;0;1;90,0;ja;90,0;0;0;0;0;0",
        "2026-11-20;enhet;F2;Enhet F2;F;;1;1;0;0;0;1;0,0;nej;90,0;0;0;0;0;0",
        "2026-11-20;extern;X;Polisen;;;1;0;0;0;0;0;;;90,0;0;0;1;0;0",
    ]


def test_show_as_json_holds_the_measurement_and_its_curriculum() -> None:
    run("freeze", "--as-of", "2026-11-20", "--name", "Höst")
    shown = json.loads(run("show", 1, "--format", "json").stdout)
    head = shown["measurement"]
    assert (head["id"], head["name"], head["is_whole"], len(head["checksum"])) == (1, "Höst", True, 64)
    assert [(one["job_role"], one["course"]) for one in head["curriculum"]] == [
        ("förskola", "forskola"),
        ("skola", "skola"),
    ]
    assert (shown["as_of"], shown["measure"]["both"]) == ("2026-11-20", {"secured": 1, "with_target": 3})
    assert [(row["code"], row["offered"], row["outside"]["external"]) for row in shown["rows"]] == [
        ("F", 0, 0),
        ("F1", 0, 0),
        ("F2", 0, 0),
        ("X", 0, 1),
    ]


def test_list_is_by_date_with_the_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(lines(run("list"))) == 1
    run("freeze", "--name", "Senare")
    monkeypatch.setenv("ELEARN_THRESHOLD", "0.8")
    run("freeze", "--as-of", "2026-11-20", "--name", "Tidigare")
    header, *rows = lines(run("list"))
    assert header[:7] == ["nummer", "mätdatum", "namn", "säkerställda", "med målgrupp", "andel", "tröskel"]
    assert [row[:7] for row in rows] == [
        ["2", "2026-11-20", "Tidigare", "2", "3", "66,7", "80,0"],
        ["1", TODAY, "Senare", "1", "3", "33,3", "90,0"],
    ]
    assert [one["id"] for one in json.loads(run("list", "--format", "json").stdout)] == [2, 1]


def test_compare_tells_the_change_and_what_came_went_or_moved(engine: sa.Engine) -> None:
    run("freeze", "--as-of", "2025-12-31")
    with database.transaction(engine) as session:
        [unit] = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "F2"))
        unit.code = "F9"
    run("freeze", "--as-of", TODAY)
    done = run("compare", 2, 1)
    header, *rows = lines(done)
    assert header == [
        "nivå", "enhetskod", "enhet", "målgrupp då", "målgrupp", "andel då", "andel", "skillnad",
        "säkerställd då", "säkerställd",
    ]  # fmt: skip
    assert [";".join(row) for row in rows] == [
        "förvaltning;F;Förskola;11;11;0,0;81,8;81,8;nej;nej",
        "enhet;F1;Enhet F1;10;10;0,0;90,0;90,0;nej;ja",
    ]
    assert "har ökat med 33,3\u00a0procentenheter, från 0,0\u00a0% den 31\u00a0december 2025" in done.stderr
    assert "F9 Enhet F2: Fanns inte den 31\u00a0december 2025. Då fanns F2 med samma namn" in done.stderr
    assert "F2 Enhet F2: Finns inte längre" in done.stderr
    told = json.loads(run("compare", 1, 2, "--format", "json").stdout)
    assert (told["before"]["id"], told["after"]["id"], told["measure"]["change"]) == (1, 2, 33.3)
    assert ([one["code"] for one in told["came"]], [one["code"] for one in told["went"]]) == (["F9"], ["F2"])


def test_verify_says_that_all_is_whole_or_which_one_is_not(engine: sa.Engine) -> None:
    run("freeze")
    run("freeze")
    done = run("verify")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "Alla mätningar är som de frystes. Antal: 2.\n"
    measured.tamper(
        engine, "UPDATE measurement_row SET trained = 10 WHERE measurement_id = 2 AND code = 'F1'"
    )
    done = run("verify")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Mätning 2 är ändrad sedan den frystes: kontrollsumman stämmer inte.\n"
    assert "Mätning 2 är ändrad" in run("show", 2).stderr
    assert run("show", 1).stderr == ""


def test_a_measurement_that_cannot_be_read_does_not_hide_the_others(engine: sa.Engine) -> None:
    run("freeze")
    run("freeze")
    measured.tamper(engine, "UPDATE measurement SET threshold = 'nio' WHERE id = 1")
    done = run("list")
    assert done.exit_code == 1
    assert "Mätning 1 går inte att läsa" in done.stderr
    assert [line.split(";")[0] for line in done.stdout_bytes.decode("utf-8-sig").split("\r\n")] == [
        "nummer",
        "2",
        "",
    ]


def test_every_table_is_a_spreadsheet_too_with_the_same_rows(tmp_path: Path) -> None:
    run("freeze", "--as-of", "2025-12-31")
    run("freeze")
    for arguments in (("list",), ("show", 1), ("compare", 1, 2)):
        file = tmp_path / "blad.xlsx"
        done = run(*arguments, "--format", "xlsx", "--output", file)
        assert (done.exit_code, done.stdout) == (0, "")
        sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        table = lines(run(*arguments))
        assert [str(cell) for cell in sheet[0]] == table[0]
        assert len(sheet) == len(table)


def test_the_public_form_hides_small_groups_and_has_no_offered() -> None:
    run("freeze")
    header, *rows = lines(run("show", 1, "--form", "public"))
    assert ";".join(header) == COLUMNS.partition(";erbjudna")[0]
    assert {row[2]: row[7:9] for row in rows} == {
        "F": ["..", ".."],
        "F1": ["..", ".."],
        "F2": ["..", ".."],
        "X": ["0", "0"],
    }
    told = json.loads(run("show", 1, "--form", "public", "--format", "json").stdout)
    assert (told["measurement"]["id"], told["form"], told["rows"][1]["hidden"]) == (1, "public", True)


def test_of_two_measurements_less_than_30_days_apart_only_the_first_is_given_out() -> None:
    """3 is 29 days after 1, and 4 is 30 days after it; 2 is refused, so it is in nobody's way."""
    for day in ("2026-09-01", "2026-09-15", "2026-09-30", "2026-10-01", "2026-08-03"):
        assert run("freeze", "--as-of", day).exit_code == 0
    given_out = [id for id in range(1, 6) if run("show", id, "--form", "public").exit_code == 0]
    assert given_out == [1, 4]
    refused = run("show", 5, "--form", "public")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        "Mätning 5 lämnas inte ut i den offentliga formen: mätning 1, den 2026-09-01, ligger mindre än 30 dagar ifrån, "
        "och skillnaden kan peka ut en person.\n"
    )
    assert run("show", 5).exit_code == 0
