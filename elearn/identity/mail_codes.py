"""A code by mail, for who has no account of the municipality's (R16, R17): six digits, ten minutes, one use,
for the browser that asked and no other.

Asking and answering are alike for an address that means somebody and one that means nobody: the same rows,
the same sentences, the same work (S23). Nothing is sent here: ``ask`` returns what is to be sent.
"""

import dataclasses
import datetime as dt
import hmac
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from elearn import database
from elearn.database import Session
from elearn.identity import entry, holders, throttle
from elearn.identity.entry import Door, Entered, NotRecognised
from elearn.identity.holders import Holder
from elearn.identity.models import MailCode
from elearn.identity.throttle import Limit, MustWait, Pace

LIFETIME = dt.timedelta(minutes=10)
DIGITS = 6
MOST_FAILURES = 3
# Three codes a day without a wait, then after one, two, four … minutes, at most sixty: strangers can neither
# fill somebody's mailbox nor keep them out.
ASKING = Pace(Limit(3, dt.timedelta(hours=24)), dt.timedelta(minutes=1), dt.timedelta(minutes=60))

WRONG = "Koden stämmer inte. Kontrollera den i ditt senaste mejl från oss."
OVER = "Koden gäller inte längre. Be om en ny kod."


@dataclass(frozen=True, slots=True)
class CodeToSend:
    """A code that waits to be sent. It is told here once and cannot be read back."""

    email: str
    code: str


def ask(door: Door, typed: str, browser: str) -> CodeToSend | None:
    """A new code for whoever has this address, for the browser that carries ``browser`` in its cookie. None
    when the address means nobody; a row is written all the same. Raises ``MustWait``."""
    name = holders.fold_name(typed)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with database.transaction(door.engine) as session:
        holder = holders.find_by_email(session, typed, door.today)
        attempt = throttle.attempt_of(door.key, "mail:" + name, door.address)
        wait = throttle.enter(session, attempt, door.now, ASKING)
        if wait <= throttle.NOTHING:
            _replace(session, door, browser, holder, name, code)
    if wait > throttle.NOTHING:
        raise MustWait(wait)
    return CodeToSend(holder.person.email, code) if holder and holder.person.email else None


def log_in(door: Door, browser: str, typed: str, former_token: str | None) -> Entered:
    """Begin a session with the code that this browser asked for. A wrong one counts against the account as a
    wrong password does; the right one does not wait for what strangers have tried. Raises ``NotRecognised``,
    ``MustWait``."""
    refusal, entered = OVER, None
    with database.transaction(door.engine) as session:
        row = _find(session, door, browser)
        attempt = throttle.attempt_of(door.key, f"code:{_keyed(door, browser)}", door.address)
        wait = throttle.enter(session, attempt, door.now)
        if row and wait <= throttle.NOTHING:
            of_account = dataclasses.replace(attempt, account_hash=row.account_hash)
            refusal, entered = _judge(session, door, row, browser, typed, former_token)
            if entered:
                throttle.clear(session, attempt)
                throttle.clear(session, of_account)
            else:
                throttle.count(session, of_account, door.now)
    if wait > throttle.NOTHING:
        raise MustWait(wait)
    if entered is None:
        raise NotRecognised(refusal)
    return entered


def _judge(
    session: Session, door: Door, row: MailCode, browser: str, typed: str, former_token: str | None
) -> tuple[str, Entered | None]:
    """The sentence for a code that lets nobody in, or the session of one that does."""
    counted = (
        sa.update(MailCode)
        .where(MailCode.id == row.id, MailCode.failure_count < MOST_FAILURES)
        .values(failure_count=MailCode.failure_count + 1)
        .returning(MailCode.failure_count)
    )
    failure_count = session.scalar(counted)  # before it is judged: of many at once, three are
    if failure_count is None:
        return OVER, None
    digits = "".join(character for character in typed[:100] if character in "0123456789")
    if not hmac.compare_digest(row.code_hash, _code_hash(door, browser, digits)):
        return (WRONG if failure_count < MOST_FAILURES else OVER), None
    used = sa.delete(MailCode).where(MailCode.id == row.id).returning(MailCode.person_id)
    person_id = session.scalar(used)  # of two at once, one gets it
    if person_id is None or holders.find_by_id(session, person_id, door.today) is None:
        return OVER, None
    return "", entry.begin_session(session, door, person_id, former_token)


def _replace(session: Session, door: Door, browser: str, holder: Holder | None, name: str, code: str) -> None:
    """The one code of this browser; what has run out goes at the same time. Another browser's stays, since
    anybody can ask for a code to an address. The account is the one that a wrong password counts against,
    also of a name that means nobody (S23)."""
    browser_hash = _keyed(door, browser)
    account = f"person:{holder.person_id}" if holder else f"name:{name}"
    account_hash = throttle.attempt_of(door.key, account, door.address).account_hash
    gone = sa.or_(
        MailCode.browser_hash == browser_hash,
        MailCode.expires_at <= door.now,
    )
    session.execute(sa.delete(MailCode).where(gone))
    session.add(
        MailCode(
            browser_hash=browser_hash,
            account_hash=account_hash,
            person_id=holder.person_id if holder else None,
            code_hash=_code_hash(door, browser, code),
            failure_count=0,
            expires_at=door.now + LIFETIME,
        )
    )
    session.flush()


def _find(session: Session, door: Door, browser: str) -> MailCode | None:
    holds = sa.and_(
        MailCode.browser_hash == _keyed(door, browser),
        MailCode.expires_at > door.now,
        MailCode.expires_at <= door.now + LIFETIME + throttle.CLOCK_SKEW,
        MailCode.failure_count < MOST_FAILURES,
    )
    return session.scalars(sa.select(MailCode).where(holds)).one_or_none()


def _keyed(door: Door, text: str) -> str:
    return hmac.digest(door.key, f"mail code:{text}".encode(errors="surrogatepass"), "sha256").hex()


def _code_hash(door: Door, browser: str, code: str) -> str:
    return _keyed(door, f"{browser} {code}")
