"""A letter by SMTP, against a real server: it arrives whole, encrypted where it must be, or is told as not
sent."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.errors import Invalid
from elearn.messages import sending
from elearn.messages.sending import Letter, NotSent, Server
from tests.messages import mailbox
from tests.messages.mailbox import Mailbox

FROM = "utbildning@kommun.example"
LETTER = Letter("sara@example.se", "Din kod till Basutbildningen", "Hej på dig, åäö!\n\nRad två.\n")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox.serving() as box:
        yield box


def test_a_letter_arrives_as_it_was_written(box: Mailbox) -> None:
    sending.send(box.server(), FROM, LETTER)
    ((recipients, message),) = box.letters
    assert recipients == ["sara@example.se"]
    assert message["To"] == "sara@example.se"
    assert message["From"] == f"Basutbildningen <{FROM}>"
    assert message["Subject"] == "Din kod till Basutbildningen"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == LETTER.text
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]
    assert message["Message-ID"].endswith("@kommun.example>")


@pytest.mark.parametrize(
    "to",
    ["", "sara", "a@b.se, c@d.se", "a,b@d.se", "a@b.se\nBcc: c@d.se", "a@b.se\r\n\r\nHej",
     "a@b.se\0", "<a@b.se>", "Sara <a@b.se>", "a b@c.se", f"{'a' * 250}@b.se", "a@b.se;c@d.se"],
)  # fmt: skip
def test_what_is_not_one_address_is_sent_nowhere(box: Mailbox, to: str) -> None:
    with pytest.raises(NotSent):
        sending.send(box.server(), FROM, Letter(to, "Ämne", "Text"))
    assert box.letters == []


@pytest.mark.parametrize("subject", ["Hej\nBcc: c@d.se", "Hej\r\nTo: c@d.se", "Hej\r\n\r\nText"])
def test_a_subject_has_one_line(box: Mailbox, subject: str) -> None:
    with pytest.raises(NotSent):
        sending.send(box.server(), FROM, Letter("a@b.se", subject, "Text"))
    assert box.letters == []


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_nothing_in_a_letter_becomes_a_header_or_another_recipient(to: str, subject: str, text: str) -> None:
    try:
        composed = sending.compose(FROM, Letter(to, subject, text))
    except (NotSent, UnicodeEncodeError):
        return
    assert set(composed) == {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert len(composed["To"].addresses) == 1


@pytest.mark.parametrize("answer", ["550 finns inte", "450 senare", "421 stänger"])
def test_a_letter_that_is_refused_is_told_without_the_address(box: Mailbox, answer: str) -> None:
    box.refuses = answer
    with pytest.raises(NotSent) as told:
        sending.send(box.server(), FROM, LETTER)
    assert "sara" not in str(told.value)
    assert box.letters == []
    box.refuses = ""
    sending.send(box.server(), FROM, LETTER)
    assert len(box.letters) == 1


@pytest.mark.parametrize("says", [b"", b"220 hej\r\n", b"rubbish\r\n", b"220 hej\r\n250 x\r\n", b"\xff\xfe"])
def test_a_server_that_hangs_up_is_told(says: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(says)

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(NotSent):
            sending.send(Server("127.0.0.1", listener.getsockname()[1], "", "", False, False), FROM, LETTER)


def test_a_server_that_is_away_or_silent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.1)
    with pytest.raises(NotSent):
        sending.send(Server("127.0.0.1", mailbox.free_port(), "", "", False, False), FROM, LETTER)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotSent):
        sending.send(Server("127.0.0.1", silent.getsockname()[1], "", "", False, False), FROM, LETTER)


def test_without_encryption_nothing_is_told_to_another_machine(box: Mailbox) -> None:
    """The server offers no STARTTLS: neither the password nor the letter leaves."""
    with pytest.raises(NotSent):
        sending.send(box.server(must_encrypt=True, user="u", password="ratt"), FROM, LETTER)
    assert (box.letters, box.logins) == ([], [])


def test_a_letter_is_encrypted_by_starttls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, signer = mailbox.certificate(tmp_path)
    with mailbox.serving(tls_context=context, require_starttls=True, asks_who=True) as box:
        server = box.server(must_encrypt=True, user="utbildning", password="ratt")
        with pytest.raises(NotSent, match="SSLCertVerificationError"):
            sending.send(server, FROM, LETTER)  # whoever signed it is not known
        monkeypatch.setenv("SSL_CERT_FILE", str(signer))
        sending.send(server, FROM, LETTER)
        assert (len(box.letters), box.logins) == (1, [("utbildning", "ratt")])
        with pytest.raises(NotSent):
            sending.send(box.server(must_encrypt=True, user="utbildning", password="fel"), FROM, LETTER)


def test_a_letter_is_encrypted_from_the_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, signer = mailbox.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(signer))
    with mailbox.serving(ssl_context=context) as box:
        sending.send(box.server(is_encrypted=True), FROM, LETTER)
        assert len(box.letters) == 1


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://u:p@post.example:465", Server("post.example", 465, "u", "p", True, False)),
        ("smtps://post.example", Server("post.example", 465, "", "", True, False)),
        ("smtp://post.example", Server("post.example", 587, "", "", False, True)),
        ("smtp://u%40x:p%3A%2F@post.example:25/", Server("post.example", 25, "u@x", "p:/", False, True)),
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525, "", "", False, False)),
        ("smtp://localhost", Server("localhost", 587, "", "", False, False)),
        ("smtp://[::1]:2525", Server("::1", 2525, "", "", False, False)),
    ],
)
def test_the_setting_names_a_server(url: str, server: Server) -> None:
    assert sending.parse_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "post.example",
        "http://post.example",
        "smtp://",
        "smtp://a:port",
        "smtp://a/mapp",
        "smtp://a?x",
        "smtp://[",
    ],
)
def test_another_setting_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(Invalid, match="ELEARN_SMTP_URL ska se ut som"):
        sending.parse_server(url)


def test_a_password_that_smtp_cannot_carry_is_told_at_start() -> None:
    with pytest.raises(Invalid, match="engelska bokstäver"):
        sending.parse_server("smtps://u:l%C3%B6sen@post.example")
