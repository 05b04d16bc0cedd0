"""What every command starts from: the settings, the engine, today's date and the catalogue."""

import datetime as dt
import getpass

import click
import sqlalchemy as sa

from elearn import clock, database
from elearn.errors import Refused
from elearn.journal.deed import Deed, operator
from elearn.settings import Settings


def settings() -> Settings:
    return Settings.from_environment()


def engine(settings: Settings) -> sa.Engine:
    """The command's engine. Its connections are closed when the command ends, whichever way it ends."""
    engine = database.make_engine(settings.database_url)
    if command := click.get_current_context(silent=True):
        command.call_on_close(engine.dispose)
    return engine


def migrated_engine(settings: Settings) -> sa.Engine:
    """The command's engine, for one that needs today's tables: an old or empty schema is refused in words."""
    made = engine(settings)
    if fault := database.schema_fault(made):
        raise Refused(fault)
    return made


def today(settings: Settings) -> dt.date:
    return clock.today(settings.today)


def deed(settings: Settings) -> Deed:
    """This command as an act: the operator by the login name on this machine, now."""
    return Deed(operator(getpass.getuser()), clock.now(), today(settings))
