"""What lies beside the courses: passed over when a program left it there, refused by name when an author
meant it to be read."""

import unicodedata
from pathlib import Path

import pytest

from elearn.content.advice import formatting
from elearn.content.live_catalog import stamps_of
from elearn.content.reading import reader
from elearn.content.rendering import builder
from tests.content import folders

LESSON = "gemensamt/grunder.md"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>'


@pytest.mark.parametrize(
    "name",
    [
        ".#grunder.md",
        "._grunder.md",
        ".DS_Store",
        ".grunder.md.tmp",
        ".git/x.md",
        ".obsidian/kurs.md",
        "grunder.md~",
        "#grunder.md#",
        "grunder.md.swp",
        ".grunder.md.swp",
        "~$agera.docx",
        ".~lock.agera.docx#",
    ],
)
def test_what_a_program_leaves_is_passed_over_by_every_walk(tmp_path: Path, name: str) -> None:
    root = folders.write(tmp_path)
    before = stamps_of(root)
    left = root / "gemensamt" / name
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"\xff\x00 no text")
    assert reader.read(root).faults == []
    assert stamps_of(root) == before


def test_an_editors_lock_may_be_a_link_to_nowhere(tmp_path: Path) -> None:
    root = folders.write(tmp_path)
    (root / "gemensamt" / ".#grunder.md").symlink_to("anna@dator.1234:5678")
    assert reader.read(root).faults == []


@pytest.mark.parametrize(
    ("path", "instead", "message"),
    [
        (LESSON, f"{LESSON}.txt", "Filens namn slutar på .txt. Döp om den till grunder.md."),
        (LESSON, "gemensamt/grunder.MD", "Filen ska heta grunder.md. Döp om den."),
        (LESSON, "gemensamt/grunder.markdown", "Filen ska heta grunder.md. Döp om den."),
        ("forskola/kurs.md", "forskola/Kurs.md", "Filen ska heta kurs.md. Döp om den."),
        ("forskola/kurs.md", "forskola/KURS.MD.TXT", "Filens namn slutar på .txt. Döp om den till kurs.md."),
        ("gemensamt/fakta.md", "gemensamt/Fakta.md", "Filen ska heta fakta.md. Döp om den."),
    ],
)
def test_a_name_that_is_nearly_right_is_one_fault(
    tmp_path: Path, path: str, instead: str, message: str
) -> None:
    """What the file says is read as it was meant: no link to it is told besides."""
    assert folders.faults(tmp_path, **{path: None, instead: folders.FILES[path]}) == [
        f"{instead}:1: {message}"
    ]


def test_two_files_of_one_name_are_told(tmp_path: Path) -> None:
    name = "gemensamt/blå.md"
    composed, decomposed = name, unicodedata.normalize("NFD", name)
    text = folders.BEFORE_QUESTIONS.replace("# Grunder", "# Blått")
    assert folders.faults(tmp_path, **{composed: text, decomposed: text}) == [
        f"{name}:1: Här finns redan blå.md. Ta bort en av dem."
    ]
    assert "Här finns redan grunder.md" in " ".join(
        folders.faults(tmp_path, **{f"{LESSON}.txt": "# Grunder"})
    )


@pytest.mark.parametrize("ending", [".docx", ".DOC", ".odt", ".rtf", ".pages"])
def test_a_word_processors_file_is_named(tmp_path: Path, ending: str) -> None:
    (fault,) = folders.faults(tmp_path, **{f"forskola/agera{ending}": b"PK\x03\x04"})
    assert fault.startswith(f"forskola/agera{ending}:1: Det här är en fil från en ordbehandlare")
    assert "agera.md" in fault


@pytest.mark.parametrize("name", ["agera.txt", "agera.pdf", "agera.md.bak", "Thumbs.db", "readme"])
def test_other_files_may_lie_there(tmp_path: Path, name: str) -> None:
    assert folders.faults(tmp_path, **{f"forskola/{name}": b"\xff"}) == []


def test_a_decomposed_name_is_the_same_name(tmp_path: Path) -> None:
    """A Mac writes å as a and a ring; nobody can see that."""
    other = folders.BEFORE_QUESTIONS.replace("# Grunder", "# Blått").replace(
        "Se [", "![Ett hus](hus-å.svg)\n\nSe ["
    )
    lesson = folders.LESSON.replace("Text efter frågan.", "Se [blått](bl%C3%A5.md) och [blått](blå.md).")
    root = folders.write(
        tmp_path,
        **{
            LESSON: lesson,
            unicodedata.normalize("NFD", "gemensamt/blå.md"): other,
            unicodedata.normalize("NFD", "gemensamt/hus-å.svg"): PICTURE,
        },
    )
    reading = reader.read(root)
    assert set(builder.build(reading).images) == {"gemensamt/hus-å.svg"}
    assert formatting.formatted(reading) == {}
    assert reading.sources["gemensamt/blå.md"].file.is_file()
