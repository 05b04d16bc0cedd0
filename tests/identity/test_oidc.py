"""Single sign-on against a provider that forges: what is wrong with a token lets nobody in, and the same
token without that one fault does (S25)."""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from elearn import database
from elearn.errors import ElearnError
from elearn.identity import logins, oidc
from elearn.identity.entry import Door, Entered
from elearn.identity.models import LoginSession, UsedState
from elearn.identity.oidc import Match, Ticket
from elearn.identity.provider import Provider, ProviderAway, SignOnRefused
from elearn.people.models import Person
from elearn.settings import PersonColumn
from tests import builders
from tests.builders import NOW, TODAY
from tests.identity import forging
from tests.identity.forging import CURVE_KEY, KEY, NEXT_KEY, OTHER_KEY, Claims, ForgingProvider

NUMBER, EMAIL = Match("employeeid", PersonColumn.NUMBER), Match("email", PersonColumn.EMAIL)


@pytest.fixture
def forger() -> Iterator[ForgingProvider]:
    with forging.serving() as forger:
        yield forger


@pytest.fixture
def person_id(engine: sa.Engine) -> int:
    """Sara: number 1001, e-mail sara@example.se."""
    with database.transaction(engine) as session:
        someone = builders.person(session, number="1001", email="sara@example.se")
        builders.employ(session, someone, builders.unit(session, "U1"))
        return someone.id


def door(engine: sa.Engine, now: dt.datetime = NOW) -> Door:
    return Door(engine, bytes(range(32)), "192.0.2.1", now, TODAY, "Botkyrka kommun")


def sign_on(
    engine: sa.Engine, forger: ForgingProvider, match: Match = NUMBER, provider: Provider | None = None
) -> Entered:
    provider = provider or forger.provider()
    address, ticket = oidc.begin(provider, NOW)
    return oidc.finish(door(engine), provider, match, ticket, forger.authorize(address), None)


def changed(**values: object) -> Callable[[Claims], Claims]:
    return lambda claims: claims | values


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def later(**seconds: int) -> Callable[[Claims], Claims]:
    return lambda claims: claims | {name: int(NOW.timestamp()) + value for name, value in seconds.items()}


def by(key: Any, alg: str = "RS256", kid: str | None = "ett") -> Callable[[Claims], str]:
    return lambda claims: forging.signed(claims, key, alg, kid)


def cut(claims: Claims) -> str:
    """Somebody has changed a claim of a signed token."""
    header, _, signature = forging.signed(claims).split(".")
    return ".".join([header, forging.signed(claims | {"employeeid": "1002"}).split(".")[1], signature])


Alter, Sign = Callable[[Claims], Claims], Callable[[Claims], str]
SOMEBODY_ELSE = ["basutbildningen", "en annan"]
AUDIENCES: Alter = changed(aud=SOMEBODY_ELSE, azp="basutbildningen")
# what is wrong: (the claims and the signature with the fault, the same with that one fault mended)
FAULTS: dict[str, tuple[tuple[Alter, Sign], tuple[Alter, Sign]]] = {
    "signed with another key of the same name": ((dict, by(OTHER_KEY)), (dict, by(KEY))),
    "a claim changed after it was signed": ((dict, cut), (dict, forging.signed)),
    "not signed": ((dict, forging.unsigned), (dict, forging.signed)),
    "signed with the public key as a secret": (
        (dict, forging.signed_with_the_public_key_as_a_secret), (dict, by(KEY))),
    "signed with an unknown key": ((dict, by(NEXT_KEY, kid="två")), (dict, by(KEY))),
    "a known key under an unknown name": ((dict, by(KEY, kid="tre")), (dict, by(KEY))),
    "another issuer": ((changed(iss="https://ond.example"), by(KEY)), (dict, by(KEY))),
    "no issuer": ((without("iss"), by(KEY)), (dict, by(KEY))),
    "another audience": ((changed(aud="en annan"), by(KEY)), (changed(aud="basutbildningen"), by(KEY))),
    "an audience in a list of others": (
        (changed(aud=["en annan"]), by(KEY)), (changed(aud=["basutbildningen"]), by(KEY))),
    "no audience": ((without("aud"), by(KEY)), (dict, by(KEY))),
    "several audiences, given to another": (
        (changed(aud=SOMEBODY_ELSE, azp="en annan"), by(KEY)), (AUDIENCES, by(KEY))),
    "several audiences, given to nobody": ((changed(aud=SOMEBODY_ELSE), by(KEY)), (AUDIENCES, by(KEY))),
    "one audience, given to another": (
        (changed(azp="en annan"), by(KEY)), (changed(azp="basutbildningen"), by(KEY))),
    "over since a minute and a second": ((later(exp=-61), by(KEY)), (later(exp=-59), by(KEY))),
    "no end": ((without("exp"), by(KEY)), (dict, by(KEY))),
    "an end that is no number": ((changed(exp="i morgon"), by(KEY)), (later(exp=1), by(KEY))),
    "from a minute and a second ahead": ((later(iat=61), by(KEY)), (later(iat=59), by(KEY))),
    "no beginning": ((without("iat"), by(KEY)), (dict, by(KEY))),
    "not before a minute and a second from now": ((later(nbf=61), by(KEY)), (later(nbf=59), by(KEY))),
    "another login's nonce": ((changed(nonce="en annan"), by(KEY)), (dict, by(KEY))),
    "no nonce": ((without("nonce"), by(KEY)), (dict, by(KEY))),
    "an empty nonce": ((changed(nonce=""), by(KEY)), (dict, by(KEY))),
    "a nonce that is a list": (
        (lambda claims: claims | {"nonce": [claims["nonce"]]}, by(KEY)), (dict, by(KEY))),
    "nobody in particular": ((without("sub"), by(KEY)), (dict, by(KEY))),
    "no claim that says who": ((without("employeeid"), by(KEY)), (dict, by(KEY))),
    "an empty claim": ((changed(employeeid=" "), by(KEY)), (changed(employeeid=" 1001 "), by(KEY))),
    "a claim that is a number": ((changed(employeeid=1001), by(KEY)), (changed(employeeid="1001"), by(KEY))),
    "a claim that is a list": (
        (changed(employeeid=["1001"]), by(KEY)), (changed(employeeid="1001"), by(KEY))),
    "a claim that means nobody": (
        (changed(employeeid="1009"), by(KEY)), (changed(employeeid="1001"), by(KEY))),
    "a claim that means somebody by another column": (
        (changed(employeeid="sara@example.se"), by(KEY)), (dict, by(KEY))),
    "no token": ((dict, lambda _claims: ""), (dict, by(KEY))),
    "a token that is none": ((dict, lambda _claims: "å.ä.ö"), (dict, by(KEY))),
    "an enormous token": ((changed(more="x" * 65_000), by(KEY)), (changed(more="x" * 30_000), by(KEY))),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_with_a_fault_lets_nobody_in_and_without_it_somebody(
    sqlite_url: str, forger: ForgingProvider, fault: str
) -> None:
    engine = database.make_engine(sqlite_url)
    with database.transaction(engine) as session:
        someone = builders.person(session, number="1001", email="sara@example.se")
        builders.employ(session, someone, builders.unit(session, "U1"))
    (forger.alter, forger.sign), (alter, sign) = FAULTS[fault]
    with pytest.raises(SignOnRefused):
        sign_on(engine, forger)
    assert sessions(engine) == 0
    forger.alter, forger.sign = alter, sign
    assert sign_on(engine, forger).token
    engine.dispose()


def sessions(engine: sa.Engine) -> int:
    with database.snapshot(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) or 0


def test_the_account_gets_a_session_of_its_own_and_the_former_one_ends(
    engine: sa.Engine, forger: ForgingProvider, person_id: int
) -> None:
    former = sign_on(engine, forger).token
    provider = forger.provider()
    address, ticket = oidc.begin(provider, NOW)
    entered = oidc.finish(door(engine), provider, NUMBER, ticket, forger.authorize(address), former)
    assert entered.person_id == person_id
    with database.snapshot(engine) as session:
        assert logins.session_person(session, former, NOW, TODAY) is None
        assert logins.session_person(session, entered.token, NOW, TODAY) is not None
        assert session.scalar(sa.select(Person.offered_on)) == TODAY


@pytest.mark.parametrize(("key", "alg"), [(CURVE_KEY, "ES256"), (KEY, "PS256"), (KEY, "RS512")])
def test_other_signatures_of_a_private_key_are_taken(
    engine: sa.Engine, forger: ForgingProvider, person_id: int, key: Any, alg: str
) -> None:
    forger.keys, forger.sign = [key], by(key, alg, key.kid)
    assert sign_on(engine, forger).person_id == person_id


@pytest.mark.parametrize("value", ["1001", " 1001 "])
def test_a_number_is_compared_as_at_the_login(
    engine: sa.Engine, forger: ForgingProvider, person_id: int, value: str
) -> None:
    forger.alter = changed(employeeid=value)
    assert sign_on(engine, forger).person_id == person_id


@pytest.mark.parametrize("value", ["sara@example.se", "SARA@Example.SE", " sara@example.se "])
@pytest.mark.parametrize("verified", [None, True, "true"])
def test_an_address_is_compared_without_capitals(
    engine: sa.Engine, forger: ForgingProvider, person_id: int, value: str, verified: object
) -> None:
    forger.alter = changed(email=value, **({} if verified is None else {"email_verified": verified}))
    assert sign_on(engine, forger, EMAIL).person_id == person_id


@pytest.mark.parametrize("verified", [False, "false", None, 0, "nej"])
def test_an_address_that_the_provider_has_not_confirmed_means_nobody(
    engine: sa.Engine, forger: ForgingProvider, person_id: int, verified: object
) -> None:
    forger.alter = changed(email_verified=verified)
    with pytest.raises(SignOnRefused, match="inte bekräftad"):
        sign_on(engine, forger, EMAIL)
    assert sign_on(engine, forger, NUMBER).person_id == person_id, "the number is the employer's own"


def test_an_address_of_two_means_nobody_until_one_has_left(
    engine: sa.Engine, forger: ForgingProvider, person_id: int
) -> None:
    with database.transaction(engine) as session:
        other = builders.person(session, number="1002", email="Sara@example.se")
        employment = builders.employ(session, other, builders.unit(session, "U2"))
    with pytest.raises(SignOnRefused, match="ingen anställning"):
        sign_on(engine, forger, EMAIL)
    with database.transaction(engine) as session:
        session.merge(employment).ends_on = TODAY - dt.timedelta(days=1)
    assert sign_on(engine, forger, EMAIL).person_id == person_id


@pytest.mark.parametrize(("days", "gets_in"), [(0, True), (-1, False)])
def test_only_somebody_employed_today_gets_in(
    engine: sa.Engine, forger: ForgingProvider, days: int, gets_in: bool
) -> None:
    """S7: the last day counts."""
    with database.transaction(engine) as session:
        someone = builders.person(session, number="1001")
        last = TODAY + dt.timedelta(days=days)
        builders.employ(session, someone, builders.unit(session, "U1"), ends_on=last)
    if gets_in:
        assert sign_on(engine, forger).token
    else:
        with pytest.raises(SignOnRefused, match="Be din chef"):
            sign_on(engine, forger)


def test_a_key_that_the_provider_has_got_since_is_asked_for(
    engine: sa.Engine, forger: ForgingProvider, person_id: int
) -> None:
    provider = forger.provider()
    assert sign_on(engine, forger, provider=provider).token
    forger.keys, forger.sign = [KEY, NEXT_KEY], by(NEXT_KEY, kid="två")
    with pytest.raises(SignOnRefused):
        sign_on(engine, forger, provider=provider)  # at the same moment: not again
    later_on = NOW + dt.timedelta(minutes=1)
    address, ticket = oidc.begin(provider, later_on)
    entered = oidc.finish(door(engine, later_on), provider, NUMBER, ticket, forger.authorize(address), None)
    assert entered.person_id == person_id


# The state, the ticket and the answer.


def test_an_answer_counts_once_also_with_a_copied_ticket(
    engine: sa.Engine, forger: ForgingProvider, person_id: int
) -> None:
    provider = forger.provider()
    address, ticket = oidc.begin(provider, NOW)
    oidc.finish(door(engine), provider, NUMBER, ticket, forger.authorize(address), None)
    for answer in (forger.authorize(address), forger.authorize(address)):
        with pytest.raises(SignOnRefused, match="Börja om"):
            oidc.finish(door(engine), provider, NUMBER, ticket, answer, None)
    assert sessions(engine) == 1
    assert sign_on(engine, forger).person_id == person_id


def test_an_answer_to_another_browsers_login_lets_nobody_in(
    engine: sa.Engine, forger: ForgingProvider, person_id: int
) -> None:
    """Whoever lures somebody to the end of a login of their own."""
    provider = forger.provider()
    own, ticket = oidc.begin(provider, NOW)
    strange, _ = oidc.begin(provider, NOW)
    for answer in (forger.authorize(strange), {"code": "x"}, {"code": "x", "state": "å\ud800"}):
        with pytest.raises(SignOnRefused, match="Börja om"):
            oidc.finish(door(engine), provider, NUMBER, ticket, answer, None)
    with pytest.raises(SignOnRefused, match="Börja om"):
        oidc.finish(door(engine), provider, NUMBER, None, forger.authorize(own), None)
    assert "/token" not in forger.asked, "no code was spent"
    assert oidc.finish(door(engine), provider, NUMBER, ticket, forger.authorize(own), None).token


@pytest.mark.parametrize(("minutes", "seconds", "holds"), [(10, 0, True), (10, 1, False), (0, -1, False)])
def test_a_ticket_holds_ten_minutes(
    engine: sa.Engine, forger: ForgingProvider, person_id: int, minutes: int, seconds: int, holds: bool
) -> None:
    provider = forger.provider()
    address, ticket = oidc.begin(provider, NOW)
    then = door(engine, NOW + dt.timedelta(minutes=minutes, seconds=seconds))
    forger.now = int(then.now.timestamp())
    if holds:
        assert oidc.finish(then, provider, NUMBER, ticket, forger.authorize(address), None).token
    else:
        with pytest.raises(SignOnRefused, match="Börja om"):
            oidc.finish(then, provider, NUMBER, ticket, forger.authorize(address), None)


def test_a_state_that_is_used_up_is_forgotten_when_its_ticket_holds_no_more(
    engine: sa.Engine, forger: ForgingProvider, person_id: int
) -> None:
    with database.transaction(engine) as session:
        session.add(UsedState(state_hash="gammal", used_at=NOW - dt.timedelta(minutes=20, seconds=1)))
        session.add(UsedState(state_hash="nyss", used_at=NOW - dt.timedelta(minutes=11)))
    sign_on(engine, forger)
    with database.snapshot(engine) as session:
        kept = set(session.scalars(sa.select(UsedState.state_hash)))
    assert "gammal" not in kept
    assert len(kept) == 2


def test_a_code_is_worth_nothing_without_its_verifier(
    engine: sa.Engine, forger: ForgingProvider, person_id: int
) -> None:
    provider = forger.provider()
    address, ticket = oidc.begin(provider, NOW)
    strange = Ticket(ticket.state, ticket.nonce, "en annan", ticket.began_at)
    with pytest.raises(SignOnRefused):
        oidc.finish(door(engine), provider, NUMBER, strange, forger.authorize(address), None)


def test_no_two_logins_share_anything(forger: ForgingProvider) -> None:
    tickets = [oidc.begin(forger.provider(), NOW)[1] for _ in range(5)]
    secrets = {value for one in tickets for value in (one.state, one.nonce, one.verifier)}
    assert len(secrets) == 15
    assert min(map(len, secrets)) >= 43


def test_the_providers_own_query_survives_and_the_verifier_stays_at_home(forger: ForgingProvider) -> None:
    address, ticket = oidc.begin(forger.provider(), NOW)
    assert parse_qs(urlsplit(address).query)["policy"] == ["b2"]
    assert ticket.verifier not in address


@pytest.mark.parametrize(
    ("answer", "refusal", "sentence"),
    [
        ({"error": "access_denied"}, SignOnRefused, "avbröts"),
        ({"error": "temporarily_unavailable"}, ProviderAway, "svarar inte"),
        ({"error": "server_error"}, ProviderAway, "svarar inte"),
        ({"error": "<script>", "error_description": "<b>x</b>"}, SignOnRefused, "inte kan lita på"),
        ({}, SignOnRefused, "inte kan lita på"),
        ({"code": ""}, SignOnRefused, "inte kan lita på"),
        ({"code": "x" * 8001}, SignOnRefused, "inte kan lita på"),
        ({"code": "okänd"}, SignOnRefused, "inte kan lita på"),
        ({"code": "x", "iss": "https://ond.example"}, SignOnRefused, "inte kan lita på"),
    ],
)
def test_an_answer_without_a_code_is_told_in_a_sentence_of_our_own(
    engine: sa.Engine,
    forger: ForgingProvider,
    person_id: int,
    answer: dict[str, str],
    refusal: type[ElearnError],
    sentence: str,
) -> None:
    provider = forger.provider()
    _, ticket = oidc.begin(provider, NOW)
    with pytest.raises(refusal, match=sentence) as caught:
        oidc.finish(door(engine), provider, NUMBER, ticket, {"state": ticket.state, **answer}, None)
    assert "<" not in str(caught.value)
    assert sessions(engine) == 0


def test_a_provider_that_names_itself_in_the_answer_is_taken(
    engine: sa.Engine, forger: ForgingProvider, person_id: int
) -> None:
    provider = forger.provider()
    address, ticket = oidc.begin(provider, NOW)
    answer = forger.authorize(address) | {"iss": forger.issuer}
    assert oidc.finish(door(engine), provider, NUMBER, ticket, answer, None).person_id == person_id


def test_a_ticket_survives_the_cookie() -> None:
    """It stands there as JSON."""
    ticket = Ticket("s", "n", "v", 1)
    assert Ticket(**json.loads(json.dumps(dataclasses.asdict(ticket)))) == ticket
