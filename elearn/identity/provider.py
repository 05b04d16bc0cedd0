"""The municipality's provider of OpenID Connect, as it answers: what it is like, its keys, and the token that
a code is exchanged for.

Only addresses of the configured issuer's own origin are asked, by https or on this machine, and no redirect
is followed (S27). Nothing here belongs inside a transaction: each answer may take seconds.
"""

import datetime as dt
import json
import logging
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

import requests
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from elearn.errors import ElearnError

log = logging.getLogger(__name__)

SECONDS = 5  # to connect, and for each piece of an answer
SECONDS_IN_ALL = 10
LARGEST_ANSWER = 256 * 1024
DESCRIPTION_LASTS = dt.timedelta(minutes=1)  # so that a provider that goes down is told within a minute
KEYS_LAST = dt.timedelta(hours=1)
KEYS_RENEWED_EVERY = dt.timedelta(minutes=1)  # at most, also when tokens name keys that nobody has
FAILURE_LASTS = dt.timedelta(seconds=10)
KINDS_OF_KEYS = frozenset({"RSA", "EC"})  # a symmetric one would let whoever reads it sign
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DISCOVERY = "/.well-known/openid-configuration"

AWAY = "Kommunens inloggning svarar inte just nu. Vänta en stund och försök igen."
WRONG = (
    "Kommunens inloggning gav ett svar som vi inte kan lita på. Försök igen. Händer det en gång till, "
    "berätta det för den som sköter Basutbildningen."
)


class SignOnRefused(ElearnError):
    """Nobody is let in by this answer of the provider's."""


class ProviderAway(ElearnError):
    """The provider gives no answer that can be read. The other ways in are as they were."""


@dataclass(frozen=True, slots=True)
class Client:
    """This application as the provider knows it."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Description:
    """Where the provider has what, from its discovery."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_secret_in_form: bool


def address_fault(issuer: str) -> str | None:
    """Why the configured issuer cannot be used, or None."""
    try:
        parts = urlsplit(issuer)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        _port_is_a_number = parts.port
    except ValueError:
        return "ELEARN_OIDC_ISSUER är ingen adress."
    if not is_safe or not parts.hostname or parts.query or parts.fragment or parts.username:
        return "ELEARN_OIDC_ISSUER ska vara en adress som börjar med https:// och slutar med sökvägen."
    return None


class Provider:
    """One per process. What the provider says of itself is kept a minute and its keys an hour; after a
    failure nobody waits for it again for ``FAILURE_LASTS``. Every method raises ``ProviderAway`` or
    ``SignOnRefused``."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._lock = threading.Lock()
        self._description: tuple[dt.datetime, Description] | None = None
        self._keys: tuple[dt.datetime, KeySet] | None = None
        self._failed_at: dt.datetime | None = None

    def description(self, now: dt.datetime) -> Description:
        """Where the provider has what."""
        with self._lock:
            kept = self._description
            if kept is None or not _holds(kept, now, DESCRIPTION_LASTS):
                kept = self._description = now, self._discover(now)
            return kept[1]

    def keys(self, now: dt.datetime, *, is_one_unknown: bool = False) -> KeySet:
        """The keys that the provider signs with. ``is_one_unknown``: a token names one that is not among
        them, so that they are asked for again, at most every ``KEYS_RENEWED_EVERY``."""
        place = self.description(now).jwks_uri
        with self._lock:
            kept, lasts = self._keys, KEYS_RENEWED_EVERY if is_one_unknown else KEYS_LAST
            if kept is None or not _holds(kept, now, lasts):
                kept = self._keys = now, _usable_keys(self._ask(now, "GET", place))
            return kept[1]

    def redeem(self, code: str, verifier: str, now: dt.datetime) -> str:
        """The ID token that this code is good for, unread."""
        described, client = self.description(now), self.client
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "code_verifier": verifier,
            "client_id": client.client_id,
        }
        in_header = None
        if described.takes_secret_in_form:
            form["client_secret"] = client.client_secret
        else:
            in_header = (quote_plus(client.client_id), quote_plus(client.client_secret))
        answer = self._ask(now, "POST", described.token_endpoint, form, in_header)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _refused("the token endpoint gave no id_token")
        return token

    def _discover(self, now: dt.datetime) -> Description:
        issuer = self.client.issuer
        told = self._ask(now, "GET", issuer.rstrip("/") + DISCOVERY)
        if told.get("issuer") != issuer:
            raise _refused("the discovery names another issuer than ELEARN_OIDC_ISSUER")
        places = {name: told.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        if not all(_is_at_home(place, issuer) for place in places.values()):
            raise _refused("the discovery leads to another origin than the issuer's")
        methods = told.get("token_endpoint_auth_methods_supported")
        return Description(
            authorization_endpoint=str(places["authorization_endpoint"]),
            token_endpoint=str(places["token_endpoint"]),
            jwks_uri=str(places["jwks_uri"]),
            takes_secret_in_form=isinstance(methods, list) and "client_secret_post" in methods,
        )

    def _ask(
        self,
        now: dt.datetime,
        method: str,
        address: str,
        form: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> dict[str, Any]:
        """The answer's JSON object."""
        if self._failed_at and now - FAILURE_LASTS < self._failed_at <= now:
            raise ProviderAway(AWAY)
        began = time.monotonic()
        try:
            answer = _fetch(method, address, form, auth)
        except (requests.RequestException, TimeoutError, OSError) as error:
            # What one visitor sends along may be what it cannot answer: nobody else is turned away for that.
            if form is None or not isinstance(error, requests.HTTPError):
                self._failed_at = now + dt.timedelta(seconds=time.monotonic() - began)
            log.warning("the sign-on provider did not answer: %s", type(error).__name__)
            raise ProviderAway(AWAY) from None
        self._failed_at = None
        return answer


def _fetch(
    method: str, address: str, form: dict[str, str] | None, auth: tuple[str, str] | None
) -> dict[str, Any]:
    ends_at = time.monotonic() + SECONDS_IN_ALL
    with requests.request(
        method, address, data=form, auth=auth, timeout=SECONDS, allow_redirects=False, stream=True
    ) as response:
        body = bytearray()
        for piece in response.iter_content(8192):
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise _refused("an answer was too large")
            if time.monotonic() > ends_at:
                raise TimeoutError
    if response.status_code >= 500:
        raise requests.HTTPError
    if response.status_code != 200:
        raise _refused(f"an answer had the status {response.status_code}")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise _refused("an answer was no JSON object")
    return answer


def _holds(kept: tuple[dt.datetime, object], now: dt.datetime, lasts: dt.timedelta) -> bool:
    return now - lasts < kept[0] <= now


def _is_at_home(address: object, issuer: str) -> bool:
    """Whether an address that the provider names has the issuer's own scheme, host and port."""
    if not isinstance(address, str):
        return False
    try:
        found, home = urlsplit(address), urlsplit(issuer)
        return (found.scheme, found.netloc) == (home.scheme, home.netloc) and address.isprintable()
    except ValueError:
        return False


def _usable_keys(answer: dict[str, Any]) -> KeySet:
    """The keys that a token may be signed with; what else the set holds is passed over."""
    found = answer.get("keys")
    keys = []
    for told in found if isinstance(found, list) else ():
        is_usable = isinstance(told, dict) and told.get("kty") in KINDS_OF_KEYS and told.get("use") != "enc"
        try:
            keys += KeySet.import_key_set({"keys": [told]}).keys if is_usable else []
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    if not keys:
        raise _refused("the key set holds no key to check a signature with")
    return KeySet(keys)


def _refused(reason: str) -> SignOnRefused:
    """The reason stands in the log alone: the operator can do something about it, the visitor cannot."""
    log.warning("sign-on refused: %s", reason)
    return SignOnRefused(WRONG)
