"""One letter to one person, by SMTP: encrypted on the way, plain text, and nothing in it that could become a
header or another address.

Nothing here belongs inside a transaction: a mail server may take seconds.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from elearn import clock
from elearn.errors import ElearnError, Invalid

SECONDS = 10  # for each answer of the mail server's
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PORTS = {"smtp": 587, "smtps": 465}
LONGEST_ADDRESS = 254
BAD_URL = (
    "ELEARN_SMTP_URL ska se ut som smtps://användare:lösenord@post.kommun.se:465 eller "
    "smtp://post.kommun.se:587."
)

NOT_ASCII = "ELEARN_SMTP_URL: användare och lösenord får bara ha engelska bokstäver, siffror och tecken."


class NotSent(ElearnError):
    """The letter was not taken; ``str(error)`` says why to an operator, and holds no address."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. ``must_encrypt``: nothing is told to it before the connection is encrypted by
    STARTTLS."""

    host: str
    port: int
    user: str
    password: str
    is_encrypted: bool
    must_encrypt: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to whom. ``subject`` names no subject matter (S30)."""

    to: str
    subject: str
    text: str


def parse_server(url: str) -> Server:
    """The server that ``ELEARN_SMTP_URL`` names. Raises ``Invalid``. Only on this machine may a letter travel
    unencrypted."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise Invalid(BAD_URL) from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise Invalid(BAD_URL)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise Invalid(NOT_ASCII)
    return Server(
        parts.hostname,
        port,
        user,
        password,
        is_encrypted=parts.scheme == "smtps",
        must_encrypt=parts.scheme == "smtp" and parts.hostname not in LOOPBACK,
    )


def send(server: Server, sender: str, letter: Letter) -> None:
    """Hand the letter to the server. Raises ``NotSent`` when it was not taken."""
    message = compose(sender, letter)
    try:
        with _connect(server) as connection:
            connection.send_message(message, from_addr=sender, to_addrs=[letter.to])
    except smtplib.SMTPRecipientsRefused:
        raise NotSent("E-postservern tog inte emot adressen.") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(f"E-postservern tog inte emot brevet ({type(error).__name__}).") from None


def compose(sender: str, letter: Letter) -> EmailMessage:
    """The letter as it is sent. Raises ``NotSent`` for an address that is not one address, and for a subject
    of more than one line."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address("Basutbildningen", addr_spec=sender)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
    except (ValueError, HeaderParseError, IndexError):
        raise NotSent("Adressen eller ämnesraden går inte att använda.") from None
    if len(letter.to) > LONGEST_ADDRESS or not letter.to.isprintable():
        raise NotSent("Adressen går inte att använda.")
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Content-Language"] = "sv"
    message["Auto-Submitted"] = "auto-generated"  # so that no absence reply comes back
    message.set_content(letter.text, cte="quoted-printable")
    return message


def _connect(server: Server) -> smtplib.SMTP:
    """A connection that a letter may be sent over; logged in, where the server has a user."""
    trusted = ssl.create_default_context()
    if server.is_encrypted:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=trusted
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if not server.is_encrypted:
            connection.ehlo()
            if server.must_encrypt or connection.has_extn("starttls"):
                connection.starttls(context=trusted)  # raises when the server cannot
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection
