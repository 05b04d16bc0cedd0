"""The measure over time on the coverage page: for VPC, of the whole municipality, beside today's figure."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from elearn import database
from elearn.reports import measurement_actions
from elearn.training import curriculum
from elearn.web import measures
from tests import builders
from tests.content import folders
from tests.reports import measured
from tests.web import town

FROZEN_ON = dt.date(2026, 6, 30)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """With a measurement of 30 June, when nobody was trained, and a unit where everybody is since."""
    courses = folders.write_roles(tmp_path / "courses", forskola="förskola", socialtjanst="socialtjänst")
    app = town.application(database_url, courses)
    engine = app.extensions["elearn"].engine
    app.config["people"] = town.build(engine).people
    required = curriculum.from_catalog(app.extensions["elearn"].shelf.current())
    with database.transaction(engine) as session:
        deed = builders.deed(today=town.TODAY)
        measurement_actions.freeze_measurement(
            session, deed, required, FROZEN_ON, measured.NINE_TENTHS, "Halvår"
        )
    yield app
    engine.dispose()


def page_of(app: Flask, role: str, query: str = "") -> str:
    return town.login(app, app.config["people"][role]).get(f"/tackning{query}").text


def test_what_the_trend_says(app: Flask) -> None:
    page = page_of(app, "vpc")
    assert measures.MEASURE in page
    assert re.search(r"är 0,0.% i dag, lika mycket som den 30.juni 2026\.", page)
    assert '<figure class="trend">' in page


def test_the_trend_stands_beside_todays_figure_of_the_whole_alone(app: Flask) -> None:
    for role, query in (
        ("vpc", "?datum=2026-11-01"),
        ("vpc", "?namnd=Utbildningsn%C3%A4mnden"),
        ("coordinator", ""),
        ("working-group", ""),
    ):
        assert '<figure class="trend">' not in page_of(app, role, query), (role, query)
    assert '<figure class="trend">' in page_of(app, "vpc", "?oppna=U")


def test_the_latest_measurements_day_is_a_shortcut(app: Flask) -> None:
    assert re.search(
        r'href="/tackning\?datum=2026-06-30">Senaste mätningen, 30.juni 2026<', page_of(app, "vpc")
    )
    assert "Senaste mätningen" not in page_of(app, "coordinator")
