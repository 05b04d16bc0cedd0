"""Every file of figures that is fetched stands in the journal, and what fetches nothing does not."""

import json

from flask import Flask

from elearn import database
from elearn.journal import queries
from tests.web import town


def fetched(app: Flask) -> list[tuple[str, str, str | None]]:
    """Who, which report and of which part, the first first."""
    with database.snapshot(app.extensions["elearn"].engine) as session:
        entries = [entry for entry in queries.entries(session) if entry.kind == "fetched-figures"]
    told = [(entry.actor, json.loads(entry.details)) for entry in entries]
    return [(actor, details["report"], details.get("part")) for actor, details in told]


def test_every_file_is_in_the_journal_with_who_and_of_what(app: Flask) -> None:
    people = town.build(app.extensions["elearn"].engine).people
    vpc, manager, coordinator = (town.login(app, people[one]) for one in ("vpc", "manager", "coordinator"))
    for client, address in (
        (vpc, "/tackning/export?format=csv"),
        (vpc, "/tackning/rapport?format=xlsx"),
        (vpc, "/behov/export?forvaltning=U"),
        (vpc, "/aktiviteter/export"),
        (manager, "/behov/export"),
        (coordinator, "/tackning/export?format=csv"),
        (coordinator, "/aktiviteter/export"),
    ):
        assert client.get(address).status_code == 200, address
    by = f"person:{people['vpc']}"
    assert fetched(app) == [
        (by, "coverage", None),
        (by, "report", None),
        (by, "needs", "U"),
        (by, "activities", None),
        (f"person:{people['manager']}", "needs", "own-units"),
        (f"person:{people['coordinator']}", "coverage", "U"),
        (f"person:{people['coordinator']}", "activities", "U"),
    ]
    page = vpc.get("/tackning/export").text
    for name in ("Täckning", "Rapport", "Behov", "Aktiviteter"):
        assert f'<th scope="row">{name}</th>' in page


def test_asking_for_the_head_alone_fetches_nothing(app: Flask) -> None:
    vpc = town.login(app, town.build(app.extensions["elearn"].engine).people["vpc"])
    for address in ("/tackning/export?format=csv", "/behov/export", "/aktiviteter/export"):
        assert vpc.head(address).status_code == 200
    assert fetched(app) == []
