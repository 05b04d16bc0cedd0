"""A date that is far away, or none, is told with a sentence wherever one is asked for or typed, and never ends
in an error."""

import pytest
from flask import Flask

from tests.web import town

ROLES = {"forskola": "förskola", "socialtjanst": "socialtjänst"}  # whose courses ``app`` has
FAR = "9999-12-31"


@pytest.fixture
def people(sqlite_app: Flask) -> dict[str, int]:
    return town.build(sqlite_app.extensions["elearn"].engine).people


ADDRESSES = (
    "/tackning?",
    "/tackning/enhet/U?",
    "/tackning/export?",
    "/tackning/export?format=csv&",
    "/matningar/frys?",
)


def test_a_far_date_in_an_address_is_told(sqlite_app: Flask, people: dict[str, int]) -> None:
    client = town.login(sqlite_app, people["vpc"])
    for date in ("0001-01-01", FAR, "2999-02-30", "1989-12-31", "2100-01-01"):
        for address in ADDRESSES:
            answer = client.get(f"{address}datum={date}")
            assert (answer.status_code, 'href="#datum">' in answer.text) == (422, True), (address, date)
            is_told = "året ska vara 1990 till 2099." in answer.text
            assert is_told is (date not in ("2999-02-30", "0001-01-01"))


@pytest.mark.parametrize(
    ("role", "address", "field", "sent"),
    [
        ("manager", "/min-enhet/UF1/apt", "datum", {"antal": "3"}),
        ("vpc", "/matningar", "datum", {"antal": "0"}),
        ("vpc", "/matningar/mal", "dag", {"vad": "mal", "forvaltning": "U", "andel": "90"}),
        (
            "vpc",
            "/moten/nytt",
            "datum",
            {"titel": "Möte", "ordnat": "VPC", "amne": "hrv", "forvaltning": "U"},
        ),
        ("vpc", "/malgrupp/nytt", "fran", {"enhet": "U", "beslut": "in"}),
    ],
)
def test_a_far_date_in_a_form_is_told(
    sqlite_app: Flask, people: dict[str, int], role: str, address: str, field: str, sent: dict[str, str]
) -> None:
    client = town.login(sqlite_app, people[role])
    token = town.token_in(client.get("/").text)
    answer = client.post(address, data={**sent, field: FAR, "csrf_token": token})
    assert answer.status_code == 422
    assert "året ska vara 1990 till 2099." in answer.text
