"""The log: one line for each event, and of an error no more than its class and its place."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest

from elearn import logs
from elearn.logs import LogForm


@pytest.fixture(params=list(LogForm))
def form(request: pytest.FixtureRequest) -> Iterator[LogForm]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield request.param
    root.handlers[:], root.level = before


def written(form: LogForm, quoted: str = "inget tal") -> str:
    """A visit, a warning and an error that quotes ``quoted``."""
    stream = io.StringIO()
    configuration = logs.configuration(form)
    configuration["handlers"]["error"]["stream"] = stream
    logging.config.dictConfig(configuration)
    log = logging.getLogger("elearn.prov")
    log.info("en visning")
    log.warning("Kursen %s läses inte", "fritid")
    try:
        int(quoted)
    except ValueError:
        log.exception("Ett fel\npå två rader")
    return stream.getvalue()


def test_visits_are_not_logged_and_a_faults_own_words_are_left_out(form: LogForm) -> None:
    """S31: an error of the database's quotes what somebody's row holds."""
    text = written(form, "Sara Lind 100001")
    assert "Sara" not in text
    assert "100001" not in text
    assert "visning" not in text
    assert "ValueError" in text
    assert "test_logs.py" in text


def test_an_event_is_one_line_of_json() -> None:
    first, second = map(json.loads, written(LogForm.JSON).splitlines())
    assert first.pop("at").endswith("+00:00")
    assert first == {"level": "warning", "logger": "elearn.prov", "message": "Kursen fritid läses inte"}
    assert second["message"] == "Ett fel\npå två rader"
    assert second["where"].endswith("ValueError")
