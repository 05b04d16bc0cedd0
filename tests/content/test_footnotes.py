"""Footnotes: what would stand as [^1] on the page, or nowhere, is told."""

from pathlib import Path

import pytest

from elearn.content.reading import footnotes
from tests.content import folders

LESSON, COURSE = "gemensamt/grunder.md", "forskola/kurs.md"
AFTER = "Text efter frågan."  # line 35 of the lesson


def faults(root: Path, text: str, instead_of: str = AFTER) -> list[str]:
    assert folders.LESSON.count(instead_of) == 1
    return folders.faults(root, **{LESSON: folders.LESSON.replace(instead_of, text)})


@pytest.mark.parametrize(
    "text",
    [
        "A[^1].\n\n[^1]: Texten.",
        "A[^1].\n\n[^1]: Texten\n  går vidare.\n\nMer.",
        "A[^1] och b[^1].\n\n[^1]: Texten.\n[^två]: Två.\n\nC[^två].",
        "`[^1]` är en fotnot.",
        "```\n[^1]\n```",
    ],
)
def test_a_footnote_with_its_text_is_left_alone(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Först.\n\nA[^1].", 37, "Fotnoten har ingen text. Skriv den på en egen rad: ”[^1]: texten”."),
        (
            "A.\n\n[^1]: Texten.",
            37,
            "Inget leder till fotnoten. Skriv [^1] där den hör hemma i texten, eller ta bort den.",
        ),
        (
            "A[^1].\n\n[^1]: Ett.\n[^1]: Två.",
            38,
            "Fotnoten [^1] har redan en text. Ge den här ett eget namn.",
        ),
        ("A[^1].\n\n[^1]: Ett.\n\n    Andra stycket.", 39, footnotes.ONE_PARAGRAPH),
        ("A[^1].\n\n[^1]: Ett.\ngår vidare.", 38, footnotes.ONE_PARAGRAPH),
    ],
)
def test_a_footnote_that_the_page_would_not_show_is_refused(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    assert faults(tmp_path, text) == [f"{LESSON}:{line}: {message}"]


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("Vad räcker?", 23),
        ("Situationen.", 26),
        ("Ett bevis.", 28),
        ("Ja. Det räcker.", 31),
        ("Du ska inte utreda.", 33),
        ("3. Ring.", 42),
        ("| I dag", 51),
        ("Fråga om råd", 52),
        ("Rektorn tar emot.", 64),
        ("Tänk efter.", 68),
    ],
)
def test_a_footnote_in_a_question_is_refused(tmp_path: Path, where: str, line: int) -> None:
    assert faults(tmp_path, f"{where} [^1]", where) == [f"{LESSON}:{line}: {footnotes.IN_QUESTION}"]


def test_a_footnotes_text_that_a_question_would_swallow_is_refused(tmp_path: Path) -> None:
    text = folders.LESSON.replace("## Mer\n", "## Mer\n\nA[^1].\n") + "\n[^1]: Texten.\n"
    assert folders.faults(tmp_path, **{LESSON: text}) == [f"{LESSON}:72: {footnotes.TEXT_IN_QUESTION}"]


@pytest.mark.parametrize("path", ["gemensamt/fakta.md", "gemensamt/kontakter.md"])
def test_a_fact_or_contact_has_its_source_and_no_footnote(tmp_path: Path, path: str) -> None:
    text = folders.FILES[path].replace(".\n\n-", ".[^1]\n\n[^1]: Texten.\n\n-", 1)
    assert folders.faults(tmp_path, **{path: text}) == [
        f"{path}:{line}: {footnotes.IN_ENTRY}" for line in (5, 7)
    ]


def test_a_guide_and_an_introduction_are_looked_through(tmp_path: Path) -> None:
    files = {
        "forskola/apt.md": "# APT\n\nA[^1].\n",
        COURSE: folders.COURSE.replace("Välkommen.", "Välkommen[^1]."),
    }
    message = "Fotnoten har ingen text. Skriv den på en egen rad: ”[^1]: texten”."
    assert folders.faults(tmp_path, **files) == [f"forskola/apt.md:3: {message}", f"{COURSE}:13: {message}"]
