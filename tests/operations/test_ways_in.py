"""What is set of the ways in belongs together, and nobody is shut out by a setting."""

import pytest

from elearn.operations import ways_in
from elearn.settings import Settings

WHOLE = {
    "oidc_issuer": "https://adfs.kommun.example/adfs",
    "oidc_client_id": "basutbildningen",
    "oidc_client_secret": "hemlig",
    "public_url": "https://utbildning.kommun.example",
}
MAIL = {"smtp_url": "smtps://post.kommun.example", "mail_from": "utbildning@kommun.example"}


@pytest.mark.parametrize("given", [{}, WHOLE, MAIL, {**WHOLE, **MAIL, "passwords": "administrators"}])
def test_what_belongs_together_is_right(given: dict[str, str]) -> None:
    assert ways_in.faults(Settings(**given)) == []


@pytest.mark.parametrize("missing", ["oidc_client_id", "oidc_client_secret", "public_url", "oidc_issuer"])
def test_a_sign_on_that_lacks_something_is_refused_by_its_name(missing: str) -> None:
    (fault,) = ways_in.faults(Settings(**{**WHOLE, missing: ""}))
    assert fault.startswith(f"ELEARN_{missing.upper()} saknas")


def test_an_empty_claim_and_an_unsafe_issuer_are_refused() -> None:
    assert len(ways_in.faults(Settings(**WHOLE, oidc_claim=""))) == 1
    (fault,) = ways_in.faults(Settings(**{**WHOLE, "oidc_issuer": "http://adfs.kommun.example"}))
    assert "https://" in fault


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"smtp_url": MAIL["smtp_url"]}, "ELEARN_MAIL_FROM saknas"),
        ({**MAIL, "smtp_url": "post.kommun.example"}, "ELEARN_SMTP_URL ska se ut som"),
    ],
)
def test_mail_that_lacks_something_is_refused(given: dict[str, str], sentence: str) -> None:
    (fault,) = ways_in.faults(Settings(**given))
    assert sentence in fault


@pytest.mark.parametrize("use", ["external", "administrators"])
@pytest.mark.parametrize(("given", "is_shut"), [({}, True), (WHOLE, False), (MAIL, False)])
def test_nobody_is_shut_out_by_a_setting(use: str, given: dict[str, str], is_shut: bool) -> None:
    found = ways_in.faults(Settings(**given, passwords=use))
    assert bool(found) is is_shut
    assert all(f"ELEARN_PASSWORDS={use} stänger ute" in fault for fault in found)
