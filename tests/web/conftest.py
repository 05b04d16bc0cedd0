"""The server over a small course and a small municipality: on both engines (``app``), or where the engine
does not matter on SQLite alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.content import folders
from tests.web import town


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Flask]:
    app = town.application(url, folders.write(folder / "courses"))
    yield app
    app.extensions["elearn"].engine.dispose()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with serving(database_url, tmp_path) as app:
        yield app


@pytest.fixture
def sqlite_app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with serving(sqlite_url, tmp_path) as app:
        yield app
