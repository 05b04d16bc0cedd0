"""What no course file may hold, whatever its kind: and what it may, which looks much the same."""

from pathlib import Path

import pytest

from elearn.content.reading import reader
from tests.content import folders

LESSON, COURSE, FACTS, CONTACTS, GUIDE = (
    "gemensamt/grunder.md",
    "forskola/kurs.md",
    "gemensamt/fakta.md",
    "gemensamt/kontakter.md",
    "forskola/apt.md",
)
FILES = {**folders.FILES, GUIDE: "# APT\n\nBörja här.\n"}
QUESTION = "### Fråga: Vad?\n<!-- id: ny-fraga -->\n\n- [ ] Alfa\n  > Nej.\n- [x] Beta\n  > Ja.\n"


def told_under_title(root: Path, path: str, text: str) -> list[tuple[int, str]]:
    """(line, message) with this text under the file's first heading; its first line is 1."""
    title = next(line for line in FILES[path].splitlines() if line.startswith("# "))
    before, _, after = FILES[path].partition(title)
    found = reader.read(folders.write(root, **{path: f"{before}{title}\n{text}\n\n{after}"})).faults
    return [
        (fault.line - before.count("\n") - 1, fault.message) for fault in sorted(found) if fault.path == path
    ]


@pytest.mark.parametrize("path", [COURSE, FACTS, CONTACTS, GUIDE])
@pytest.mark.parametrize(
    "line",
    [
        "- [x] Klart",
        "- [X] Klart",
        "  - [x] Klart",
        "1. [x] Klart",
        "> - [x] Klart",
        "- (x) Klart",
        "- [✓] Klart",
    ],
)
def test_a_ticked_box_is_refused_in_a_file_without_questions(tmp_path: Path, path: str, line: str) -> None:
    told = told_under_title(tmp_path, path, f"\n{line}")
    assert [(place, message.partition(".")[0]) for place, message in told] == [
        (2, "Här står en förkryssad ruta")
    ]


@pytest.mark.parametrize("path", [COURSE, FACTS, CONTACTS, GUIDE, LESSON])
@pytest.mark.parametrize(
    "line",
    [
        "- [ ] Kvar",
        "  - [ ] Kvar",
        "1. [ ] Kvar",
        "> - [ ] Kvar",
        "- [x](https://www.bris.se/)",
        "Ruta (x).",
        "```\n- [x] Klart\n```",
    ],
)
def test_a_checklist_that_nobody_has_ticked_is_no_answer(tmp_path: Path, path: str, line: str) -> None:
    assert [
        message for _, message in told_under_title(tmp_path, path, f"\n{line}") if "leder" not in message
    ] == []


@pytest.mark.parametrize("path", [FACTS, GUIDE, LESSON])
@pytest.mark.parametrize(
    "line", ["-[ ] Kvar", "- [] Kvar", "– [ ] Kvar", "- [  ] Kvar", "- [ ]\u00a0Kvar", "[ ] Kvar"]
)
def test_what_viewers_show_as_text_is_no_box(tmp_path: Path, path: str, line: str) -> None:
    told = told_under_title(tmp_path, path, f"\n{line}")
    assert [(place, message.partition(".")[0]) for place, message in told] == [
        (2, "Så här blir det ingen ruta")
    ]


@pytest.mark.parametrize("path", [COURSE, FACTS, GUIDE, LESSON])
@pytest.mark.parametrize("line", ["<b>id: ett</b>", "<!-- se id: ett -->", "<div>"])
def test_html_is_refused_also_where_a_name_is_mentioned(tmp_path: Path, path: str, line: str) -> None:
    assert told_under_title(tmp_path, path, line) == [
        (1, "HTML går inte att använda. Skriv vanlig text och Markdown.")
    ]


def test_a_questions_name_is_html_in_a_file_without_questions(tmp_path: Path) -> None:
    assert [
        place
        for place, message in told_under_title(tmp_path, GUIDE, "<!-- id: ny-fraga -->")
        if "HTML" in message
    ] == [1]


@pytest.mark.parametrize(
    ("heading", "is_refused"),
    [
        ("#### Ordna: Hur?", True),
        (" ### Ordna: Hur?", True),
        ("### Ordna 2: Hur?", True),
        ("### **Ordna:** Hur?", True),
        ("> ### Para ihop: Vad?", True),
        ("### Para ihop. (måste vara rätt): Vad?", True),
        ("## Ordna vardagen: så gör du", False),
        ("## Ordningen: först barnet", False),
        ("## Fråga om vardagen: så gör du", False),
    ],
)
def test_a_list_in_order_gives_itself_away_only_by_its_heading(
    tmp_path: Path, heading: str, is_refused: bool
) -> None:
    told = folders.faults_under(tmp_path, f"{heading}\n\n1. Ett\n2. Två\n3. Tre\n\n> Därför.\n")
    assert [message.partition(".")[0] for line, message in told if line == 1 and "nivå" not in message] == [
        "Så här blir det ingen fråga"
    ] * is_refused


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("```\nkod\n```", []),
        ("~~~\nkod\n~~~", []),
        ("```text\n# kod\n```", []),
        ("````\n```\n````", []),
        ("```kod```", []),
        ("```\nkod", [1]),
        ("```\nkod\n````", [1, 3]),
        ("~~~\nkod\n```", [1, 3]),
        ("```\nkod\n```\n\n```", [5]),
    ],
)
def test_fenced_code_without_an_end_is_told_and_the_question_after_it_is_read(
    tmp_path: Path, code: str, expected: list[int]
) -> None:
    told = folders.faults_under(tmp_path, f"{code}\n\n{QUESTION}")
    assert [(line, message.partition(".")[0]) for line, message in told] == [
        (line, "Kodblocket som börjar här har inget slut") for line in expected
    ]
    assert [question.id for question in reader.read(tmp_path).lessons[LESSON].questions] == ["ny-fraga"]


def test_a_tab_indents_like_spaces(tmp_path: Path) -> None:
    assert folders.faults_under(tmp_path, QUESTION.replace("  > Nej.", "\t> Nej.")) == []


def test_a_fault_shows_its_line_as_it_is_indented(tmp_path: Path) -> None:
    reading = reader.read(
        folders.write(tmp_path, **{LESSON: folders.BEFORE_QUESTIONS + QUESTION.replace("- [x]", "  - [x]")})
    )
    assert [str(fault).split("\n")[1] for fault in reading.faults if "ruta" in fault.message] == [
        "      - [x] Beta"
    ]
