"""``import`` with a mapping, AID codes and XLSX, ``mapping``, and the inbox that cron reads."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from elearn import clock, database
from elearn.cli.import_plan import ImportJob
from elearn.cli.inbox import import_inbox
from elearn.directory import inbox
from elearn.directory.files import DirectoryFiles
from elearn.directory.holders import Choices
from elearn.directory.mapping import OURS
from tests import builders
from tests.cli import commands
from tests.content import folders
from tests.directory import staff_files, workbooks

GOLDEN = Path(__file__).parent.parent / "golden"
STAFF = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till"
ROWS = "".join(f"{number};Sara{number};Ek;;F1;;Kock;2020-01-01;\n" for number in range(1, 21))


class Desk:
    """An operator with a database, courses, and a folder that the personnel system writes to."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.url = folder, database_url
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.courses = folders.write_roles(folder / "courses", forskola="förskola", skola="skola")

    def run(self, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[bytes]:
        return commands.elearn(
            *arguments,
            database_url=self.url,
            courses=self.courses,
            ELEARN_TODAY="2026-11-23",
            ELEARN_IMPORT_DIR=str(self.inbox),
            **settings,
        )

    def leave(
        self, rest: str = "", rows: str = ROWS, age: float = 3600, units: str = staff_files.UNITS
    ) -> None:
        """A pair of files that was written ``age`` seconds ago."""
        organisation, personal = staff_files.write(self.inbox, "", units)
        personal.write_text(f"{STAFF}\n{rows}", encoding="utf-8")
        for file in (organisation, personal):
            self.age(file.rename(self.inbox / f"{file.stem}{rest}.csv"), age)

    def age(self, file: Path, seconds: float) -> None:
        written = file.stat().st_mtime - seconds
        os.utime(file, (written, written))

    def files(self) -> list[str]:
        """Every file of the inbox and of the folders in it."""
        return sorted(
            path.relative_to(self.inbox).as_posix()
            for path in self.inbox.rglob("*")
            if path.is_file() and path.name != inbox.LOCK
        )

    def journal(self) -> list[tuple[str, dict[str, object]]]:
        """Kind and details of every entry."""
        return [
            (kind, json.loads(details))
            for kind, details in self._rows("SELECT kind, details FROM journal_entry ORDER BY id")
        ]

    def numbers(self) -> list[str]:
        return [number for (number,) in self._rows("SELECT number FROM person ORDER BY id")]

    def _rows(self, statement: str) -> list[sa.Row[tuple[object, ...]]]:
        engine = database.make_engine(self.url)
        with engine.connect() as connection:
            rows = list(connection.execute(sa.text(statement)))
        engine.dispose()
        return rows


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Desk:
    return Desk(tmp_path, database_url)


def test_the_golden_files_as_spreadsheets_are_the_golden_files(desk: Desk) -> None:
    sheets = []
    for name in ("organisation", "personal"):
        text = (GOLDEN / f"{name}.csv").read_text(encoding="utf-8-sig")
        rows = [line.split(";") for line in text.splitlines()]
        sheets.append(workbooks.write(desk.folder / f"{name}.xlsx", ("Blad1", rows)))
    as_csv = desk.run("import", GOLDEN / "organisation.csv", GOLDEN / "personal.csv", "--dry-run")
    as_xlsx = desk.run("import", *sheets, "--dry-run")
    assert (as_csv.returncode, as_csv.stdout) == (as_xlsx.returncode, as_xlsx.stdout)
    assert len(as_xlsx.stdout.splitlines()) == 47
    assert desk.run("import", *sheets).returncode == 0
    assert desk.run("import", GOLDEN / "organisation.csv", GOLDEN / "personal.csv", "--dry-run").stdout == b""


@pytest.mark.parametrize(
    "arguments",
    [["import"], ["import", "a.csv"], ["import", "a", "b", "c"], ["import", "--inbox", "a.csv"]],
)
def test_the_wrong_number_of_files_is_wrong_usage(desk: Desk, arguments: list[str]) -> None:
    assert desk.run(*arguments).returncode == 2


def test_a_flat_file_needs_one_name_and_is_the_organisation_too(desk: Desk) -> None:
    mapping = desk.folder / "hr.toml"
    mapping.write_text(
        '[[organisation.ur-personal]]\nkolumner = {enhetskod = "Enhet", namn = "Enhet"}\nfast = {"nivå" = "förvaltning"}\n'
        '[personal.kolumner]\n"anställningsnr" = "Nr"\n"förnamn" = "Namn"\nenhetskod = "Enhet"\n"från" = "Start"\n',
        encoding="utf-8",
    )
    flat = desk.folder / "hr.csv"
    flat.write_text("Nr;Namn;Enhet;Start;Lön\n1;Sara;Ängen;2020-01-01;3\n", encoding="utf-8")
    assert desk.run("import", flat, flat, "--mapping", mapping).returncode == 2
    done = desk.run("import", flat, "--mapping", mapping)
    assert (done.returncode, desk.numbers()) == (0, ["1"])
    assert "Varning: hr.csv: kolumnen lön används inte." in commands.words(done)
    ((_kind, told),) = desk.journal()
    assert {"mapping_sha256", "staff_sha256"} <= told.keys()


def test_a_mapping_with_faults_is_refused_before_any_file_is_read(desk: Desk) -> None:
    mapping = desk.folder / "hr.toml"
    mapping.write_text("[personel]\n", encoding="utf-8")
    done = desk.run("import", "finns-inte.csv", "finns-inte.csv", "--mapping", mapping)
    assert done.returncode == 1
    assert commands.words(done) == "hr.toml:1: personel: nyckeln finns inte. Menar du ”personal”?\n"


def test_codes_without_a_role_are_told_and_written_to_a_file(desk: Desk) -> None:
    desk.leave()
    staff = desk.inbox / "personal.csv"
    staff.write_text(
        f"{STAFF};aid\n1;Sara;Ek;;F1;;;2020-01-01;;402\n2;Bo;Ek;;F1;;;2020-01-01;;403\n", encoding="utf-8"
    )
    codes, report = desk.folder / "aid.csv", desk.folder / "koder.csv"
    codes.write_text("aid;yrkesroll\n402;skola\n", encoding="utf-8")
    files = (desk.inbox / "organisation.csv", staff)
    done = desk.run("import", *files, "--aid", codes, "--aid-report", report)
    assert done.returncode == 0
    assert "AID 403 saknar yrkesroll: 1 person i 1 enhet, alla med enhetens roll.\n" in commands.words(done)
    assert report.read_bytes().decode("utf-8-sig").splitlines() == [
        "aid;personer;utan yrkesroll;enheter;befattningar",
        "403;1;0;F1;",
    ]
    assert desk.run("import", *files, "--aid", codes, "--dry-run").stdout == b""
    lost = desk.run("import", *files, "--dry-run")
    assert "byter yrkesroll" in lost.stdout.decode()


def test_a_draft_of_a_mapping_goes_to_standard_output_or_a_file(desk: Desk) -> None:
    hr = desk.folder / "hr.csv"
    hr.write_text("Anstnr;Enhet;Startdatum\n1;F1;20200101\n", encoding="utf-8")
    done = desk.run("mapping", hr)
    assert '"anställningsnr" = "Anstnr"' in done.stdout.decode()
    assert 'datum = ["ÅÅÅÅMMDD"]' in done.stdout.decode()
    desk.run("mapping", hr, "--output", desk.folder / "hr.toml")
    assert (desk.folder / "hr.toml").read_bytes() == done.stdout
    refused = desk.run("mapping", desk.folder / "saknas.csv")
    assert (refused.returncode, "filen finns inte" in commands.words(refused)) == (1, True)


def test_the_inbox_reads_a_pair_moves_it_and_tells_the_journal(desk: Desk) -> None:
    desk.leave("-2026-11-23")
    done = desk.run("import", "--inbox")
    assert (done.returncode, len(desk.numbers())) == (0, 20)
    assert desk.files() == [
        "inlasta/2026-11-23T000000/organisation-2026-11-23.csv",
        "inlasta/2026-11-23T000000/personal-2026-11-23.csv",
        "inlasta/2026-11-23T000000/resultat.txt",
    ]
    told = (desk.inbox / "inlasta/2026-11-23T000000/resultat.txt").read_text(encoding="utf-8")
    assert told.splitlines()[-1].startswith("Inläst: 3 nya enheter, 20 nya personer")
    ((kind, details),) = desk.journal()
    assert kind == "imported-directory"
    assert str(details["inbox"]).startswith("2026-11-23T00:00:00 ")


def test_an_empty_inbox_is_quiet_and_no_fault(desk: Desk) -> None:
    done = desk.run("import", "--inbox")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert desk.journal() == []


@pytest.mark.parametrize(("age", "is_read"), [(58, False), (61, True)])
def test_a_file_that_changed_within_a_minute_waits(desk: Desk, age: int, is_read: bool) -> None:
    desk.leave(age=age)
    done = desk.run("import", "--inbox")
    assert (done.returncode, bool(desk.numbers())) == (0, is_read)
    assert ("har ändrats under den senaste minuten" in commands.words(done)) is not is_read


def test_half_a_pair_waits_for_the_other(desk: Desk) -> None:
    desk.leave("-20261123")
    (desk.inbox / "organisation-20261123.csv").rename(desk.inbox / "organisation-20261123.csv.part")
    done = desk.run("import", "--inbox")
    assert (done.returncode, desk.numbers()) == (0, [])
    assert commands.words(done) == "personal-20261123.csv väntar: organisation-20261123 saknas.\n"


def test_the_newest_pair_is_read_and_the_older_ones_never(desk: Desk) -> None:
    """By the moment in the name, not by when the files were copied."""
    desk.leave("-20261123-0200", ROWS + "99;Ny;Ek;;F1;;;2020-01-01;\n", age=9000)
    desk.leave("_2026-11-22", age=3600)
    assert desk.run("import", "--inbox").returncode == 0
    assert desk.numbers()[-1] == "99"
    assert [file for file in desk.files() if "inaktuella" in file] == [
        "inaktuella/2026-11-22T000000/organisation_2026-11-22.csv",
        "inaktuella/2026-11-22T000000/orsak.txt",
        "inaktuella/2026-11-22T000000/personal_2026-11-22.csv",
    ]
    desk.leave("-20261123-0159", age=100)
    late = desk.run("import", "--inbox")
    assert late.returncode == 0
    assert "äldre än det som lästes senast" in commands.words(late)
    assert desk.numbers()[-1] == "99"
    kinds = [(kind, details.get("reason")) for kind, details in desk.journal()]
    assert kinds == [("imported-directory", None), ("refused-import", "older")]


def test_the_same_pair_is_never_read_twice_and_a_corrected_one_is(desk: Desk) -> None:
    for rows, age, expected in (
        (ROWS, 3600, ["imported-directory"]),
        (ROWS, 1800, ["imported-directory"]),
        (ROWS + "99;Ny;Ek;;F1;;;2020-01-01;\n", 900, ["imported-directory"] * 2),
    ):
        desk.leave("-20261123", rows, age)
        done = desk.run("import", "--inbox")
        assert done.returncode == 0
        assert [kind for kind, _details in desk.journal()] == expected
    assert desk.numbers()[-1] == "99"
    assert len([file for file in desk.files() if file.startswith("inlasta/") and "personal" in file]) == 3


def test_a_refused_pair_is_moved_with_its_reasons_and_can_be_put_back(desk: Desk) -> None:
    """S43: the brake holds here too. Exit 1, nothing written but the journal's line, and nothing older is
    read in its place."""
    desk.leave("-20261121")
    desk.run("import", "--inbox")
    desk.leave("-20261122", ROWS + "98;Gammal;Ek;;F1;;;2020-01-01;\n")
    desk.leave("-20261123", "1;Sara1;Ek;;F1;;Kock;2020-01-01;\n")
    done = desk.run("import", "--inbox")
    assert (done.returncode, len(desk.numbers())) == (1, 20)
    assert "19 av 20 pågående anställningar skulle sluta" in commands.words(done)
    refused = desk.inbox / "avvisade/2026-11-23T000000"
    assert "19 av 20" in (refused / "orsak.txt").read_text(encoding="utf-8")
    assert (desk.inbox / "inaktuella/2026-11-22T000000/personal-20261122.csv").exists()
    assert desk.journal()[-1][0] == "refused-import"
    assert desk.journal()[-1][1]["reason"] == "brake"
    assert desk.run("import", "--inbox").returncode == 0
    for file in refused.glob("*.csv"):
        file.rename(desk.inbox / file.name)
    assert desk.run("import", "--inbox", "--accept-ended").returncode == 0
    assert desk.journal()[-1][0] == "imported-directory"


def test_a_pair_with_faults_is_refused_and_the_faults_lie_beside_it(desk: Desk) -> None:
    desk.leave(rows=ROWS.replace("2020-01-01", "2020-13-01", 1))
    done = desk.run("import", "--inbox")
    assert done.returncode == 1
    (reason,) = [file for file in desk.files() if file.endswith("orsak.txt")]
    told = (desk.inbox / reason).read_text(encoding="utf-8")
    assert told.startswith("personal.csv:2: från: ”2020-13-01”")
    assert desk.journal()[-1][1]["reason"] == "faults"
    assert desk.numbers() == []


class BusyWriter(ImportJob):
    """An import during which the personnel system goes on writing."""

    def read(self, organisation: Path | None, staff: Path) -> DirectoryFiles:
        found = super().read(organisation, staff)
        with staff.open("a", encoding="utf-8") as file:
            file.write("99;Sen;Ek;;F1;;;2020-01-01;\n")
        return found


def test_files_that_change_while_they_are_read_wait(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.leave()
    engine = database.make_engine(desk.url)
    job = BusyWriter(
        engine, builders.deed(now=clock.now()), ("förskola",), OURS, None, None, Choices(), frozenset(), False
    )
    import_inbox(job, desk.inbox)
    engine.dispose()
    assert "personal.csv väntar: filerna ändrades medan de lästes." in capsys.readouterr().err
    assert (desk.numbers(), desk.journal()) == ([], [])
    assert desk.files() == ["organisation.csv", "personal.csv"]


def test_a_dry_run_of_the_inbox_moves_nothing(desk: Desk) -> None:
    desk.leave()
    done = desk.run("import", "--inbox", "--dry-run")
    assert done.returncode == 0
    assert "Ny person: Sara1 Ek (1)" in done.stdout.decode()
    assert desk.files() == ["organisation.csv", "personal.csv"]
    assert desk.journal() == []


def test_two_runs_do_not_meet(desk: Desk) -> None:
    desk.leave()
    with inbox.lock(desk.inbox) as is_alone:
        assert is_alone
        done = desk.run("import", "--inbox")
        assert (done.returncode, desk.numbers()) == (0, [])
        assert "pågår" in commands.words(done)
    assert desk.run("import", "--inbox").returncode == 0
    assert len(desk.numbers()) == 20


def test_a_run_that_was_cut_off_before_it_moved_the_files_is_finished_by_the_next(desk: Desk) -> None:
    desk.leave("-20261123")
    kept = {path.name: (path.read_bytes(), path.stat().st_mtime) for path in desk.inbox.glob("*.csv")}
    desk.run("import", "--inbox")
    for name, (data, written) in kept.items():
        (desk.inbox / name).write_bytes(data)
        os.utime(desk.inbox / name, (written, written))
    done = desk.run("import", "--inbox")
    assert (done.returncode, len(desk.journal())) == (0, 1)
    assert "Paret var redan inläst." in commands.words(done)
    assert not list(desk.inbox.glob("*.csv"))


def test_an_inbox_that_is_not_there_is_told(desk: Desk) -> None:
    desk.inbox = desk.folder / "ingen"
    gone = desk.run("import", "--inbox")
    assert (gone.returncode, "ELEARN_IMPORT_DIR" in commands.words(gone)) == (1, True)
    without = commands.elearn(
        "import", "--inbox", database_url=desk.url, courses=desk.courses, ELEARN_IMPORT_DIR=""
    )
    assert (without.returncode, "ELEARN_IMPORT_DIR är inte angiven" in commands.words(without)) == (1, True)


def test_faults_of_aid_are_not_the_pairs(desk: Desk) -> None:
    desk.leave()
    codes = desk.folder / "aid.csv"
    codes.write_text("aid\n402\n", encoding="utf-8")
    assert desk.run("import", "--inbox", "--aid", codes).returncode == 1
    assert desk.files() == ["organisation.csv", "personal.csv"]


def test_a_spreadsheet_in_the_inbox_is_read_by_a_flat_mapping(desk: Desk) -> None:
    mapping = desk.folder / "hr.toml"
    mapping.write_text(
        '[[organisation.ur-personal]]\nkolumner = {enhetskod = "Enhet", namn = "Enhet"}\nfast = {"nivå" = "förvaltning"}\n'
        '[personal.kolumner]\n"anställningsnr" = "Nr"\n"förnamn" = "Namn"\nenhetskod = "Enhet"\n"från" = "Start"\n',
        encoding="utf-8",
    )
    rows = [["Nr", "Namn", "Enhet", "Start"], [100001, "Sara", "Ängen", "2020-01-01"]]
    desk.age(workbooks.write(desk.inbox / "Personal 2026-11-23.xlsx", ("A", rows)), 100)
    assert desk.run("import", "--inbox", "--mapping", mapping).returncode == 0
    assert desk.numbers() == ["100001"]
    assert desk.files() == [
        "inlasta/2026-11-23T000000/Personal 2026-11-23.xlsx",
        "inlasta/2026-11-23T000000/resultat.txt",
    ]
