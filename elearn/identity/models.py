"""Who is at the door: login sessions, failed attempts, invitations, codes by mail, and sign-ons that are
used up."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Base, UtcMoment


class LoginSession(Base):
    """A login. The cookie carries a random id, the row its SHA-256: ending the row revokes every copy
    (S9)."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.Text, unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    began_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)


class LoginFailure(Base):
    """A failed login or invitation code, for throttling (S11). Both keys are keyed hashes: they name
    nobody."""

    __tablename__ = "login_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(sa.Text, index=True)
    address_hash: Mapped[str] = mapped_column(sa.Text, index=True)
    failed_at: Mapped[dt.datetime] = mapped_column(UtcMoment, index=True)


class Invitation(Base):
    """A one-time code to choose a password with (``inbjudan``). One per person: a new one replaces it."""

    __tablename__ = "invitation"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(sa.Text, unique=True)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    # None: created before the creator was kept.
    created_by: Mapped[str | None] = mapped_column(sa.Text)


class UsedState(Base):
    """A sign-on that has had its answer (S25): of a state, only the first one counts."""

    __tablename__ = "used_state"

    state_hash: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    used_at: Mapped[dt.datetime] = mapped_column(UtcMoment, index=True)


class MailCode(Base):
    """A code by mail that a browser has asked for: one per browser. ``account_hash``: whose it is, as the
    throttle names accounts. ``person_id``: None when the address means nobody, so that asking and answering
    are alike for both (S23). The hashes are keyed: six digits are soon tried through."""

    __tablename__ = "mail_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    browser_hash: Mapped[str] = mapped_column(sa.Text, unique=True)
    account_hash: Mapped[str] = mapped_column(sa.Text, index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.Text)
    failure_count: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcMoment, index=True)
