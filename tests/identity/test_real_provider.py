"""Single sign-on at a real provider (npm's oidc-provider): its discovery, its login pages, its keys."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
import sqlalchemy as sa

from elearn import clock, database
from elearn.identity import oidc
from elearn.identity.entry import Door
from elearn.identity.oidc import Match
from elearn.identity.provider import Client, Provider, SignOnRefused
from elearn.settings import PersonColumn
from tests import builders
from tests.builders import TODAY

ROOT = Path(__file__).parent.parent.parent
INSTALLED = (
    ROOT / ".venv" / "oidc-provider"
)  # by `make .venv/oidc-provider/.installed`, which `make test` does
PROGRAM = Path(__file__).parent / "provider" / "provider.mjs"
REDIRECT = "http://localhost/logga-in/konto/svar"
CLIENT_ID, SECRET = "basutbildningen", "hemlig/till+prov:ett%"


@contextmanager
def running(authentication: str) -> Iterator[str]:
    """The issuer of a provider that takes the client's secret so."""
    node = shutil.which("node")
    if not (node and (INSTALLED / "node_modules" / "oidc-provider").is_dir()):
        if not os.environ.get("ELEARN_TEST_NEEDS_ALL"):
            pytest.skip("npm's oidc-provider is not installed")
        pytest.fail(
            "a real provider is needed here: install Node and run make .venv/oidc-provider/.installed"
        )
    command = [node, PROGRAM, INSTALLED, REDIRECT, CLIENT_ID, SECRET, authentication]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture(scope="module", params=["client_secret_post", "client_secret_basic"])
def issuer(request: pytest.FixtureRequest) -> Iterator[str]:
    with running(request.param) as issuer:
        yield issuer


@pytest.fixture
def sara(engine: sa.Engine) -> int:
    with database.transaction(engine) as session:
        someone = builders.person(session, number="1001", email="1001@kommun.example")
        builders.employ(session, someone, builders.unit(session, "U1"))
        return someone.id


def log_in_there(address: str, name: str) -> dict[str, str]:
    """As a browser: the login form, the consent, and back to the address that is ours."""
    browser = requests.Session()
    answer = browser.get(address, allow_redirects=False)
    for _ in range(20):
        if answer.status_code in (302, 303):
            target = urljoin(answer.url, answer.headers["Location"])
            if target.startswith(REDIRECT):
                return dict(parse_qsl(urlsplit(target).query))
            answer = browser.get(target, allow_redirects=False)
        else:
            action = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)
            assert action, answer.text
            assert prompt, answer.text
            fields = {"prompt": prompt[1], "login": name, "password": "vad som helst"}
            answer = browser.post(urljoin(answer.url, action[1]), data=fields, allow_redirects=False)
    raise AssertionError("the provider never led back")


@pytest.mark.parametrize(
    "match", [Match("employeeid", PersonColumn.NUMBER), Match("email", PersonColumn.EMAIL)]
)
def test_a_real_account_leads_in(engine: sa.Engine, sara: int, issuer: str, match: Match) -> None:
    provider = Provider(Client(issuer, CLIENT_ID, SECRET, REDIRECT))
    door = _door(engine)
    address, ticket = oidc.begin(provider, door.now)
    answer = log_in_there(address, "1001")
    assert answer["iss"] == issuer
    assert oidc.finish(door, provider, match, ticket, answer, None).person_id == sara


def test_a_real_account_of_nobodys_is_told(engine: sa.Engine, sara: int, issuer: str) -> None:
    provider = Provider(Client(issuer, CLIENT_ID, SECRET, REDIRECT))
    door = _door(engine)
    address, ticket = oidc.begin(provider, door.now)
    answer = log_in_there(address, "1002")
    with pytest.raises(SignOnRefused, match="ingen anställning"):
        oidc.finish(door, provider, Match("employeeid", PersonColumn.NUMBER), ticket, answer, None)


def test_a_wrong_secret_and_a_verifier_of_another_login_are_refused_there(
    engine: sa.Engine, sara: int, issuer: str
) -> None:
    door, match = _door(engine), Match("employeeid", PersonColumn.NUMBER)
    stranger = Provider(Client(issuer, CLIENT_ID, "fel", REDIRECT))
    address, ticket = oidc.begin(stranger, door.now)
    with pytest.raises(SignOnRefused):
        oidc.finish(door, stranger, match, ticket, log_in_there(address, "1001"), None)
    provider = Provider(Client(issuer, CLIENT_ID, SECRET, REDIRECT))
    address, ticket = oidc.begin(provider, door.now)
    other = oidc.Ticket(
        ticket.state, ticket.nonce, oidc.begin(provider, door.now)[1].verifier, ticket.began_at
    )
    with pytest.raises(SignOnRefused):
        oidc.finish(door, provider, match, other, log_in_there(address, "1001"), None)


def _door(engine: sa.Engine) -> Door:
    """At the real time: the provider's clock cannot be moved."""
    return Door(engine, bytes(range(32)), "192.0.2.1", clock.now(), TODAY, "Botkyrka kommun")
