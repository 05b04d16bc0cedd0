"""The schema's revisions, as the migrations make them."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from elearn.settings import data_dir

HEAD = "head"
VERSION_TABLE = "alembic_version"


def _alembic(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(data_dir("migrations")))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: sa.Connection, revision: str = HEAD) -> None:
    """Bring the schema up to a revision, inside the connection's transaction."""
    command.upgrade(_alembic(connection), revision)


def current(connection: sa.Connection) -> str | None:
    """The revision that this database has; None: it has no schema."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this program works with."""
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def is_known(revision: str) -> bool:
    """Whether this program has a migration to that revision. One from a later version has none."""
    try:
        return ScriptDirectory.from_config(_alembic()).get_revision(revision) is not None
    except CommandError:
        return False
