"""A provider of OpenID Connect on loopback that answers whatever a test wants: over real HTTP, with real
keys."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from elearn.identity.provider import Client, Provider
from tests.builders import NOW

CLIENT_ID, SECRET = "basutbildningen", "hemlig/med:tecken"
REDIRECT = "http://localhost/logga-in/konto/svar"
KEY = RSAKey.generate_key(2048, {"kid": "ett", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "ett", "use": "sig"})  # the same name, another key
NEXT_KEY = RSAKey.generate_key(2048, {"kid": "två", "use": "sig"})
CURVE_KEY = ECKey.generate_key("P-256", {"kid": "kurva", "use": "sig"})
Claims = dict[str, Any]


def signed(claims: Claims, key: Any = KEY, alg: str = "RS256", kid: str | None = "ett") -> str:
    header = {"alg": alg} | ({"kid": kid} if kid else {})
    return jwt.encode(header, claims, key, algorithms=[alg])


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def unsigned(claims: Claims, alg: str = "none") -> str:
    """A header with this algorithm, the claims, and no signature."""
    parts = ({"alg": alg, "typ": "JWT", "kid": "ett"}, claims)
    return ".".join([*(encoded(json.dumps(part).encode()) for part in parts), ""])


def signed_with_the_public_key_as_a_secret(claims: Claims) -> str:
    """Everybody knows the public key; no library signs so any more."""
    what = unsigned(claims, "HS256").rstrip(".")
    return f"{what}.{encoded(hmac.digest(KEY.as_pem(private=False), what.encode(), 'sha256'))}"


@dataclass
class ForgingProvider:
    """``alter`` changes the claims, ``sign`` makes the token of them; ``answers`` replaces a whole answer by
    (status, body, headers)."""

    issuer: str
    alter: Callable[[Claims], Claims] = dict
    sign: Callable[[Claims], str] = signed
    keys: list[Any] = field(default_factory=lambda: [KEY])
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    now: int = int(NOW.timestamp())
    waits_for: threading.Event | None = None

    def authorize(self, address: str) -> dict[str, str]:
        """What the provider sends the browser back with, once somebody has logged in there."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT_ID, REDIRECT)
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, body: bytes, authorization: str) -> tuple[int, bytes, dict[str, str]]:
        self.asked.append(path)
        if self.waits_for:
            self.waits_for.wait(20)
        if path in self.answers:
            return self.answers[path]
        found = {
            "/.well-known/openid-configuration": lambda: self._description(),
            "/keys": lambda: KeySet(self.keys).as_dict(private=False),
            "/token": lambda: self._token(body, authorization),
        }[path]()
        return (200 if "error" not in found else 400), json.dumps(found).encode(), {}

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?policy=b2",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        } | self.described

    def _token(self, body: bytes, authorization: str) -> dict[str, Any]:
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        asked = self.codes.pop(sent["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest())
        basic = base64.b64encode(b"basutbildningen:hemlig%2Fmed%3Atecken").decode()
        if (
            asked is None
            or challenge.decode().rstrip("=") != asked["code_challenge"]
            or (sent.get("client_secret") != SECRET and authorization != f"Basic {basic}")
            or sent["redirect_uri"] != REDIRECT
        ):
            return {"error": "invalid_grant"}
        claims: Claims = {
            "iss": self.issuer,
            "sub": "en-pseudonym",
            "aud": CLIENT_ID,
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": asked["nonce"],
            "employeeid": "1001",
            "email": "sara@example.se",
        }
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(self.alter(claims))}

    def provider(self) -> Provider:
        """The application's side of it, anew."""
        return Provider(Client(self.issuer, CLIENT_ID, SECRET, REDIRECT))


@contextmanager
def serving() -> Iterator[ForgingProvider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            path = urlsplit(self.path).path
            status, body, headers = forger.answer(
                path, self.rfile.read(length), self.headers.get("Authorization", "")
            )
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  http.server's own name

        def log_request(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forger = ForgingProvider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield forger
    if forger.waits_for:
        forger.waits_for.set()
    server.shutdown()
    server.server_close()
