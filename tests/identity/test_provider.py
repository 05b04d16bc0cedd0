"""What is asked of the provider, how often, and what is made of an answer that is none."""

import datetime as dt
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from elearn.identity import oidc, provider
from elearn.identity.provider import Client, Provider, ProviderAway, SignOnRefused
from tests.builders import NOW
from tests.identity import forging
from tests.identity.forging import KEY, NEXT_KEY, ForgingProvider

DISCOVERY = "/.well-known/openid-configuration"
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def forger() -> Iterator[ForgingProvider]:
    with forging.serving() as forger:
        yield forger


def test_what_the_provider_is_like_is_asked_once_a_minute(forger: ForgingProvider) -> None:
    ours = forger.provider()
    for moment in (NOW, NOW + MINUTE - SECOND, NOW + MINUTE, NOW + MINUTE + SECOND):
        ours.description(moment)
    assert forger.asked == [DISCOVERY, DISCOVERY]


def test_the_keys_are_asked_for_once_an_hour_and_for_an_unknown_one_once_a_minute(
    forger: ForgingProvider,
) -> None:
    ours = forger.provider()
    assert len(ours.keys(NOW).keys) == 1
    forger.keys = [KEY, NEXT_KEY]
    assert len(ours.keys(NOW + HOUR - SECOND).keys) == 1
    assert len(ours.keys(NOW + HOUR).keys) == 2
    for seconds in range(0, 60, 5):
        ours.keys(NOW + HOUR + seconds * SECOND, is_one_unknown=True)
    assert forger.asked.count("/keys") == 2
    ours.keys(NOW + HOUR + MINUTE, is_one_unknown=True)
    assert forger.asked.count("/keys") == 3


def test_a_clock_that_went_back_keeps_nothing_for_ever(forger: ForgingProvider) -> None:
    """S42."""
    ours = forger.provider()
    ours.description(NOW + dt.timedelta(days=400))
    ours.description(NOW)
    assert len(forger.asked) == 2


def test_keys_that_sign_nothing_are_passed_over(forger: ForgingProvider) -> None:
    """Symmetric ones, those to encrypt with, and what is no key at all."""
    good = KEY.as_dict(private=False)
    others = [
        {"kty": "oct", "k": "aGVq", "kid": "s"},
        good | {"use": "enc"},
        {"kty": "RSA"},
        {"kty": "ny"},
        "x",
        None,
    ]
    answer = json.dumps({"keys": [*others, good]}).encode()
    forger.answers["/keys"] = (200, answer, {})
    assert [key.kid for key in forger.provider().keys(NOW).keys] == ["ett"]
    for useless in ({"keys": others}, {"keys": []}, {"keys": 1}, {}):
        forger.answers["/keys"] = (200, json.dumps(useless).encode(), {})
        with pytest.raises(SignOnRefused):
            forger.provider().keys(NOW)


RUBBISH = {
    "no JSON": (200, b"<html>Inloggning</html>", {}),
    "JSON that is no object": (200, b"[1]", {}),
    "JSON without end": (200, b"[" * 100_000, {}),
    "nothing": (200, b"", {}),
    "not UTF-8": (200, b'{"issuer": "\xff"}', {}),
    "too much": (200, b" " * 262_145, {}),
    "another status": (404, b"{}", {}),
    "another page": (302, b"", {"Location": "http://127.0.0.1:1/"}),
}


@pytest.mark.parametrize("what", RUBBISH)
def test_rubbish_is_refused_and_told(forger: ForgingProvider, what: str) -> None:
    forger.answers[DISCOVERY] = RUBBISH[what]
    with pytest.raises(SignOnRefused, match="inte kan lita på"):
        forger.provider().description(NOW)


def test_an_answer_may_be_as_large_as_the_limit(forger: ForgingProvider) -> None:
    whole = json.dumps(
        {
            "issuer": forger.issuer,
            **dict.fromkeys(("authorization_endpoint", "token_endpoint", "jwks_uri"), f"{forger.issuer}/x"),
        }
    ).encode()
    forger.answers[DISCOVERY] = (200, whole + b" " * (262_144 - len(whole)), {})
    assert forger.provider().description(NOW).token_endpoint.endswith("/x")


def test_a_redirect_is_followed_nowhere(forger: ForgingProvider) -> None:
    """S27: not even to where everything would be as it should."""
    with forging.serving() as other:
        forger.answers[DISCOVERY] = (302, b"", {"Location": other.issuer + DISCOVERY})
        with pytest.raises(SignOnRefused):
            forger.provider().description(NOW)
        assert other.asked == []


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address",
    ["https://ond.example/x", "http://127.0.0.1:1/x", "https://127.0.0.1/x", "//ond.example", "x", None, 7,
     "http://[", "javascript:alert(1)"],
)  # fmt: skip
def test_the_provider_leads_nowhere_but_home(forger: ForgingProvider, name: str, address: object) -> None:
    """S27: an address comes from the configuration alone."""
    forger.described = {name: address}
    with pytest.raises(SignOnRefused):
        oidc.begin(forger.provider(), NOW)


def test_another_issuers_description_is_not_taken(forger: ForgingProvider) -> None:
    for issuer in (forger.issuer + "/", "https://ond.example", None):
        forger.described = {"issuer": issuer}
        with pytest.raises(SignOnRefused):
            forger.provider().description(NOW)


def test_a_secret_goes_in_the_form_or_if_that_is_not_taken_in_the_header(forger: ForgingProvider) -> None:
    """The forging provider gives no token without it; in the header both parts are escaped (RFC 6749)."""
    for methods in (["client_secret_post"], ["client_secret_basic"], None):
        forger.described = {"token_endpoint_auth_methods_supported": methods}
        ours = forger.provider()
        address, ticket = oidc.begin(ours, NOW)
        assert ours.redeem(forger.authorize(address)["code"], ticket.verifier, NOW).count(".") == 2


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def at(address: str) -> Provider:
    return Provider(Client(address, "k", "s", "http://localhost/svar"))


def test_a_provider_that_is_down_is_told_and_not_asked_again_for_ten_seconds(forger: ForgingProvider) -> None:
    ours = forger.provider()
    forger.answers[DISCOVERY] = (503, b"", {})
    with pytest.raises(ProviderAway, match="svarar inte just nu"):
        ours.description(NOW)
    del forger.answers[DISCOVERY]
    with pytest.raises(ProviderAway):
        ours.description(NOW + 9 * SECOND)
    assert len(forger.asked) == 1
    assert ours.description(NOW + 11 * SECOND)
    with pytest.raises(ProviderAway):
        at(f"http://127.0.0.1:{closed_port()}").description(NOW)


def test_a_code_that_the_provider_stumbles_over_turns_nobody_else_away(forger: ForgingProvider) -> None:
    ours = forger.provider()
    address, ticket = oidc.begin(ours, NOW)
    code = forger.authorize(address)["code"]
    forger.answers["/token"] = (500, b"", {})
    with pytest.raises(ProviderAway):
        ours.redeem("made up by a stranger", ticket.verifier, NOW)
    del forger.answers["/token"]
    assert ours.redeem(code, ticket.verifier, NOW).count(".") == 2


def test_a_provider_that_never_answers_costs_a_bounded_time(
    forger: ForgingProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "SECONDS", 0.1)
    forger.waits_for = threading.Event()
    with pytest.raises(ProviderAway):
        forger.provider().description(NOW)


def test_a_provider_that_answers_by_the_drop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each drop is in time; all of them together are not."""
    monkeypatch.setattr(provider, "SECONDS_IN_ALL", 0.1)
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(500):
                if over.wait(0.02):
                    return
                connection.sendall(b"1\r\n \r\n")

    threading.Thread(target=drip, daemon=True).start()
    with pytest.raises(ProviderAway):
        at(f"http://127.0.0.1:{listener.getsockname()[1]}").description(NOW)
    over.set()
    listener.close()


@pytest.mark.parametrize(
    ("issuer", "is_right"),
    [
        ("https://login.microsoftonline.com/0/v2.0", True),
        ("https://adfs.kommun.example/adfs", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost:8080", True),
        ("http://adfs.kommun.example/adfs", False),
        ("https://", False),
        ("https://a.example?x=1", False),
        ("https://a.example#x", False),
        ("https://u:p@a.example", False),
        ("https://a.example:port", False),
        ("https://[", False),
        ("login.example", False),
        ("file:///etc/passwd", False),
    ],
)  # fmt: skip
def test_the_issuer_is_a_safe_address(issuer: str, is_right: bool) -> None:
    assert (provider.address_fault(issuer) is None) is is_right


def test_what_goes_wrong_stands_in_the_log_without_anybodys_token(
    forger: ForgingProvider, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """S31."""
    forger.answers["/token"] = (200, b'{"id_token": 7, "secret": "sara@example.se"}', {})
    ours = forger.provider()
    with pytest.raises(SignOnRefused):
        ours.redeem("koden", "x", NOW)
    assert "gave no id_token" in caplog.text
    assert "sara" not in caplog.text
    assert "koden" not in caplog.text
