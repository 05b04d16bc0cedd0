"""What no course file may hold, whatever its kind: and what it may, which looks much the same."""

from pathlib import Path

import pytest

from content import folders
from elearn.content import reader

LESSON = "gemensamt/grunder.md"
QUESTION = "### Fråga: Vad?\n<!-- id: ny-fraga -->\n\n- [ ] Alfa\n  > Nej.\n- [x] Beta\n  > Ja.\n"


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
def test_fenced_code_without_an_end_is_told_and_the_question_after_it_is_read(tmp_path: Path, code: str, expected: list[int]) -> None:
    told = folders.faults_under(tmp_path, f"{code}\n\n{QUESTION}")
    assert [(line, message.partition(".")[0]) for line, message in told] == [
        (line, "Kodblocket som börjar här har inget slut") for line in expected
    ]
    assert [question.id for question in reader.read(tmp_path).lessons[LESSON].questions] == ["ny-fraga"]
