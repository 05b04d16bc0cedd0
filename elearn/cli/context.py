"""What every command starts from: the settings, the engine, today's date and the catalogue."""

import datetime as dt

import sqlalchemy as sa

from elearn import clock, database
from elearn.settings import Settings


def settings() -> Settings:
    return Settings.from_environment()


def engine(settings: Settings) -> sa.Engine:
    return database.make_engine(settings.database_url)


def today(settings: Settings) -> dt.date:
    return clock.today(settings.today)
