"""Databases on a server of PostgreSQL."""

import sqlalchemy as sa


def new_database(server: sa.URL, name: str) -> sa.URL:
    """An empty database with this name."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.set(database=name)
