"""The front matter: what is refused is told once, at its line, and the rest of the file is read as usual."""

from pathlib import Path

import pytest

from elearn.content.reading import reader
from tests.content import folders

LESSON = "gemensamt/grunder.md"
END = "utgåva: 1\n---\n# Grunder"


def told(root: Path, before: str, after: str) -> list[tuple[int, str]]:
    assert before in folders.LESSON
    reading = reader.read(folders.write(root, **{LESSON: folders.LESSON.replace(before, after, 1)}))
    return [(fault.line, fault.message) for fault in sorted(reading.faults) if fault.path == LESSON]


@pytest.mark.parametrize("dashes", ["---", "---  ", "—", "–––", "----", "--", "***"])
def test_front_matter_ends_with_three_hyphens(tmp_path: Path, dashes: str) -> None:
    expected = [] if dashes.strip() == "---" else [(6, "Huvudet ska sluta med precis tre bindestreck: ---")]
    assert told(tmp_path, END, f"utgåva: 1\n{dashes}\n# Grunder") == expected


def test_front_matter_without_an_end_stops_at_the_first_heading(tmp_path: Path) -> None:
    assert told(tmp_path, END, "utgåva: 1\n\n# Grunder") == [
        (7, "Huvudet ovanför har inget slut. Skriv --- på en egen rad före rubriken.")
    ]
    source = reader.read(tmp_path).sources[LESSON]
    assert (source.lines[source.body - 1], source.value("tid"), source.line_of("utgåva")) == (
        "# Grunder",
        "10 min",
        5,
    )


def test_front_matter_without_an_end_or_a_heading_is_told_at_the_top(tmp_path: Path) -> None:
    reading = reader.read(folders.write(tmp_path, **{LESSON: "---\ntid: 10 min\nutgåva: 1\n"}))
    assert [(fault.line, fault.message) for fault in sorted(reading.faults) if fault.path == LESSON] == [
        (1, "Huvudet har inget slut. Skriv --- på en egen rad efter nycklarna."),
        (1, "Rubriken saknas. Börja texten med # och en rubrik."),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "tid: 10 min",
            "tid 10 min",
            [(1, "Nyckeln ”tid” saknas i huvudet."), (2, "Raden i huvudet ska vara nyckel: värde.")],
        ),
        ("tid: 10 min", "tid:", [(2, "Nyckeln ”tid” är tom.")]),
        (
            "utgåva: 1",
            "utgåva: 1\ntyp: ",
            [(6, "Nyckeln ”typ” är tom. Skriv ett värde eller ta bort raden.")],
        ),
        ("tid: 10 min", "Tid : 10 min", []),
        (
            "---\ntid",
            "tid",
            [(1, "Filen ska börja med ett huvud: ---, en rad för varje nyckel, och --- igen.")],
        ),
    ],
)
def test_a_line_is_a_key_and_its_value(
    tmp_path: Path, before: str, after: str, expected: list[tuple[int, str]]
) -> None:
    assert told(tmp_path, before, after) == expected


@pytest.mark.parametrize("key", ["införd", "förnyas", "kompetens", "reviderad", "skriven av", "granskad av"])
def test_a_key_of_a_course_that_is_there_has_a_value(tmp_path: Path, key: str) -> None:
    course = folders.COURSE.replace("utgåva: 1\n", f"utgåva: 1\n{key}: \n", 1)
    assert folders.faults(tmp_path, **{"forskola/kurs.md": course}) == [
        f"forskola/kurs.md:8: Nyckeln ”{key}” är tom. Skriv ett värde eller ta bort raden."
    ]


def test_an_empty_key_that_a_base_course_must_have_is_told_once(tmp_path: Path) -> None:
    course = folders.COURSE.replace("4.4 Förskola ska genomgå utbildning", "")
    [fault] = folders.faults(tmp_path, **{"forskola/kurs.md": course})
    assert "kurs.md:8: Nyckeln ”aktivitet” är tom." in fault


def test_a_no_break_space_is_a_space(tmp_path: Path) -> None:
    """Swedish typography puts one between a number and its unit, and nobody sees it."""
    course = folders.COURSE.replace("24 månader", "24\u00a0månader").replace("80 %", "80\u00a0%")
    lesson = folders.LESSON.replace("10 min", "10\u00a0min").replace("våld i nära", "våld\u00a0i\u00a0nära")
    test = folders.TEST.replace("typ: slutprov", "typ:\u00a0slutprov\nblanda:\u00a0nej")
    assert (
        folders.faults(tmp_path, **{"forskola/kurs.md": course, LESSON: lesson, "forskola/slutprov.md": test})
        == []
    )
