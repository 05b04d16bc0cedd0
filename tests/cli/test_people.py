"""``import`` and ``import-exemptions``: the dry run, the brake, and that a refused file changes nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from elearn import database
from elearn.cli import main
from tests.content import folders

GOLDEN = Path(__file__).parent.parent / "golden"
ORGANISATION, STAFF = str(GOLDEN / "organisation.csv"), str(GOLDEN / "personal.csv")


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    courses = folders.write_roles(
        tmp_path / "courses", forskola="förskola", skola="skola", socialtjanst="socialtjänst"
    )
    monkeypatch.setenv("ELEARN_COURSES_DIR", str(courses))
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    monkeypatch.setenv("ELEARN_TODAY", "2026-11-23")
    return CliRunner()


def content(url: str) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    """Every row of every table."""
    engine = database.make_engine(url)
    with engine.connect() as connection:
        tables = database.Base.metadata.sorted_tables
        found = {
            table.name: list(connection.execute(sa.select(table).order_by(*table.primary_key.columns)))
            for table in tables
        }
    engine.dispose()
    return found


def test_a_dry_run_lists_every_change_and_writes_nothing(run: CliRunner, database_url: str) -> None:
    before = content(database_url)
    done = run.invoke(main, ["import", ORGANISATION, STAFF, "--dry-run"])
    assert done.exception is None, done.output
    lines = done.stdout.splitlines()
    assert len([line for line in lines if re.match("Ny(tt)? (förvaltning|område|enhet|extern)", line)]) == 10
    assert len([line for line in lines if line.startswith("Ny person")]) == 14
    assert len(lines) == 10 + 14 + 15 + 8
    assert "Ingenting är skrivet" in done.stderr
    assert content(database_url) == before


def test_what_the_dry_run_tells_is_what_the_import_does(run: CliRunner, database_url: str) -> None:
    run.invoke(main, ["import", ORGANISATION, STAFF])
    assert run.invoke(main, ["import", ORGANISATION, STAFF, "--dry-run"]).stdout == ""
    assert {name: len(rows) for name, rows in content(database_url).items() if rows} == {
        "org_unit": 10,
        "person": 14,
        "employment": 15,
        "unit_manager": 8,
        "journal_entry": 1,
        "change_count": 1,
    }


@pytest.mark.parametrize(
    "damage",
    [
        lambda _data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b";", b"", 3),
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.decode("utf-8-sig").encode("utf-8").replace("Åsa".encode(), "Ã…sa".encode()),
        lambda data: data.replace(b"2020-01-01", b"2020-02-30", 1),
        lambda _data: b"\x00\x01\x02" * 100,
    ],
    ids=["empty", "half", "shifted", "utf-16", "damaged", "one wrong date", "binary"],
)
def test_a_damaged_file_is_refused_with_its_row_and_changes_nothing(
    run: CliRunner, database_url: str, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    """S43."""
    run.invoke(main, ["import", ORGANISATION, STAFF])
    before = content(database_url)
    file = tmp_path / "personal.csv"
    file.write_bytes(damage(Path(STAFF).read_bytes()))
    done = run.invoke(main, ["import", ORGANISATION, str(file)])
    assert done.exit_code == 1
    assert "personal.csv:" in done.stderr or "Det är mer än 10 procent" in done.stderr
    assert content(database_url) == before


def test_cp1252_is_read_as_well_as_utf8(run: CliRunner, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "personal.csv"
    file.write_bytes(Path(STAFF).read_text(encoding="utf-8-sig").encode("cp1252"))
    assert run.invoke(main, ["import", ORGANISATION, str(file)]).exit_code == 0
    assert run.invoke(main, ["import", ORGANISATION, STAFF, "--dry-run"]).stdout == ""
    assert "Örjan" in [row.first_name for row in content(database_url)["person"]]


def test_the_brake_stops_half_a_file_unless_it_is_accepted(
    run: CliRunner, database_url: str, tmp_path: Path
) -> None:
    run.invoke(main, ["import", ORGANISATION, STAFF])
    before = content(database_url)
    half = tmp_path / "personal.csv"
    half.write_bytes(b"".join(Path(STAFF).read_bytes().splitlines(keepends=True)[:8]))
    done = run.invoke(main, ["import", ORGANISATION, str(half)])
    assert done.exit_code == 1
    assert "--accept-ended" in done.stderr
    assert content(database_url) == before
    assert run.invoke(main, ["import", ORGANISATION, str(half), "--accept-ended"]).exit_code == 0


def test_a_file_that_ends_the_last_administrator_is_refused_whatever_is_accepted(
    run: CliRunner, database_url: str, tmp_path: Path
) -> None:
    """S6: nobody could give anybody a role afterwards. The command refuses as the page does."""
    run.invoke(main, ["import", ORGANISATION, STAFF])
    *rows, last = Path(STAFF).read_bytes().splitlines(keepends=True)
    number = last.decode().partition(";")[0]
    without = tmp_path / "personal.csv"
    without.write_bytes(b"".join(row for row in rows if not row.startswith(number.encode())))
    command = ["import", ORGANISATION, str(without), "--accept-ended", "--accept-changed"]
    run.invoke(main, ["grant", number, "administrator"])
    assert run.invoke(main, ["set-password", number], input="lugn promenad vid sjön\n").exit_code == 0
    before = content(database_url)
    told = run.invoke(main, [*command, "--dry-run"]).stderr
    assert "den sista administratören" in told
    done = run.invoke(main, command)
    assert (done.exit_code, content(database_url)) == (1, before)
    assert "den sista administratören" in done.stderr
    engine = database.make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM access_grant"))
    engine.dispose()
    assert run.invoke(main, command).exit_code == 0


def test_exemptions_for_unknown_persons_and_units_are_faults_together(run: CliRunner, tmp_path: Path) -> None:
    run.invoke(main, ["import", ORGANISATION, STAFF])
    file = tmp_path / "undantag.csv"
    file.write_text(
        "anställningsnr;enhetskod;från;till;skäl;beslut av\n7777;;;;Ledig;Ulla\n1009;ZZ;;;Ledig;Ulla\n1009;;2026-02-01;2026-01-01;;\n"
    )
    done = run.invoke(main, ["import-exemptions", str(file)])
    assert done.exit_code == 1
    told = done.stderr.splitlines()
    for start in (
        "undantag.csv:2: anställningsnr: 7777 finns inte",
        "undantag.csv:3: enhetskod: ",
        "undantag.csv:4: skäl: ",
        "undantag.csv:4: till: ",
    ):
        assert any(line.startswith(start) for line in told), start


def test_completions_with_a_coming_date_or_an_unknown_course_are_faults(
    run: CliRunner, database_url: str, tmp_path: Path
) -> None:
    run.invoke(main, ["import", ORGANISATION, STAFF])
    before = content(database_url)
    file = tmp_path / "genomforda.csv"
    file.write_text(
        "anställningsnr;kurs;datum;källa\n1001;skola;2026-11-24;Heldag\n1001;skolan;2026-11-23;Heldag\n1001;skola;2026-11-23;\n"
    )
    done = run.invoke(main, ["import-completions", str(file)])
    assert done.stderr.splitlines()[:3] == [
        "genomforda.csv:2: datum: 2026-11-24 har inte varit än.",
        "genomforda.csv:3: kurs: ”skolan” finns inte. Menar du skola?",
        "genomforda.csv:4: källa: fältet är tomt. Fyll i det.",
    ]
    assert content(database_url) == before


def test_a_number_that_was_changed_is_told_and_joined(
    run: CliRunner, database_url: str, tmp_path: Path
) -> None:
    """The next import of the same files changes nothing."""
    run.invoke(main, ["import", ORGANISATION, STAFF])
    file = tmp_path / "personal.csv"
    text = Path(STAFF).read_text(encoding="utf-8-sig")
    number, first_name, last_name = text.splitlines()[4].split(";")[:3]
    file.write_text(text.replace(f"\n{number};", f"\n77{number};"), encoding="utf-8")
    done = run.invoke(main, ["import", ORGANISATION, str(file)])
    assert done.exit_code == 0, done.output
    assert f"Är det samma person: elearn join {number} 77{number}\n" in done.stderr
    joined = run.invoke(main, ["join", number, f"77{number}"])
    assert joined.stderr == f"77{number} har nu allt som {number} hade.\n"
    assert run.invoke(main, ["import", ORGANISATION, str(file), "--dry-run"]).stdout == ""
    rows = content(database_url)
    (person,) = [row for row in rows["person"] if row.number == f"77{number}"]
    assert (person.first_name, person.last_name) == (first_name, last_name)
    (job,) = [row for row in rows["employment"] if row.person_id == person.id]
    assert job.ends_on is None
    assert run.invoke(main, ["join", number, "404"]).exit_code == 1


def test_the_brake_on_changes_stops_unless_it_is_accepted(
    run: CliRunner, database_url: str, tmp_path: Path
) -> None:
    run.invoke(main, ["import", ORGANISATION, STAFF])
    before = content(database_url)
    organisation = tmp_path / "organisation.csv"
    rows = Path(ORGANISATION).read_text(encoding="utf-8-sig").splitlines()
    organisation.write_text(
        "\n".join([rows[0], *(row.rpartition(";")[0] + ";" for row in rows[1:])]), encoding="utf-8"
    )
    done = run.invoke(main, ["import", str(organisation), STAFF, "--accept-ended"])
    assert done.exit_code == 1
    assert "enheter skulle bli utan chef. Det är mer än 10 procent." in done.stderr
    assert "läs in med --accept-changed\n" in done.stderr
    assert content(database_url) == before
    shown = run.invoke(main, ["import", str(organisation), STAFF, "--dry-run", "--accept-changed"])
    assert "Inläsningen görs ändå utan --dry-run." in shown.stderr
    assert run.invoke(main, ["import", str(organisation), STAFF, "--accept-changed"]).exit_code == 0


def test_an_exemption_is_corrected_and_taken_back(run: CliRunner, database_url: str, tmp_path: Path) -> None:
    run.invoke(main, ["import", ORGANISATION, STAFF])
    file = tmp_path / "undantag.csv"

    def read(last_day: str) -> str:
        row = f"1009;;2026-08-01;{last_day};Ledig"
        file.write_text(f"anställningsnr;enhetskod;från;till;skäl\n{row}\n", "utf-8")
        return run.invoke(main, ["import-exemptions", str(file)]).stderr

    assert read("2026-12-31") == "1 nytt undantag, 0 fanns redan.\n"
    corrected = "0 nya undantag, 0 fanns redan.\n1 har rättats: det förra är kvar som misstag.\n"
    assert read("2027-01-31") == corrected
    assert read("2027-01-31") == "0 nya undantag, 1 fanns redan.\n"
    recall = ["recall-exemption", "1009", "--from", "2026-08-01"]
    assert run.invoke(main, recall).exit_code == 2
    assert run.invoke(main, [*recall, "--reason", " "]).exit_code == 1
    done = run.invoke(main, [*recall, "--reason", "Fel person"])
    assert (done.exit_code, done.stderr) == (0, "Undantaget för 1009 är återkallat.\n")
    returned = "1 är rättat eller återkallat och gäller bara med ett annat skäl.\n"
    assert read("2027-01-31") == "0 nya undantag, 0 fanns redan.\n" + returned
    assert read("2026-12-31") == "0 nya undantag, 0 fanns redan.\n" + returned
    row = "1009;;2026-08-01;2027-01-31;Ledig\n"
    file.write_text(f"anställningsnr;enhetskod;från;till;skäl\n{row}{row}", "utf-8")
    assert run.invoke(main, ["import-exemptions", str(file)]).stderr.endswith(
        "2 är rättade eller återkallade och gäller bara med ett annat skäl.\n"
    )
    assert [row.recall_reason for row in content(database_url)["target_decision"]] == [
        "Rättat i en senare fil.",
        "Fel person",
    ]


def test_the_exemption_for_all_units_is_taken_back_by_an_empty_unit(
    run: CliRunner, database_url: str, tmp_path: Path
) -> None:
    run.invoke(main, ["import", ORGANISATION, STAFF])
    unit = content(database_url)["org_unit"][-1].code
    file = tmp_path / "undantag.csv"
    file.write_text(f"anställningsnr;enhetskod;från;till;skäl\n1009;{unit};;;Ledig\n1009;;;;Sjuk\n", "utf-8")
    assert run.invoke(main, ["import-exemptions", str(file)]).exit_code == 0
    recall = ["recall-exemption", "1009", "--reason", "Fel"]
    refused = run.invoke(main, recall)
    assert (refused.exit_code, '  --unit "" --from ""\n' in refused.stderr) == (1, True)
    done = run.invoke(main, [*recall, "--unit", "", "--from", ""])
    assert (done.exit_code, done.stderr) == (0, "Undantaget för 1009 är återkallat.\n")
    assert [row.recall_reason for row in content(database_url)["target_decision"]] == [None, "Fel"]
