"""The row of links between the follow-up pages shows what is there and may be opened, and nothing else."""

import re
from pathlib import Path

import pytest
from flask import Flask

from elearn.people.access import Permission
from elearn.web import followup, security
from tests.content import folders
from tests.web import town


def links(page: str) -> list[tuple[str, str]]:
    row = re.search(r'<nav class="follow.*?</nav>', page, re.DOTALL)
    return re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', row[0]) if row else []


def test_each_role_sees_the_pages_that_it_may_open_and_the_one_that_it_is_on(app: Flask) -> None:
    people = town.build(app.extensions["elearn"].engine).people
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    for role in ("vpc", "coordinator", "working-group"):
        client = town.login(app, people[role])
        answers = {page: client.get(page).status_code for page, _, _ in followup.PAGES if page in rules}
        expected = [
            (address, name)
            for page, address, name in followup.PAGES
            if page in rules and answers[page] in (200, 422)
        ]
        page = client.get("/tackning").text
        assert links(page) == (expected if len(expected) > 1 else []), role
        assert page.count('href="/tackning" aria-current="page"') == (2 if links(page) else 1)
    assert ("/tackning/export", "Export") in links(town.login(app, people["vpc"]).get("/tackning").text)


def test_one_link_says_where_one_is_though_an_address_begins_as_another(app: Flask) -> None:
    vpc = town.login(app, town.build(app.extensions["elearn"].engine).people["vpc"])
    for path, here in (
        ("/tackning/export", "/tackning/export"),
        ("/tackning/kolumner", "/tackning"),
        ("/matningar/mal", "/matningar"),
    ):
        row = re.search(r'<nav class="follow.*?</nav>', vpc.get(path).text, re.DOTALL)
        assert row, path
        assert re.findall(r'href="([^"]+)" aria-current', row[0]) == [here], path


def test_a_page_that_is_built_is_linked_to_without_any_other_change(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that no part of the system has, so that the test holds when all of them are there."""
    monkeypatch.setattr(followup, "PAGES", (*followup.PAGES, ("/ny", "/ny", "Ny sida")))
    app = town.application(database_url, folders.write(tmp_path / "courses"))
    people = town.build(app.extensions["elearn"].engine).people
    assert ("/ny", "Ny sida") not in links(town.login(app, people["vpc"]).get("/tackning").text)
    app.extensions["elearn"].engine.dispose()

    app = town.application(database_url, tmp_path / "courses")
    app.add_url_rule("/ny", "new", security.requires(Permission.EXPORT_COVERAGE)(lambda: "ny"))
    security.read_rules(app)
    coordinator, vpc = (town.login(app, people[role]) for role in ("coordinator", "vpc"))
    assert ("/ny", "Ny sida") in links(vpc.get("/tackning").text)
    assert ("/ny", "Ny sida") not in links(coordinator.get("/tackning").text)
    app.extensions["elearn"].engine.dispose()
