"""What Prometheus reads: every answer counted once, by view, and no trace of a person or of a visit to the
pages for everybody."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from elearn.settings import Settings
from tests.content import folders
from tests.web import town

TOKEN = "a-token-of-thirty-characters-x"


@pytest.fixture
def counted_app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    courses = folders.write(tmp_path / "courses")
    app = town.application(sqlite_url, courses, metrics_token=TOKEN)
    yield app
    app.extensions["elearn"].engine.dispose()


def as_seen_by(app: Flask, what: str) -> FlaskClient:
    return town.login(app, town.build(app.extensions["elearn"].engine).people[what])


def figures(app: Flask) -> dict[tuple[str, ...], float]:
    """(name, view, method, status) -> value, of what has been counted."""
    response = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    return {
        (sample.name, *(sample.labels.get(name, "") for name in ("view", "method", "status"))): sample.value
        for family in text_string_to_metric_families(response.get_data(as_text=True))
        for sample in family.samples
        if sample.name in ("elearn_requests_total", "elearn_request_seconds_count")
    }


def test_every_answer_is_counted_once_by_its_view_and_status(counted_app: Flask) -> None:
    sara = as_seen_by(counted_app, "employee")
    before = figures(counted_app)
    for _ in range(3):
        assert sara.get("/").status_code == 200
    assert sara.get("/min-enhet").status_code == 403
    assert sara.post("/logga-ut", data={}).status_code == 400
    after = figures(counted_app)
    grown = {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)}
    assert grown == {
        ("elearn_requests_total", "start.start_page", "GET", "200"): 3,
        ("elearn_request_seconds_count", "start.start_page", "", ""): 3,
        ("elearn_requests_total", "team.own_units", "GET", "403"): 1,
        ("elearn_request_seconds_count", "team.own_units", "", ""): 1,
    }


@pytest.mark.parametrize(
    "path", ["/stod", "/om", "/lamna", "/logga-in", "/healthz", "/metrics", "/static/style.css"]
)
def test_a_visit_to_a_page_for_everybody_changes_no_figure(counted_app: Flask, path: str) -> None:
    """S5."""
    before = figures(counted_app)
    for method in ("GET", "POST"):
        counted_app.test_client().open(path, method=method, buffered=True).close()
    assert figures(counted_app) == before


def test_made_up_addresses_and_methods_make_one_line(counted_app: Flask) -> None:
    client = counted_app.test_client()
    for method in ("GET", "BREW", "ZAP"):
        client.open("/kurs-som-inte-finns/19850101", method=method)
    unknown = [key for key in figures(counted_app) if "unknown" in key]
    assert sorted(unknown) == [
        ("elearn_request_seconds_count", "unknown", "", ""),
        ("elearn_requests_total", "unknown", "unknown", "404"),
    ]


def test_no_address_number_or_name_is_in_the_figures(counted_app: Flask) -> None:
    johan = as_seen_by(counted_app, "manager")
    johan.get("/min-enhet/F1?sok=Sara")
    text = counted_app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert not re.search(r"F1|Sara|100[0-9]\b|/", text.get_data(as_text=True).replace("elearn/", ""))


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer åäö"]
)
def test_without_the_token_nothing_is_told(counted_app: Flask, given: str) -> None:
    headers = {"Authorization": given.encode().decode("latin-1")}
    response = counted_app.test_client().get("/metrics", headers=headers)
    assert (response.status_code, response.data) == (401, b"")


def test_without_the_setting_the_address_does_not_exist(sqlite_app: Flask) -> None:
    assert sqlite_app.test_client().get("/metrics").status_code == 404
    assert "metrics" not in sqlite_app.extensions


def test_a_token_has_at_least_twenty_characters() -> None:
    assert Settings(metrics_token="x" * 20).metrics_token.get_secret_value()  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="minst 20 tecken"):
        Settings(metrics_token="x" * 19)  # type: ignore[arg-type]
