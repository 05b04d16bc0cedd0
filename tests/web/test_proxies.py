"""Whose address a failed login counts for: the proxy's word is believed as far as the settings say (S11)."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.identity.models import LoginFailure
from tests.content import folders
from tests.web import town


def fail_behind(app: Flask, *forwarded: str) -> list[str]:
    """The stored addresses, hashed, of a failed login for each ``X-Forwarded-For``."""
    client = app.test_client()
    token = town.token_in(client.get("/logga-in").text)
    for number, header in enumerate(forwarded):
        form = {"csrf_token": token, "anstallningsnr": f"gissning {number}", "losenord": "fel"}
        assert client.post("/logga-in", data=form, headers={"X-Forwarded-For": header}).status_code == 422
    with database.snapshot(app.extensions["elearn"].engine) as session:
        return list(session.scalars(sa.select(LoginFailure.address_hash).order_by(LoginFailure.id)))


@pytest.mark.parametrize(
    ("trusted", "forwarded", "are_two"),
    [
        (0, ("192.0.2.1", "192.0.2.2"), False),
        (1, ("192.0.2.1", "192.0.2.2"), True),
        (1, ("192.0.2.1", "192.0.2.1"), False),
        (1, ("198.51.100.1, 192.0.2.1", "198.51.100.2, 192.0.2.1"), False),
        (2, ("198.51.100.1, 192.0.2.1", "198.51.100.2, 192.0.2.1"), True),
    ],
)
def test_a_forwarded_address_counts_as_far_as_proxies_are_trusted(
    sqlite_url: str, tmp_path: Path, trusted: int, forwarded: tuple[str, str], are_two: bool
) -> None:
    """Behind one proxy everybody would else share its address; what a client puts before it is no address."""
    app = town.application(sqlite_url, folders.write(tmp_path / "c"), trusted_proxies=trusted)
    one, other = fail_behind(app, *forwarded)
    assert (one != other) is are_two
    app.extensions["elearn"].engine.dispose()
