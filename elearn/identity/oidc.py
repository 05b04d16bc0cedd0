"""Single sign-on by OpenID Connect: the code flow with PKCE, a state and a nonce that belong to one browser
(S25).

``begin`` gives the address to send somebody to and a ticket for the signed cookie; ``finish`` takes both
back. Whom the account means is decided by one configured claim and one column of the personnel system's file,
and only somebody who is employed today gets in.
"""

import datetime as dt
import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from elearn import database
from elearn.database import Session
from elearn.identity import entry, holders, id_tokens
from elearn.identity.entry import Door, Entered
from elearn.identity.holders import Holder
from elearn.identity.models import UsedState
from elearn.identity.provider import AWAY, WRONG, Provider, ProviderAway, SignOnRefused
from elearn.settings import PersonColumn

log = logging.getLogger(__name__)

LIFETIME = dt.timedelta(minutes=10)
LONGEST_CODE = 8000
PASSING = frozenset({"temporarily_unavailable", "server_error"})

BEGIN_AGAIN = "Inloggningen tog för lång tid, eller så började den i en annan webbläsare. Börja om härifrån."
STOPPED = "Inloggningen med kommunens konto avbröts. Försök igen när du vill."
NOT_EMPLOYED = (
    "Kommunens konto känner igen dig, men personalsystemet har ingen anställning för kontot som pågår i dag. "
    "Be din chef kontrollera dina uppgifter där."
)
NO_CLAIM = (
    "Kommunens konto saknar den uppgift som visar vem du är i personalsystemet. Be kommunens it-support om "
    "hjälp."
)
UNVERIFIED = "E-postadressen i kommunens konto är inte bekräftad. Be kommunens it-support att bekräfta den."


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the browser's signed cookie keeps of a login on its way, for ``LIFETIME`` and one use."""

    state: str
    nonce: str
    verifier: str
    began_at: int  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Match:
    """Which claim says who somebody is, and which column it is compared with."""

    claim: str
    column: PersonColumn


def begin(provider: Provider, now: dt.datetime) -> tuple[str, Ticket]:
    """Where to send the browser, and what to keep in its cookie. Raises ``ProviderAway``,
    ``SignOnRefused``."""
    ticket = Ticket(
        secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), int(now.timestamp())
    )
    asked = {
        "response_type": "code",
        "scope": "openid profile email",
        "client_id": provider.client.client_id,
        "redirect_uri": provider.client.redirect_uri,
        "state": ticket.state,
        "nonce": ticket.nonce,
        "code_challenge": create_s256_code_challenge(ticket.verifier),
        "code_challenge_method": "S256",
    }
    address = add_params_to_uri(provider.description(now).authorization_endpoint, list(asked.items()))
    return str(address), ticket


def finish(
    door: Door,
    provider: Provider,
    match: Match,
    ticket: Ticket | None,
    answer: Mapping[str, str],
    former_token: str | None,
) -> Entered:
    """Begin a session for whom the provider's answer (the fields of its address) means; the one that the
    browser had before ends (S8). Raises ``SignOnRefused``, ``ProviderAway``."""
    code, used = _code(door, provider, ticket, answer)
    claims = id_tokens.read(provider, provider.redeem(code, used.verifier, door.now), used.nonce, door.now)
    value = _value(claims, match)
    with database.transaction(door.engine) as session:
        holder = _holder(session, value, match, door.today)
        return entry.begin_session(session, door, holder.person_id, former_token)


def _code(
    door: Door, provider: Provider, ticket: Ticket | None, answer: Mapping[str, str]
) -> tuple[str, Ticket]:
    """The code of an answer to this ticket, which is used up whatever the answer says."""
    age = int(door.now.timestamp()) - ticket.began_at if ticket else -1
    state = answer.get("state", "")
    if (
        ticket is None
        or not 0 <= age <= LIFETIME.total_seconds()
        or not hmac.compare_digest(ticket.state.encode(), state.encode(errors="surrogatepass"))
    ):
        raise SignOnRefused(BEGIN_AGAIN)
    _use_up(door, ticket)
    if answer.get("iss", provider.client.issuer) != provider.client.issuer:
        log.warning("sign-on refused: an answer from another issuer than ELEARN_OIDC_ISSUER")
        raise SignOnRefused(WRONG)
    if error := answer.get("error"):
        if error in PASSING:
            raise ProviderAway(AWAY)
        raise SignOnRefused(STOPPED if error == "access_denied" else WRONG)
    code = answer.get("code", "")
    if not code or len(code) > LONGEST_CODE:
        raise SignOnRefused(WRONG)
    return code, ticket


def _use_up(door: Door, ticket: Ticket) -> None:
    """A copied cookie is worth nothing: the first answer to a state is the only one."""
    state_hash = hashlib.sha256(ticket.state.encode()).hexdigest()
    try:
        with database.transaction(door.engine) as session:
            session.execute(sa.delete(UsedState).where(UsedState.used_at < door.now - 2 * LIFETIME))
            session.add(UsedState(state_hash=state_hash, used_at=door.now))
    except sa.exc.IntegrityError as error:
        if database.is_violation(error):
            raise SignOnRefused(BEGIN_AGAIN) from None
        raise


def _value(claims: Mapping[str, Any], match: Match) -> str:
    """What the configured claim says. An e-mail address that the provider has not confirmed means nobody."""
    value = claims.get(match.claim)
    if not isinstance(value, str) or not value.strip():
        log.warning("sign-on refused: the token has no claim %s that is a text", match.claim)
        raise SignOnRefused(NO_CLAIM)
    if match.column == PersonColumn.EMAIL and claims.get("email_verified", True) not in (True, "true"):
        raise SignOnRefused(UNVERIFIED)
    return value


def _holder(session: Session, value: str, match: Match, on: dt.date) -> Holder:
    find = holders.find_by_email if match.column == PersonColumn.EMAIL else holders.find_by_folded_number
    holder = find(session, value, on)
    if holder is None:
        raise SignOnRefused(NOT_EMPLOYED)
    return holder
