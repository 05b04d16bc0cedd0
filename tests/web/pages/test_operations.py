"""The administrator's page on how the installation is, and whether the server is ready."""

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn import clock, database
from elearn.operations import backup, restore
from elearn.operations.models import BackupRun
from tests.content import folders
from tests.operations import places
from tests.web import town
from tests.web.test_outages import nowhere


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return town.login(app, town.build(app.extensions["elearn"].engine).people["administrator"])


def run(app: Flask, kind: str, *, hours_ago: float, fault: str | None = None) -> None:
    moment = clock.now() - dt.timedelta(hours=hours_ago)
    with database.transaction(app.extensions["elearn"].engine) as session:
        session.add(
            BackupRun(
                kind=kind,
                taken_at=moment,
                ended_at=moment,
                file_name="elearn-x.backup",
                byte_count=1_234_567,
                row_count=82_492,
                is_encrypted=True,
                finding_count=0,
                fault=fault,
            )
        )


def test_without_a_backup_the_page_says_what_to_do(administrator: FlaskClient) -> None:
    page = administrator.get("/drift").text
    assert "Ingen säkerhetskopia är tagen. Kör: elearn backup" in page
    assert "De senaste gångerna" not in page


@pytest.mark.parametrize(("hours", "is_old"), [(25.9, False), (26.1, True)])
def test_after_26_hours_it_warns(app: Flask, administrator: FlaskClient, hours: float, is_old: bool) -> None:
    run(app, "taken", hours_ago=hours)
    page = administrator.get("/drift").text
    assert ("Den ska vara högst 26 timmar" in page) == is_old
    assert ("för 25 timmar sedan" in page) == (not is_old)
    assert "1\N{NO-BREAK SPACE}235 kB" in page
    assert "82\N{NO-BREAK SPACE}492" in page
    assert "elearn-x.backup, krypterad" in page


def test_a_failed_one_is_told_with_its_reason(app: Flask, administrator: FlaskClient) -> None:
    run(app, "taken", hours_ago=2)
    run(app, "failed", hours_ago=1, fault="Disken är full.")
    page = administrator.get("/drift").text
    assert "Den senaste säkerhetskopian misslyckades. Disken är full." in page
    run(app, "taken", hours_ago=0)
    assert "Den senaste säkerhetskopian misslyckades" not in administrator.get("/drift").text


def test_a_restored_database_says_so_and_since_when(sqlite_app: Flask, tmp_path: Path) -> None:
    source, target = sqlite_app.extensions["elearn"].engine, places.empty_sqlite(tmp_path)
    people = places.lived_in(source)
    taken = backup.take(source, places.deed(), tmp_path / "x.backup", None)
    restore.restore(target, places.deed(), taken.path, None)
    url = target.url.render_as_string(hide_password=False)
    app = town.application(url, folders.write(tmp_path / "again"))
    page = town.login(app, people["administrator"]).get("/drift").text
    assert "Databasen är återläst den" in page
    assert "Det som gjordes däremellan finns inte med." in page
    assert "Återläst hit" in page
    assert "Gör något" not in page
    target.dispose()
    app.extensions["elearn"].engine.dispose()


def test_it_tells_what_has_to_be_put_right(sqlite_app: Flask, tmp_path: Path) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    (tmp_path / "elearn.db").chmod(0o644)
    page = town.login(sqlite_app, people["administrator"]).get("/drift").text
    assert "Andra användare på datorn kan läsa" in page
    assert "<dt>Personer med anställning i dag</dt><dd>10</dd>" in page  # one of eleven has left
    assert "<dt>Personalen lästes in</dt><dd>Inte än</dd>" in page


def test_the_menu_leads_there_and_nobody_else_gets_there(sqlite_app: Flask) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    assert 'href="/drift"' in town.login(sqlite_app, people["administrator"]).get("/").text
    for who in ("employee", "manager", "vpc"):
        client = town.login(sqlite_app, people[who])
        assert 'href="/drift"' not in client.get("/").text
        assert client.get("/drift").status_code == 403


def test_readyz_tells_ok_or_503_and_nothing_else(app: Flask, tmp_path: Path) -> None:
    engine = app.extensions["elearn"].engine
    client = app.test_client()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.text) == (200, "ok")
    assert ready.headers.getlist("Set-Cookie") == []
    app.extensions["readiness"]._known = None  # two seconds later
    engine.dispose()
    with nowhere(engine, tmp_path):
        away = client.get("/readyz")
    assert (away.status_code, away.text) == (503, "503")
    assert away.content_type.startswith("text/plain")
