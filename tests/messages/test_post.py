"""Letters beside the request: bounded, and a fault of the mail server's is nobody's error page."""

import pytest

from elearn.errors import Refused
from elearn.messages import letters
from elearn.messages.post import Post
from tests.messages import mailbox


def test_a_letter_is_sent_beside_the_request_and_gives_its_place_back() -> None:
    with mailbox.serving() as box:
        post = Post(box.server(), "a@kommun.example", most=1)
        for _ in range(3):
            post.take_place()
            with pytest.raises(Refused, match="Vänta en minut"):
                post.take_place()
            worker = post.send_soon(letters.login_code("sara@example.se", "012345", "Botkyrka kommun"))
            assert worker
            worker.join(10)
        assert len(box.letters) == 3


def test_a_place_without_a_letter_is_given_back() -> None:
    post = Post(mailbox.Mailbox(port=mailbox.free_port()).server(), "a@kommun.example", most=1)
    for _ in range(3):
        post.take_place()
        assert post.send_soon(None) is None


def test_a_letter_that_is_not_taken_stands_in_the_log_without_the_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """S31."""
    post = Post(mailbox.Mailbox(port=mailbox.free_port()).server(), "a@kommun.example", most=1)
    post.take_place()
    worker = post.send_soon(letters.login_code("sara@example.se", "012345", "Botkyrka kommun"))
    assert worker
    worker.join(10)
    assert "a letter was not sent" in caplog.text
    assert "sara" not in caplog.text
    assert "012" not in caplog.text
    post.take_place()


def test_the_letter_names_no_subject_matter_and_says_what_to_do() -> None:
    """S30: neither on a locked screen nor beside the code."""
    letter = letters.login_code("sara@example.se", "012345", "Botkyrka kommun")
    assert letter.subject == "Din kod till Basutbildningen"
    assert "Din kod är 012 345\n" in letter.text
    assert "tio minuter" in letter.text
    for word in ("våld", "heder", "förtryck", "utsatt", "http"):
        assert word not in (letter.subject + letter.text).lower()
