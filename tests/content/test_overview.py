"""The tables of what the courses hold: every figure counted a second time, by looking at the files alone."""

import re
from pathlib import Path

from elearn.content.advice import overview
from elearn.content.reading import reader
from elearn.settings import data_dir
from tests.content import folders


def rows(lines: list[str], first_column: str) -> list[dict[str, str]]:
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:] if line]
    end = next((place for place, line in enumerate(lines[start:]) if not line), len(lines))
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:end]]


def test_a_small_course_is_counted(tmp_path: Path) -> None:
    lines = overview.overview(reader.read(folders.write(tmp_path)))
    (course,) = rows(lines, "Kurs")
    lesson = next(row for row in rows(lines, "Fil") if row["Fil"] == "gemensamt/grunder.md")
    assert (course["Avsnitt"], course["Minuter"], course["Frågor som räknas"], course["Scenarier"]) == (
        "2",
        "25",
        "5",
        "1",
    )
    assert (course["I slutprovet"], course["Dras"]) == ("2", "2")
    assert [
        lesson[kind] for kind in ("Ett svar", "Flera svar", "Ordna", "Para ihop", "Scenario", "Reflektera")
    ] == ["1", "0", "1", "1", "1", "1"]
    assert (lesson["Minuter"], lesson["Måste vara rätt"]) == ("10", "1")


def test_the_courses_questions_are_those_of_their_files() -> None:
    for row in rows(overview.overview(reader.read(data_dir("courses"))), "Fil"):
        text = (data_dir("courses") / row["Fil"]).read_text(encoding="utf-8")
        headings = re.findall(
            r"^### ((?:Fråga|Ordna|Para ihop|Scenario|Reflektera)\b[^:\n]*):", text, re.MULTILINE
        )
        several = [heading for heading in headings if "flera svar" in heading]
        assert int(row["Flera svar"]) == len(several)
        assert int(row["Ett svar"]) == sum(heading.startswith("Fråga") for heading in headings) - len(several)
        for kind in ("Ordna", "Para ihop", "Scenario", "Reflektera"):
            assert int(row[kind]) == sum(heading.startswith(kind) for heading in headings), (row["Fil"], kind)
        assert int(row["Måste vara rätt"]) == sum("måste vara rätt" in heading for heading in headings)
        assert row["Minuter"] + " min" in text
