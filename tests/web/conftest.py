"""The server over a small course and a small municipality: on both engines (``app``), or where the engine
does not matter on SQLite alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.content import folders
from tests.web import town


@contextmanager
def serving(url: str, folder: Path, roles: Mapping[str, str] | None = None) -> Iterator[Flask]:
    """Over one course, or one for each of ``roles`` (slug -> job role)."""
    courses = folder / "courses"
    app = town.application(url, folders.write_roles(courses, **roles) if roles else folders.write(courses))
    yield app
    app.extensions["elearn"].engine.dispose()


@pytest.fixture
def app(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """With the courses of the test module's ``ROLES``, if it has any."""
    with serving(database_url, tmp_path, getattr(request.module, "ROLES", None)) as app:
        yield app


@pytest.fixture
def sqlite_app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with serving(sqlite_url, tmp_path) as app:
        yield app
