"""What ``elearn courses format`` mends, and that it changes nothing else."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from content import folders
from elearn.content import formatting, reader
from elearn.settings import data_dir

LESSON = "gemensamt/grunder.md"


def formatted(root: Path, **changes: str | bytes | None) -> dict[str, str]:
    return {path: "\n".join(lines) for path, lines in formatting.formatted(reader.read(folders.write(root, **changes))).items()}


def test_a_folder_as_it_should_be_is_left_alone(tmp_path: Path) -> None:
    assert formatted(tmp_path) == {}


def test_the_courses_are_as_they_should_be() -> None:
    assert formatting.formatted(reader.read(data_dir("courses"))) == {}


def test_a_question_without_a_name_gets_the_proposed_one_and_nobody_elses(tmp_path: Path) -> None:
    question = "### Fråga: Vad räcker här?\n\n- [ ] Ett.\n  > Nej.\n- [x] Två.\n  > Ja.\n"
    found = formatted(tmp_path, **{LESSON: folders.LESSON + "\n" + question + "\n" + question})
    assert re.findall(r"räcker här\?\n<!-- id: (.*) -->\n", found[LESSON]) == ["gemensamt-grunder-racker", "gemensamt-grunder-racker-2"]
    assert reader.read(folders.write(tmp_path, **{LESSON: found[LESSON]})).faults == []


def test_a_reflection_needs_no_name(tmp_path: Path) -> None:
    assert formatted(tmp_path, **{LESSON: folders.LESSON + "\n### Reflektera: Och du?\n\nTänk efter.\n"}) == {}


def test_feedback_takes_the_two_space_form(tmp_path: Path) -> None:
    changed = folders.LESSON.replace("- [ ] Ett bevis.\n  > Väntar", "- [ ] Ett bevis.\n\n    > Väntar").replace(
        "  > Rektorn", "     >Rektorn"
    )
    assert changed != folders.LESSON
    assert formatted(tmp_path, **{LESSON: changed}) == {LESSON: folders.LESSON}


def test_several_paragraphs_of_feedback_stay_apart(tmp_path: Path) -> None:
    text = folders.LESSON.replace("  > Väntar du på bevis väntar du för länge.", "  > Ett stycke.\n\n  > Ett till.")
    assert formatted(tmp_path, **{LESSON: text}) == {}


def test_an_indented_quotation_that_is_no_feedback_stays(tmp_path: Path) -> None:
    text = folders.LESSON.replace("Text efter frågan.", "- en punkt\n\n    > ett citat i punkten")
    assert formatted(tmp_path, **{LESSON: text}) == {}


def test_anchors_are_spelled_as_their_headings(tmp_path: Path) -> None:
    text = folders.LESSON.replace("#anmälningsskyldigheten", "#anmalningsskyldigheten").replace("- Misstanke", "[Mer](#MER)\n\n- Misstanke")
    found = formatted(tmp_path, **{LESSON: text})[LESSON]
    assert "(fakta.md#anmälningsskyldigheten)" in found
    assert "[Mer](#mer)" in found


def test_an_anchor_that_is_unknown_or_in_code_stays(tmp_path: Path) -> None:
    text = folders.LESSON + "\n[fel](fakta.md#finns-inte)\n\n```\n[x](fakta.md#anmalningsskyldigheten)\n```\n"
    assert formatted(tmp_path, **{LESSON: text}) == {}


@given(st.lists(st.sampled_from(["", "  ", "    ", "\n    ", "\n  ", "\t"]), min_size=4, max_size=4), st.booleans())
def test_mending_changes_no_meaning_and_mending_twice_is_mending_once(tmp_path_factory, indents: list[str], has_names: bool) -> None:  # type: ignore[no-untyped-def]
    text = folders.LESSON if has_names else re.sub(r"<!-- id: grunder-(racker|scenario) -->\n", "", folders.LESSON)
    for indent, words in zip(indents, ("Väntar", "Ja. Det", "Han går", "Rektorn tar"), strict=True):
        text = text.replace(f"  > {words}", f"{indent or '  '}> {words}")
    root = tmp_path_factory.mktemp("courses")
    before = reader.read(folders.write(root, **{LESSON: text}))
    once = formatted(root, **{LESSON: text}).get(LESSON, text)
    after = reader.read(folders.write(root, **{LESSON: once}))
    assert after.faults == []
    for old, new in zip(before.lessons[LESSON].questions, after.lessons[LESSON].questions, strict=True):
        assert [(option.text, option.feedback) for option in old.options] == [(option.text, option.feedback) for option in new.options]
        assert (old.prompt, old.situation, old.explanation) == (new.prompt, new.situation, new.explanation)
    assert formatting.formatted(after) == {}
