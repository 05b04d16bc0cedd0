"""What a course has to print: each a file of its own, read and checked as every text is."""

from pathlib import Path

import pytest

from elearn.content.materials import MaterialKind, Paper
from elearn.content.rendering import builder
from tests.content import folders

NAMES = ["apt", "orosanmalan", "kort", "lektion", "foraldramote", "underlag"]
TEXT = "# Att skriva ut\n\n## Ring\n\nSe [grunderna](../gemensamt/grunder.md).\n\n[Bris](../gemensamt/kontakter.md#bris)\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_course_has_its_material_and_no_lesson_of_that_name(tmp_path: Path, name: str) -> None:
    catalog = builder.read_catalog(folders.write(tmp_path, **{f"forskola/{name}.md": TEXT}))
    course = catalog.courses["forskola"]
    [material] = course.materials
    assert (material.kind, material.title) == (name, "Att skriva ut")
    assert course.material(name) == material
    assert "<h1" not in folders.shown(material.text)
    assert "<a lesson=gemensamt/grunder>" in folders.shown(material.text)
    assert "<contacts gemensamt/kontakter#bris>" in folders.shown(material.text)
    assert len(course.lessons) == 2


def test_everything_but_the_guide_for_the_staff_meeting_is_for_every_reader(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {f"forskola/{name}.md": TEXT for name in NAMES}
    course = builder.read_catalog(folders.write(tmp_path, **files)).courses["forskola"]
    assert [material.kind for material in course.materials] == NAMES
    assert [material.kind for material in course.to_print] == NAMES[1:]
    assert course.guide == course.materials[0]


def test_the_card_alone_is_printed_on_a6() -> None:
    assert [kind for kind in MaterialKind if kind.traits.paper == Paper.A6] == ["kort"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# Bara en rubrik\n", "kort.md har bara en rubrik. Skriv en text, eller ta bort filen."),
        ("---\ntitel: Kort\n---\n# Kort\n\nText.\n", "kort.md har inget huvud. Börja med rubriken."),
    ],
)
def test_a_page_with_nothing_on_it_or_with_a_head_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    assert folders.faults(tmp_path, **{"forskola/kort.md": text}) == [f"forskola/kort.md:1: {fault}"]


@pytest.mark.parametrize("name", NAMES)
def test_a_material_is_checked_like_every_text_and_belongs_to_a_course(tmp_path: Path, name: str) -> None:
    text = "# Rubrik\n\n### Hopp\n\nText<br>[x](../gemensamt/fakta.md#saknas)\n"
    changes = {f"forskola/{name}.md": text, f"gemensamt/{name}.md": "# Ingen kurs\n\nText.\n"}
    assert [fault.partition(" ")[0] for fault in folders.faults(tmp_path, **changes)] == [
        f"forskola/{name}.md:3:",
        f"forskola/{name}.md:5:",
        f"forskola/{name}.md:5:",
        f"gemensamt/{name}.md:1:",
    ]


@pytest.mark.parametrize("title", ["Om heder", "Hedersförtryck på jobbet", "HEDER"])
def test_a_card_does_not_say_what_it_is_about(tmp_path: Path, title: str) -> None:
    """Somebody else may see it."""
    assert folders.faults(tmp_path, **{"forskola/kort.md": f"# {title}\n\nText om heder.\n"}) == [
        "forskola/kort.md:1: Rubriken i kort.md kan läsas av andra. Skriv den utan ordet ”heder”."
    ]


def test_another_material_may_say_what_it_is_about(tmp_path: Path) -> None:
    assert folders.faults(tmp_path, **{"forskola/lektion.md": "# Om heder\n\nText.\n"}) == []
    assert folders.faults(tmp_path, **{"forskola/kort.md": "# Om du är orolig\n\nText om heder.\n"}) == []


@pytest.mark.parametrize("name", ["Kort.md", "orosanmalan.md.txt", "Lektion.markdown"])
def test_a_material_whose_name_is_nearly_right_is_told(tmp_path: Path, name: str) -> None:
    meant = name.partition(".")[0].lower() + ".md"
    [fault] = folders.faults(tmp_path, **{f"forskola/{name}": TEXT})
    assert fault.startswith(f"forskola/{name}:1: Filen")
    assert meant in fault
