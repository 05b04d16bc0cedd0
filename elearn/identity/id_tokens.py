"""Whether an ID token is the provider's, for this application and this login, and holds now (S25)."""

import datetime as dt
import logging
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from elearn.identity.provider import WRONG, Provider, SignOnRefused

log = logging.getLogger(__name__)

# Signed with a private key: neither "none" nor a secret that both sides know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
CLOCK_SKEW_SECONDS = 60
LONGEST_TOKEN = 64 * 1024


def read(provider: Provider, token: str, nonce: str, now: dt.datetime) -> dict[str, Any]:
    """The claims of a token that can be trusted. One signed with a key that the provider has got since its
    keys were read is checked against them anew. Raises ``SignOnRefused``, ``ProviderAway``."""
    try:
        try:
            return _check(provider, token, provider.keys(now), nonce, now)
        except InvalidKeyIdError:
            return _check(provider, token, provider.keys(now, is_one_unknown=True), nonce, now)
    # ValueError and TypeError: what the libraries make of a token that is none.
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        reason = error.error if isinstance(error, JoseError) else type(error).__name__
        log.warning("sign-on refused: the token's fault is %s", reason)
        raise SignOnRefused(WRONG) from None


def _check(provider: Provider, token: str, keys: KeySet, nonce: str, now: dt.datetime) -> dict[str, Any]:
    client = provider.client
    if len(token) > LONGEST_TOKEN:
        raise ValueError
    decoded = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        {
            "iss": {"essential": True, "value": client.issuer},
            "aud": {"essential": True, "value": client.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True},
        },
        {"nonce": nonce, "client_id": client.client_id},
    )
    claims.validate(now=int(now.timestamp()), leeway=CLOCK_SKEW_SECONDS)
    return dict(claims)
