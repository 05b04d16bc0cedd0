"""The demonstration's numbers: only where nobody has confirmed one, only numbers that nobody has, marked
where they stand and written nowhere."""

import re
from pathlib import Path

from elearn import demo
from elearn.content import live_catalog, phones
from elearn.content.rendering import builder
from elearn.settings import data_dir
from tests.content import folders

FICTION = re.compile(r"08-465 004 \d\d")  # 08-465 004 00 to 99, as PTS writes


def test_only_contacts_that_nobody_has_confirmed_get_a_number(tmp_path: Path) -> None:
    told = builder.read_catalog(folders.write(tmp_path)).contacts
    contacts = live_catalog.LiveCatalog(tmp_path, complete=demo.invent_numbers).current().contacts
    assert [(contact.title, contact.phone, contact.is_invented) for contact in contacts.values()] == [
        ("Akut fara", "112", False),
        ("Bris", "116 111", False),
        ("Socialtjänsten", "08-465 004 00", True),
    ]
    assert [contact.is_reachable for contact in told.values()] == [True, True, False]
    assert (tmp_path / "gemensamt" / "kontakter.md").read_text(encoding="utf-8") == folders.CONTACTS


def test_invented_numbers_are_told_apart_and_belong_to_nobody() -> None:
    folder = data_dir("courses")
    shown = live_catalog.LiveCatalog(folder, complete=demo.invent_numbers).current()
    invented = [contact.phone for contact in shown.contacts.values() if contact.is_invented]
    assert len(invented) == len(set(invented)) >= 2
    for phone in invented:
        assert FICTION.fullmatch(phone)
        assert phones.dialled(phone).startswith("+468465004")
    assert [contact.title for contact in shown.contacts.values() if not contact.is_reachable] == []
    for file in folder.glob("**/*.md"):
        assert not re.search(r"465 ?004", file.read_text(encoding="utf-8")), file


def test_more_than_a_hundred_contacts_have_numbers_too(tmp_path: Path) -> None:
    contact = builder.read_catalog(folders.write(tmp_path)).contacts["gemensamt/kontakter#socialtjänsten"]
    phones_of = [shown.phone for shown in demo.invent_numbers([contact] * 101)]
    assert (phones_of[0], phones_of[99], phones_of[100]) == (
        "08-465 004 00",
        "08-465 004 99",
        "08-465 004 00",
    )


def test_what_is_invented_is_still_missing(tmp_path: Path) -> None:
    """VPC is shown the same in the demonstration."""
    catalog = live_catalog.LiveCatalog(folders.write(tmp_path), complete=demo.invent_numbers).current()
    assert [(contact.title, contact.place, contact.todo) for contact in catalog.missing_contacts] == [
        ("Socialtjänsten", "gemensamt/kontakter.md:23", "VPC hämtar numret.")
    ]
