"""``import-completions`` and ``recall``, as VPC types them: what they write and what they say."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from elearn import database
from elearn.cli import main
from elearn.journal.models import JournalEntry
from elearn.training.models import Completion, CompletionRecall
from tests import builders
from tests.content import folders

ROW = "1001;skola;2026-05-04;Heldag\n"
RECALL = ("recall", "1001", "skola", "2026-05-04")


@pytest.fixture(autouse=True)
def municipality(
    engine: sa.Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    monkeypatch.setenv("ELEARN_COURSES_DIR", str(folders.write_roles(tmp_path / "courses", skola="skola")))
    monkeypatch.setenv("ELEARN_TODAY", "2026-11-23")
    with database.transaction(engine) as session:
        builders.person(session, number="1001")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "genomforda.csv"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def load(file: Path, rows: str, header: str = "anställningsnr;kurs;datum;källa\n") -> Result:
    file.write_text(header + rows, encoding="utf-8")
    return run("import-completions", file)


def count(engine: sa.Engine, model: type[database.Base]) -> int:
    with database.snapshot(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_what_is_new_is_recorded_and_what_was_there_is_told(engine: sa.Engine, file: Path) -> None:
    for expected in ("1 ny tillgodoräknad, 0 fanns redan.\n", "0 nya tillgodoräknade, 1 fanns redan.\n"):
        done = load(file, ROW)
        assert (done.exit_code, done.stdout, done.stderr) == (0, "", expected)
    assert count(engine, Completion) == 1


def test_one_fault_stops_the_whole_file_and_every_fault_is_told(engine: sa.Engine, file: Path) -> None:
    done = load(file, ROW + "1001;skola;2026-11-24;Heldag\n7777;skolan;2026-05-04;\n")
    assert (done.exit_code, done.stdout) == (1, "")
    assert sorted(line.rsplit(": ", 1)[0].partition(": ”")[0] for line in done.stderr.splitlines()) == [
        "genomforda.csv:3: datum",
        "genomforda.csv:4: anställningsnr",
        "genomforda.csv:4: kurs",
        "genomforda.csv:4: källa",
    ]
    assert count(engine, Completion) == 0


def test_a_column_that_is_not_used_is_told_and_does_no_harm(engine: sa.Engine, file: Path) -> None:
    done = load(file, "skola;1001;x;2026-05-04;Heldag\n", "kurs;anställningsnr;plats;datum;källa\n")
    assert done.exit_code == 0
    assert "Varning: genomforda.csv: kolumnerna plats används inte." in done.stderr
    assert count(engine, Completion) == 1


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    done = run("import-completions", tmp_path / "finns-inte.csv")
    assert done.exit_code == 1
    assert "finns-inte.csv" in done.stderr


def test_a_recall_says_what_it_did_and_a_second_one_that_nothing_changed(
    engine: sa.Engine, file: Path
) -> None:
    load(file, ROW)
    done = run(*RECALL, "--reason", " Fel person ")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "",
        "Återkallad: 1001, skola, 2026-05-04 (Heldag).\n",
    )
    done = run(*RECALL, "--reason", "Fel person")
    assert (done.exit_code, done.stderr) == (1, "Den är redan återkallad. Ingenting har ändrats.\n")
    with database.snapshot(engine) as session:
        [row] = session.scalars(sa.select(CompletionRecall))
    assert row.reason == "Fel person"
    assert row.recalled_by


def test_the_file_read_again_says_what_is_recalled_and_what_to_do_instead(
    engine: sa.Engine, file: Path
) -> None:
    load(file, ROW)
    run(*RECALL, "--reason", "Fel person")
    done = load(file, ROW)
    assert done.exit_code == 0
    assert "0 nya tillgodoräknade, 1 fanns redan." in done.stderr
    assert "1 av dem är återkallad och räknas inte." in done.stderr
    assert count(engine, Completion) == 1


@pytest.mark.parametrize(
    ("arguments", "exit_code", "expected"),
    [
        ((*RECALL, "--reason", "  "), 1, "Skriv varför"),
        ((*RECALL[:3], "igår", "--reason", "Fel"), 1, "igår är inget datum"),
        (
            (*RECALL[:3], "2026-05-05", "--reason", "Fel"),
            1,
            "1001 har ingen tillgodoräknad kurs skola den 2026-05-05",
        ),
        ((*RECALL, "--source", "Webb", "--reason", "Fel"), 1, "Källan ”Webb” finns inte den dagen"),
        (RECALL, 2, "--reason"),
    ],
)
def test_a_recall_that_cannot_be_done_changes_nothing(
    engine: sa.Engine, file: Path, arguments: tuple[str, ...], exit_code: int, expected: str
) -> None:
    load(file, ROW)
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (exit_code, "")
    assert expected in done.stderr
    assert count(engine, CompletionRecall) == 0


def test_several_on_one_day_are_recalled_by_their_source(engine: sa.Engine, file: Path) -> None:
    rows = ROW + ROW.replace("Heldag", "Webb")
    assert load(file, rows).stderr == "2 nya tillgodoräknade, 0 fanns redan.\n"
    done = run(*RECALL, "--reason", "Fel")
    assert (done.exit_code, done.stderr) == (
        1,
        "Det finns flera den dagen. Säg vilken med --source: Heldag; Webb\n",
    )
    assert run(*RECALL, "--reason", "Fel", "--source", "Webb").exit_code == 0
    assert count(engine, CompletionRecall) == 1
    assert run(*RECALL, "--reason", "Fel", "--source", "Heldag").exit_code == 0
    assert "2 av dem är återkallade och räknas inte." in load(file, rows).stderr


HEADER = "anställningsnr;kurs;kompetens;datum;giltig till\r\n"


@pytest.fixture
def competence(tmp_path: Path) -> None:
    head = tmp_path / "courses" / "skola" / "kurs.md"
    text = head.read_text(encoding="utf-8")
    assert "utgåva: 1\n" in text
    head.write_text(text.replace("utgåva: 1\n", "utgåva: 1\nkompetens: HRV-1\n", 1), encoding="utf-8")


@pytest.mark.usefixtures("competence")
def test_results_go_back_with_the_code_of_kurs_md_and_twice_the_same_bytes(
    engine: sa.Engine, file: Path, tmp_path: Path
) -> None:
    load(file, ROW)
    done = run("export-completions")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout_bytes == ("\ufeff" + HEADER + "1001;skola;HRV-1;2026-05-04;2028-05-04\r\n").encode()
    again = run("export-completions", "--output", tmp_path / "resultat.csv")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "")
    assert (tmp_path / "resultat.csv").read_bytes() == done.stdout_bytes
    with database.snapshot(engine) as session:
        kinds = list(session.scalars(sa.select(JournalEntry.kind)))
    assert kinds[-2:] == ["exported-completions", "exported-completions"]


def test_results_since_a_day_tell_a_recall_by_a_last_day_before_its_first(file: Path) -> None:
    load(file, ROW)
    run(*RECALL, "--reason", "Fel person")
    assert run("export-completions").stdout_bytes.decode("utf-8-sig") == HEADER
    days = ("2026-11-22", "2026-11-23", "2026-11-24")  # the commands ran on the 23rd
    before, on, after = (run("export-completions", "--since", day).stdout_bytes for day in days)
    assert on.decode("utf-8-sig") == HEADER + "1001;skola;;2026-05-04;2026-05-03\r\n"
    assert before == on
    assert after.decode("utf-8-sig") == HEADER


@pytest.mark.parametrize("text", ["", "igår", "2026-02-30"])
def test_results_since_what_is_no_day_are_refused_and_never_mean_everything(
    engine: sa.Engine, file: Path, text: str
) -> None:
    load(file, ROW)
    done = run("export-completions", "--since", text)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "är inget datum" in done.stderr
    with database.snapshot(engine) as session:
        assert "exported-completions" not in list(session.scalars(sa.select(JournalEntry.kind)))


def test_results_that_cannot_be_written_have_not_left_and_stand_in_no_journal(
    engine: sa.Engine, tmp_path: Path
) -> None:
    done = run("export-completions", "--output", tmp_path / "finns-inte" / "resultat.csv")
    assert done.exit_code == 1
    assert "går inte att skriva" in done.stderr
    with database.snapshot(engine) as session:
        assert session.scalars(sa.select(JournalEntry)).all() == []


def test_rows_of_a_number_that_is_anothers_by_now_are_told_in_words(engine: sa.Engine) -> None:
    with database.transaction(engine) as session:
        someone = builders.person(session, number="1002 (till 2026-03-31)")
        builders.recognise(session, someone, "skola", dt.date(2026, 1, 1), dt.date(2028, 1, 1))
    done = run("export-completions")
    assert done.stdout_bytes.decode("utf-8-sig") == HEADER
    assert done.stderr == "1 rad är inte med: numret har gått till någon annan.\n"


def test_results_as_a_spreadsheet_are_the_same_bytes_twice(file: Path, tmp_path: Path) -> None:
    load(file, ROW)
    paths = [tmp_path / f"{number}.xlsx" for number in (1, 2)]
    for path in paths:
        assert run("export-completions", "--format", "xlsx", "--output", path).exit_code == 0
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].read_bytes().startswith(b"PK")
