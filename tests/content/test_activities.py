"""``aktiviteter.md``: the plan's activities as they are read, and what is refused with its line."""

import datetime as dt
from pathlib import Path

import pytest

from elearn.content.activities import Activity, Organiser
from elearn.content.reading import reader
from elearn.content.rendering import builder
from elearn.settings import data_dir
from tests.content import folders

WHOLE = """# Aktiviteter

## Alla i förskolan utbildas

Alla går kursen.

- Mål: 4.4
- Ansvarig nämnd: Kommunstyrelsen
- Medansvariga: Utbildningsnämnden; Socialnämnden
- Tidsplan: hösten 2026
- Kurs: forskola
- Mått: Andelen utbildade.
- Arrangör: nämnden och VPC
- Källa: handlingsplanen
- Kontrollerad: 2026-11-30
"""


def read(root: Path, text: str) -> Activity:
    [found] = builder.read_catalog(folders.write(root, **{"aktiviteter.md": text})).activities
    return found


def faults(root: Path, text: str, path: str = "aktiviteter.md") -> list[str]:
    reading = reader.read(folders.write(root, **{path: text}))
    return [f"{fault.line}: {fault.message}" for fault in reading.faults if fault.path == path]


def test_an_activity_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    assert (found.title, found.goal, found.lead) == ("Alla i förskolan utbildas", "4.4", "Kommunstyrelsen")
    assert found.committees == ("Utbildningsnämnden", "Socialnämnden")
    assert found.named == ("Kommunstyrelsen", "Utbildningsnämnden", "Socialnämnden")
    assert (found.schedule, found.courses, found.indicator) == (
        "hösten 2026",
        ("forskola",),
        "Andelen utbildade.",
    )
    assert (found.organiser, found.is_education) == (Organiser.TOGETHER, True)
    assert (found.source, found.checked_on, found.todo) == ("handlingsplanen", dt.date(2026, 11, 30), "")
    assert not found.is_for_all


def test_what_the_plan_does_not_tell_is_empty(tmp_path: Path) -> None:
    text = WHOLE.replace("nämnd: Kommunstyrelsen", "nämnd: inte utpekad").replace(
        "hösten 2026", "inte angiven"
    )
    text = text.replace("Utbildningsnämnden; Socialnämnden", "samtliga nämnder").replace(
        "- Kurs: forskola\n", ""
    )
    found = read(tmp_path, text.replace("- Arrangör: nämnden och VPC\n", "") + "- Att göra: VPC frågar.\n")
    assert (found.lead, found.schedule, found.courses, found.todo) == ("", "", (), "VPC frågar.")
    assert (found.is_for_all, found.is_education, found.organiser) == (True, False, None)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("- Mål: 4.4\n", "", "3: Aktiviteten saknar raden ”- Mål: …”."),
        ("- Ansvarig nämnd: Kommunstyrelsen\n", "", "3: Aktiviteten saknar raden ”- Ansvarig nämnd: …”."),
        ("- Tidsplan: hösten 2026\n", "", "3: Aktiviteten saknar raden ”- Tidsplan: …”."),
        ("- Mått: Andelen utbildade.\n", "", "3: Aktiviteten saknar raden ”- Mått: …”."),
        ("- Källa: handlingsplanen\n", "", "3: Uppgiften saknar raden ”- Källa: …”."),
        ("Alla går kursen.\n", "", "3: Uppgiften saknar text."),
        ("4.4", "fyra", "7: Mål ska vara numret i handlingsplanen, till exempel 4.4."),
        ("4.4", "4.", "7: Mål ska vara numret i handlingsplanen, till exempel 4.4."),
        (
            "nämnd: Kommunstyrelsen",
            "nämnd: inte utpekad",
            "8: ”Ansvarig nämnd: inte utpekad” kräver en rad ”- Att göra: …” för VPC.",
        ),
        (
            "Utbildningsnämnden; S",
            "samtliga nämnder; S",
            "9: Skriv bara ”samtliga nämnder”, eller räkna upp nämnderna.",
        ),
        ("Kurs: forskola", "Kurs: forskol", "11: Det finns ingen kurs forskol. Menar du forskola?"),
        ("Kurs: forskola", "Kurs: vård", "11: Det finns ingen kurs vård. Skriv namnet på kursens mapp."),
        (
            "nämnden och VPC",
            "kommunen",
            "13: Arrangör kan inte vara ”kommunen”. Välj bland: nämnden, nämnden och VPC, VPC, inte bestämd.",
        ),
        ("2026-11-30", "igår", "15: Kontrollerad ska vara ett datum som 2026-11-23, eller nej."),
        (
            "- Mål: 4.4",
            "- Syfte: bra\n- Mål: 4.4",
            "7: ”Syfte” finns inte. Välj bland: ansvarig nämnd, arrangör, att göra, kontrollerad, kurs, källa, "
            "medansvariga, mål, mått, tidsplan.",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert WHOLE.count(old) == 1
    assert faults(tmp_path, WHOLE.replace(old, new)) == [fault]


def test_without_a_lead_the_committees_are_named(tmp_path: Path) -> None:
    text = WHOLE.replace("nämnd: Kommunstyrelsen", "nämnd: inte utpekad") + "- Att göra: fråga\n"
    text = text.replace("- Medansvariga: Utbildningsnämnden; Socialnämnden\n", "")
    fault = "8: Utan ansvarig nämnd ska nämnderna stå i ”- Medansvariga: …”, med semikolon emellan."
    assert faults(tmp_path, text) == [fault]


def test_two_with_one_heading_and_a_file_in_a_course_are_refused(tmp_path: Path) -> None:
    again = WHOLE + WHOLE.removeprefix("# Aktiviteter\n")
    assert faults(tmp_path / "a", again) == [
        "17: Två aktiviteter har samma rubrik. Ge varje aktivitet en egen."
    ]
    assert faults(tmp_path / "b", WHOLE, "forskola/aktiviteter.md")[0] == (
        "1: aktiviteter.md gäller alla kurser. Lägg den direkt i mappen med kurser."
    )


def test_without_the_file_there_is_none(tmp_path: Path) -> None:
    assert builder.read_catalog(folders.write(tmp_path)).activities == []


def test_the_list_of_the_municipality_names_every_base_course_and_guesses_no_lead() -> None:
    found = builder.read_catalog(data_dir("courses")).activities
    assert len(found) == 10
    named = {slug for activity in found for slug in activity.courses}
    assert named == {"forskola", "skola", "fritid", "socialtjanst", "avux"}
    for activity in found:
        assert activity.lead or activity.todo.startswith("VPC skriver vilken")
        assert not (activity.lead and activity.committees)  # then the plan names one alone
