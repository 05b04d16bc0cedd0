"""The commands that decide who may log in and what they may do, run as an operator runs them, on both
engines."""

import csv
import datetime as dt
import io
import os
import pty
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from elearn import clock, database
from elearn.cli import main
from elearn.identity import actions, invitations, passwords
from elearn.identity.models import Invitation, LoginSession
from elearn.people.models import AccessGrant, Employment, OrgUnit, Person, UnitKind
from tests import builders

GOOD = "tolv gröna äggkoppar"


@pytest.fixture(autouse=True)
def municipality(engine: sa.Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    with database.transaction(engine) as session:
        department = builders.unit(session, "U", UnitKind.DEPARTMENT, name="Utbildningsförvaltningen")
        near = builders.unit(session, "U1", parent=department, name="Förskolan Ängen")
        far = builders.unit(session, "S", UnitKind.DEPARTMENT, name="Socialförvaltningen")
        for number, first_name, at in (("1001", "Åsa", near), ("1002", "Örjan", near), ("0103", "Eva", far)):
            builders.employ(session, builders.person(session, first_name, "Ek", number), at)


def run(*arguments: str, typed: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=typed)


def stored(engine: sa.Engine, column: sa.orm.InstrumentedAttribute[Any]) -> list[str]:
    """What a column holds, without the empty ones."""
    with database.snapshot(engine) as session:
        return list(session.scalars(sa.select(column).where(column.is_not(None))))


def test_a_role_is_granted_and_revoked_and_a_second_time_says_so(engine: sa.Engine) -> None:
    told = [run(command, "0103", "vpc") for command in ("grant", "grant", "revoke", "revoke")]
    assert [result.exit_code for result in told] == [0, 0, 0, 0]
    assert [result.stdout for result in told] == ["", "", "", ""]
    words = [
        "har nu behörigheten vpc",
        "hade redan behörigheten vpc",
        "har inte längre behörigheten vpc",
        "hade inte behörigheten",
    ]
    for result, word in zip(told, words, strict=True):
        assert word in result.stderr
    assert stored(engine, AccessGrant.role) == []


def test_a_coordinator_is_granted_a_department(engine: sa.Engine) -> None:
    assert run("grant", "1001", "coordinator", "--unit", "S").exit_code == 0
    with database.snapshot(engine) as session:
        code = session.scalar(sa.select(OrgUnit.code).join(AccessGrant, AccessGrant.unit_id == OrgUnit.id))
    assert code == "S"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("grant", "9999", "vpc"), "ingen person med anställningsnumret 9999"),
        (("grant", "1001", "coordinator"), "--unit"),
        (("grant", "1001", "coordinator", "--unit", "U1"), "Förskolan Ängen är ingen förvaltning"),
        (("grant", "1001", "coordinator", "--unit", "?"), "ingen enhet med enhetskoden ?"),
        (("grant", "1001", "vpc", "--unit", "U"), "Utelämna enheten"),
        (("set-password", "9999"), "ingen person med anställningsnumret 9999"),
        (("invite", "--unit", "?", "--output", "koder.csv"), "ingen enhet med enhetskoden ?"),
        (("invite", "--output", "finns/inte/koder.csv"), "går inte att skapa"),
    ],
)
def test_what_cannot_be_done_is_refused_in_swedish(
    engine: sa.Engine,
    arguments: tuple[str, ...],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    refusal = run(*arguments)
    assert (refusal.exit_code, refusal.stdout) == (1, "")
    assert sentence in refusal.stderr
    assert stored(engine, AccessGrant.role) == []
    assert not (tmp_path / "koder.csv").exists()


@pytest.mark.parametrize(
    "arguments", [("grant", "1001", "manager"), ("grant", "1001"), ("invite",), ("set-password",)]
)
def test_wrong_usage_exits_with_two(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("ending", ["\n", "\r\n", "", "\nen annan rad\n"])
def test_a_password_is_read_as_one_line_from_standard_input(engine: sa.Engine, ending: str) -> None:
    with database.transaction(engine) as session:
        person_id = session.scalar(sa.select(Person.id).where(Person.number == "0103"))
        session.add(LoginSession(token_hash="t", person_id=person_id, began_at=clock.now(), ended_at=None))
    done = run("set-password", "0103", typed=GOOD + ending)
    assert (done.exit_code, done.stdout) == (0, "")
    assert GOOD not in done.stderr
    (password_hash,) = stored(engine, Person.password_hash)
    assert passwords.verify(password_hash, GOOD)
    with database.snapshot(engine) as session:
        assert session.scalar(sa.select(LoginSession.ended_at)) is not None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("kort", passwords.TOO_SHORT),
        ("", passwords.TOO_SHORT),
        ("Eva Ek 0103 Eva Ek", passwords.OWN_WORDS),
        ("Botkyrka kommun 2026", passwords.PLACE_WORDS),
        ("a" * 1_000_000, passwords.TOO_LONG),
        (b"tolv gr\xf6na \xe4ggkoppar\n", passwords.UNREADABLE),
    ],
)
def test_a_weak_password_is_refused_with_its_reasons(
    engine: sa.Engine, typed: str | bytes, sentence: str
) -> None:
    """S13."""
    refusal = run("set-password", "0103", typed=typed)
    assert refusal.exit_code == 1
    assert sentence in refusal.stderr
    assert stored(engine, Person.password_hash) == []


def test_the_municipalitys_name_in_a_password_is_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """S13."""
    monkeypatch.setenv("ELEARN_MUNICIPALITY", "Västernorrlands kommun")
    assert passwords.PLACE_WORDS in run("set-password", "0103", typed="VästernorrlandsKommun1").stderr


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))


def test_codes_are_written_to_a_private_file_in_order(engine: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "koder.csv"
    done = run("invite", "--output", str(path))
    assert (done.exit_code, done.stdout) == (0, "")
    header, *listed = read_csv(path)
    assert header == ["enhet", "namn", "anställningsnr", "kod"]
    assert [row[:3] for row in listed] == [
        ["Förskolan Ängen", "Åsa Ek", "1001"],
        ["Förskolan Ängen", "Örjan Ek", "1002"],
        ["Socialförvaltningen", "Eva Ek", "0103"],
    ]
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", row[3]) for row in listed)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with database.transaction(engine) as session:
        person_id = actions.choose_password_with_code(
            session, builders.deed(now=clock.now()), listed[2][3], "a hash"
        )
        assert session.scalar(sa.select(Person.number).where(Person.id == person_id)) == "0103"


def test_only_the_unit_and_what_is_below_is_invited(tmp_path: Path) -> None:
    run("invite", "--unit", "U", "--output", str(tmp_path / "koder.csv"))
    assert [row[2] for row in read_csv(tmp_path / "koder.csv")] == ["anställningsnr", "1001", "1002"]


def test_somebody_who_has_forgotten_the_password_gets_a_code(engine: sa.Engine, tmp_path: Path) -> None:
    """The old password works until the code is used."""
    run("set-password", "0103", typed=GOOD)
    before = stored(engine, Person.password_hash)
    assert run("invite", "--output", str(tmp_path / "alla.csv")).exit_code == 0
    assert "0103" not in [row[2] for row in read_csv(tmp_path / "alla.csv")]
    assert run("invite", "--person", "0103", "--output", str(tmp_path / "en.csv")).exit_code == 0
    (row,) = read_csv(tmp_path / "en.csv")[1:]
    assert row[:3] == ["Socialförvaltningen", "Eva Ek", "0103"]
    assert stored(engine, Person.password_hash) == before
    with database.transaction(engine) as session:
        actions.choose_password_with_code(session, builders.deed(now=clock.now()), row[3], "a hash")
    assert stored(engine, Person.password_hash) == ["a hash"]


def test_only_somebody_who_may_log_in_gets_a_code(engine: sa.Engine, tmp_path: Path) -> None:
    with database.transaction(engine) as session:
        session.execute(sa.update(Employment).values(ends_on=dt.date(2020, 2, 1)))
    for number, expected in (("0103", "ingen pågående anställning"), ("9999", "Det finns ingen person")):
        refusal = run("invite", "--person", number, "--output", str(tmp_path / "koder.csv"))
        assert refusal.exit_code == 1
        assert expected in refusal.stderr
        assert not (tmp_path / "koder.csv").exists()
    both = run("invite", "--person", "0103", "--unit", "U", "--output", str(tmp_path / "koder.csv"))
    assert both.exit_code == 2


def test_an_existing_file_is_left_as_it_is_and_no_code_is_made(engine: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "koder.csv"
    path.write_text("viktigt", encoding="utf-8")
    refusal = run("invite", "--output", str(path))
    assert refusal.exit_code == 1
    assert "finns redan" in refusal.stderr
    assert path.read_text(encoding="utf-8") == "viktigt"
    assert stored(engine, Invitation.code_hash) == []


def test_thousands_are_invited_in_batches(engine: sa.Engine, tmp_path: Path) -> None:
    with database.transaction(engine) as session:
        unit_id = session.scalar(sa.select(OrgUnit.id).where(OrgUnit.code == "S"))
        people = [Person(number=f"9{place:04}", first_name="Li", last_name="Bo") for place in range(1200)]
        session.add_all(people)
        session.flush()
        day = dt.date(2020, 1, 1)
        employments = [
            {"person_id": someone.id, "unit_id": unit_id, "starts_on": day, "reported_from": day}
            for someone in people
        ]
        session.execute(sa.insert(Employment), employments)
    for name in ("en.csv", "två.csv"):
        assert run("invite", "--output", str(tmp_path / name)).exit_code == 0
    first, second = ([row[3] for row in read_csv(tmp_path / name)[1:]] for name in ("en.csv", "två.csv"))
    assert len(set(first) | set(second)) == 2 * 1203
    assert len(stored(engine, Invitation.code_hash)) == 1203


def test_at_a_terminal_the_password_is_asked_for_twice_and_never_shown(engine: sa.Engine) -> None:
    screen, terminal = pty.openpty()
    command = [sys.executable, "-c", "from elearn.cli import main; main()", "set-password", "0103"]
    child = subprocess.Popen(command, stdin=terminal, stderr=terminal, start_new_session=True)
    os.close(terminal)
    shown = b""
    for prompt, answer in (
        ("Nytt", GOOD),
        ("Samma", "något annat"),
        ("Nytt", GOOD),
        ("Samma", GOOD),
        ("nytt lösenord.", None),
    ):
        seen = len(shown)
        while prompt.encode() not in shown[seen:]:
            shown += os.read(screen, 1000)
        if answer:
            os.write(screen, f"{answer}\n".encode())
    os.close(screen)
    assert child.wait() == 0
    assert "De två lösenorden är inte lika" in shown.decode()
    assert "gröna" not in shown.decode()
    (password_hash,) = stored(engine, Person.password_hash)
    assert passwords.verify(password_hash, GOOD)


def test_the_file_for_managers_leaves_out_protected_identities_and_their_own_holds_the_code_alone(
    engine: sa.Engine, tmp_path: Path
) -> None:
    """S52: whoever hands the code over knows whose it is, and nobody else needs to."""
    with database.transaction(engine) as session:
        for number in ("1001", "1002"):
            session.scalars(sa.select(Person).where(Person.number == number)).one().is_protected = True
    done = run("invite", "--output", str(tmp_path / "koder.csv"))
    assert [row[2] for row in read_csv(tmp_path / "koder.csv")[1:]] == ["0103"]
    assert "Med skyddade personuppgifter och därför inte i filen: 2." in done.stderr
    assert stored(engine, Invitation.code_hash) == [
        invitations.hash_code(read_csv(tmp_path / "koder.csv")[1][3])
    ]
    done = run("invite", "--unit", "S", "--output", str(tmp_path / "s.csv"))
    assert "skyddade" not in done.stderr
    done = run("invite", "--person", "1001", "--output", str(tmp_path / "en.csv"))
    [row] = read_csv(tmp_path / "en.csv")[1:]
    assert row[:3] == ["", "", ""]
    assert invitations.hash_code(row[3]) in stored(engine, Invitation.code_hash)
    assert "Åsa" not in done.output
    named = run("set-password", "1001", typed=f"{GOOD}\n")
    assert "Åsa" not in named.output
    assert "1001 har fått ett nytt lösenord." in named.stderr
