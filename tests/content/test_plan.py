"""What the municipality's plan demands of a base course: a lesson about each subject, and enough questions."""

import shutil
from pathlib import Path

import pytest

from elearn.app import create_app
from elearn.content.faults import CourseFaults
from elearn.content.live_catalog import LiveCatalog
from elearn.content.reading import reader
from elearn.content.rendering import builder
from tests.content import folders
from tests.web import town

COURSE, TEST, LESSON = "forskola/kurs.md", "forskola/slutprov.md", "gemensamt/grunder.md"
ABOUT, HEDER = "gemensamt/konsstympning.md", "gemensamt/heder.md"
SUBJECTS = ("våld i nära relationer", "könsstympning", "hedersrelaterat våld och förtryck")
FRONT = "tid: 1 min\nämne: könsstympning\ndel: fakta\n"


def told(root: Path, **changes: str) -> list[str]:
    found = reader.read(folders.write_planned(root, **changes), as_planned=True).faults
    return [f"{fault.path}:{fault.line}: {fault.message}" for fault in sorted(found)]


def missing(subject: str) -> str:
    return (
        f"{COURSE}:1: Inget avsnitt i kursen handlar om {subject}. Ett avsnitt ska ha ”{subject}” först i ”ämne”, "
        "och ”fakta” i ”del”. Handlingsplanen kräver det."
    )


def test_a_lesson_about_each_subject_and_eight_questions_are_enough(tmp_path: Path) -> None:
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("front", "is_about"),
    [
        ("tid: 1 min\nämne: könsstympning\ndel: fakta\n", True),
        ("tid: 1 min\nämne: könsstympning, våld i nära relationer\ndel: upptäcka, fakta\n", True),
        ("tid: 1 min\nämne: våld i nära relationer, könsstympning\ndel: fakta\n", False),
        ("tid: 1 min\nämne: könsstympning\ndel: upptäcka, agera\n", False),
        ("tid: 1 min\nämne: könsstympning\ndel: fakta\ntyp: förtest\n", False),
        ("tid: 1 min\n", False),
    ],
)
def test_a_lesson_is_about_the_subject_that_stands_first_with_its_facts(
    tmp_path: Path, front: str, is_about: bool
) -> None:
    """The other lessons mention all three subjects and all five parts."""
    text = folders.MORE_ABOUT[ABOUT].replace(FRONT, front)
    assert told(tmp_path, **{ABOUT: text}) == ([] if is_about else [missing("könsstympning")])


@pytest.mark.parametrize("path", [ABOUT, HEDER])
def test_a_subject_whose_lesson_is_not_listed_is_missed(tmp_path: Path, path: str) -> None:
    root = folders.write_planned(tmp_path)
    course = root / COURSE
    lines = course.read_text().splitlines(keepends=True)
    course.write_text("".join(line for line in lines if Path(path).name not in line))
    subject = "könsstympning" if path == ABOUT else "hedersrelaterat våld och förtryck"
    [fault] = reader.read(root, as_planned=True).faults
    assert f"{fault.path}:{fault.line}: {fault.message}" == missing(subject)


def test_a_subject_that_no_lesson_even_mentions_is_told_once(tmp_path: Path) -> None:
    lesson = folders.LESSON.replace("våld i nära relationer, könsstympning, ", "våld i nära relationer, ")
    root = folders.write_planned(tmp_path, **{LESSON: lesson})
    (root / ABOUT).write_text(
        folders.MORE_ABOUT[ABOUT].replace("könsstympning\ndel", "våld i nära relationer\ndel")
    )
    found = reader.read(root, as_planned=True).faults
    assert [fault.message for fault in found] == [
        "Inget avsnitt i kursen har ”ämne: könsstympning”. Handlingsplanen kräver det."
    ]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        ("dra: 8\n", ""),
        ("dra: 7\n", f"{TEST}:4: Slutprovet drar 7. I en grundutbildning ska det vara minst 8 frågor."),
        ("", ""),
    ],
)
def test_a_final_test_draws_eight_questions_or_more(tmp_path: Path, draw: str, message: str) -> None:
    root = folders.write_planned(tmp_path)
    test = root / TEST
    test.write_text(test.read_text().replace("dra: 8\n", draw))
    found = [
        f"{fault.path}:{fault.line}: {fault.message}" for fault in reader.read(root, as_planned=True).faults
    ]
    assert found == ([message] if message else [])


def test_a_final_test_of_seven_questions_is_too_few(tmp_path: Path) -> None:
    root = folders.write_planned(tmp_path)
    test = root / TEST
    test.write_text(test.read_text().replace("dra: 8\n", "").rpartition("\n### Fråga")[0])
    [fault] = reader.read(root, as_planned=True).faults
    assert fault.message == "Slutprovet frågar 7. I en grundutbildning ska det vara minst 8 frågor."


def test_a_reminder_is_not_asked_for_what_the_plan_demands(tmp_path: Path) -> None:
    text = folders.COURSE.replace("steg: grundutbildning", "steg: påminnelse")
    found = reader.read(folders.write(tmp_path, **{COURSE: text}), as_planned=True).faults
    assert found == []


def test_a_server_does_not_start_without_it_and_keeps_the_last_good_courses(tmp_path: Path) -> None:
    with pytest.raises(CourseFaults):
        create_app(
            town.settings("sqlite://", folders.write(tmp_path / "thin", **{COURSE: folders.introduced()}))
        )
    root = folders.write_planned(tmp_path / "whole")
    shelf = LiveCatalog(root, as_planned=True)
    shutil.copy(folders.write(tmp_path / "thin", **{COURSE: folders.introduced()}) / COURSE, root / COURSE)
    shelf.renew()
    assert len(shelf.current().courses["forskola"].lessons) == 4
    builder.read_catalog(root)
    with pytest.raises(CourseFaults):
        builder.read_catalog(root, as_planned=True)


def test_a_course_that_is_not_introduced_may_lack_what_it_will_hold(tmp_path: Path) -> None:
    assert reader.read(folders.write(tmp_path), as_planned=True).faults == []
    found = reader.read(folders.write(tmp_path, **{COURSE: folders.introduced()}), as_planned=True).faults
    assert any("minst 8" in fault.message for fault in found)
