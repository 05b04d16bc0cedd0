"""Facts and contacts: what is confirmed is shown with its source and date, what is not is never shown as if
it were."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.prose import Contact, ContactGroup, Fact
from elearn.content.reading import reader
from elearn.content.rendering import builder
from tests.content import folders

FACTS, CONTACTS = "gemensamt/fakta.md", "gemensamt/kontakter.md"


def contact(root: Path, text: str) -> Contact:
    folder = folders.write(
        root, **{CONTACTS: folders.CONTACTS + "\n## Jouren\n\nRing oss.\n\n- Grupp: barn\n" + text}
    )
    return builder.read_catalog(folder).contacts["gemensamt/kontakter#jouren"]


def test_a_contact_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    found = contact(
        tmp_path,
        "- Telefon: 020-50 50 50\n- Öppet: dygnet runt\n- Webb: https://www.jour.se/\n- Källa: x\n"
        "- Kontrollerad: 2026-11-23\n- Krävs: ja\n",
    )
    assert (found.phone, found.hours, found.web) == ("020-50 50 50", "dygnet runt", "https://www.jour.se/")
    assert (found.checked_on, found.is_required, found.todo) == (dt.date(2026, 11, 23), True, "")
    assert (found.group, found.purpose, found.is_reachable) == (ContactGroup.CHILD, "Ring oss.", True)


def fact(root: Path, text: str) -> Fact:
    folder = folders.write(root, **{FACTS: folders.FACTS + "\n## Lagen\n\nSå är det.\n\n" + text})
    return builder.read_catalog(folder).facts["gemensamt/fakta#lagen"]


def messages(root: Path, path: str, text: str) -> list[str]:
    base, group = {FACTS: (folders.FACTS, ""), CONTACTS: (folders.CONTACTS, "- Grupp: själv\n")}[path]
    faults = reader.read(folders.write(root, **{path: base + "\n## Ny\n\nText.\n\n" + group + text})).faults
    return [fault.message for fault in sorted(faults)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (FACTS, "- Kontrollerad: 2026-11-23\n"),
        (FACTS, "- Källa: x\n"),
        (FACTS, "- Källa: x\n- Kontrollerad: 2026-13-01\n"),
        (FACTS, "- Källa: x\n- Kontrollerad: 20261123\n"),
        (FACTS, "- Källa: x\n- Kontrollerad: 2026-W48-1\n"),
        (FACTS, "- Källa: x\n- Kontrollerad: kanske\n"),
        (FACTS, "- Källa: x\n- Kontrollerad: nej\n"),
        (FACTS, "- Källa: x\n- Telefon: 020-50 50 50\n- Kontrollerad: 2026-11-23\n"),
        (CONTACTS, "- Källa: x\n- Telefon: 020-50 50 50\n- Kontrollerad: nej\n- Att göra: y\n"),
        (CONTACTS, "- Källa: x\n- Telefon: ring oss\n- Kontrollerad: 2026-11-23\n"),
    ],
)
def test_what_an_entry_may_not_be_is_refused(tmp_path: Path, path: str, text: str) -> None:
    assert len(messages(tmp_path, path, text)) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "- Källa: x\n- Kontrollerad: 2026-11-23\n\nMer text.\n",
            "Efter listan med Källa och Kontrollerad ska inget mer stå i uppgiften.",
        ),
        ("- Källa: x\n- Källa: y\n- Kontrollerad: 2026-11-23\n", "”Källa” står två gånger."),
        ("- Källa: x\n- Krävs: kanske\n- Kontrollerad: 2026-11-23\n", "Krävs ska vara ja eller nej."),
    ],
)
def test_what_stands_wrong_in_an_entry_is_told_as_what_it_is(tmp_path: Path, text: str, told: str) -> None:
    assert messages(tmp_path, CONTACTS, text) == [told]


def test_an_entry_without_text_is_refused(tmp_path: Path) -> None:
    text = folders.FACTS + "\n## Tom\n\n- Källa: x\n- Kontrollerad: 2026-11-23\n"
    found = reader.read(folders.write(tmp_path, **{FACTS: text})).faults
    assert [fault.message for fault in found] == ["Uppgiften saknar text."]


@pytest.mark.parametrize(
    "written",
    ["- Källa: x\n- Kontrollerad: 2026-11-23\n", "* **Källa:** x\n* **Kontrollerad:** 2026-11-23\n"],
)
def test_stars_and_bold_names_are_read_too(tmp_path: Path, written: str) -> None:
    found = fact(tmp_path, written)
    assert (found.source, found.checked_on) == ("x", dt.date(2026, 11, 23))


def test_a_roles_own_entry_has_an_anchor_of_its_own(tmp_path: Path) -> None:
    """Both may stand on one page."""
    catalog = builder.read_catalog(folders.write(tmp_path, **{"forskola/fakta.md": folders.FACTS}))
    assert {entry.anchor for entry in catalog.facts.values()} == {
        "fakta-anmalningsskyldigheten",
        "fakta-forskola-anmalningsskyldigheten",
    }


def test_a_link_to_all_facts_says_that_one_must_be_named(tmp_path: Path) -> None:
    lesson = folders.LESSON.replace("fakta.md#anmälningsskyldigheten", "fakta.md")
    found = reader.read(folders.write(tmp_path, **{"gemensamt/grunder.md": lesson})).faults
    assert [fault.message for fault in found] == ["Skriv vilken uppgift länken gäller: fakta.md#rubriken."]


def test_two_entries_with_the_same_anchor_are_refused(tmp_path: Path) -> None:
    found = reader.read(
        folders.write(tmp_path, **{FACTS: folders.FACTS + folders.FACTS.removeprefix("# Fakta\n")})
    ).faults
    assert len(found) == 1


def test_a_number_that_nobody_can_dial_is_refused_at_its_line(tmp_path: Path) -> None:
    text = "- Källa: x\n- Telefon: 530 610 00\n- Kontrollerad: 2026-11-23\n"
    assert messages(tmp_path, CONTACTS, text) == ["Skriv telefonnumret med riktnummer: 08-530 610 00."]


@given(st.text())
def test_whatever_an_entry_says_the_reader_does_not_break(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    root = tmp_path_factory.mktemp("courses")
    reading = reader.read(
        folders.write(root, **{FACTS: (folders.FACTS + text).encode(errors="surrogatepass")})
    )
    for fault in reading.faults:
        assert fault.path
        assert fault.line >= 1


@pytest.mark.parametrize(
    ("lines", "is_reachable"),
    [
        ("- Telefon: 112\n- Kontrollerad: 2026-11-23\n", True),
        ("- Webb: https://x.se\n- Kontrollerad: 2026-11-23\n", True),
        ("- Webb: https://x.se\n- Kontrollerad: nej\n- Att göra: y\n", False),
        ("- Öppet: dygnet runt\n- Kontrollerad: 2026-11-23\n", False),
    ],
)
def test_a_contact_is_reached_by_a_number_or_a_page_that_somebody_has_confirmed(
    tmp_path: Path, lines: str, is_reachable: bool
) -> None:
    assert contact(tmp_path, f"- Källa: x\n{lines}").is_reachable == is_reachable


@pytest.mark.parametrize(
    ("group", "fault"),
    [
        ("", "Kontakten saknar raden ”- Grupp: …”."),
        ("- Grupp:\n", "Kontakten saknar raden ”- Grupp: …”."),
        ("- Grupp: barnet\n", "Grupp kan inte vara ”barnet”."),
    ],
)
def test_a_contact_that_everybody_sees_says_where_it_stands_among_them(
    tmp_path: Path, group: str, fault: str
) -> None:
    text = folders.CONTACTS.replace("- Grupp: själv\n", group)
    choices = "akut, själv, barn, utövar våld, utomlands, ingen"
    assert folders.faults(tmp_path, **{CONTACTS: text}) == [
        f"{CONTACTS}:{16 if group else 12}: {fault} Välj var den står på sidan Stöd: {choices}."
    ]


def test_a_roles_own_contact_has_no_group(tmp_path: Path) -> None:
    text = "# Kontakter\n\n## Jour\n\nRing.\n\n- Källa: x\n- Grupp: barn\n- Kontrollerad: 2026-11-23\n"
    assert folders.faults(tmp_path, **{"forskola/kontakter.md": text}) == [
        "forskola/kontakter.md:8: Grupp hör till gemensamt/kontakter.md. Bara de kontakterna visas på sidan Stöd."
    ]


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("x" * 79 + ".", "x" * 79 + "."),
        ("x" * 80 + ".", ""),
        ("Ring oss. Vi svarar.", "Ring oss."),
        ("Vill du\nprata? Ring.", "Vill du prata?"),
        ("Vi *lyssnar*", "Vi lyssnar"),
    ],
)
def test_a_row_says_the_first_sentence_where_it_is_short(tmp_path: Path, text: str, purpose: str) -> None:
    folder = folders.write(tmp_path, **{CONTACTS: folders.CONTACTS.replace("För dig under 18 år.", text)})
    assert builder.read_catalog(folder).contacts["gemensamt/kontakter#bris"].purpose == purpose


def test_what_is_missing_is_told_with_its_place_and_what_the_course_needs_first(tmp_path: Path) -> None:
    """Unconfirmed, or confirmed without a way to reach it."""
    text = folders.CONTACTS.replace("- Telefon: 116 111\n", "").replace("- Webb: https://www.bris.se\n", "")
    catalog = builder.read_catalog(folders.write(tmp_path, **{CONTACTS: text}))
    assert [(contact.title, contact.is_required, contact.place) for contact in catalog.missing_contacts] == [
        ("Socialtjänsten", True, f"{CONTACTS}:21"),
        ("Bris", False, f"{CONTACTS}:12"),
    ]
