"""What ``elearn courses format`` mends, and that it changes nothing else."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.advice import formatting
from elearn.content.reading import reader
from elearn.settings import data_dir
from tests.content import folders

LESSON = "gemensamt/grunder.md"


def formatted(root: Path, **changes: str | bytes | None) -> dict[str, str]:
    return formatting.formatted(reader.read(folders.write(root, **changes)))


def test_a_folder_as_it_should_be_is_left_alone(tmp_path: Path) -> None:
    assert formatted(tmp_path) == {}


def test_the_courses_are_as_they_should_be() -> None:
    assert formatting.formatted(reader.read(data_dir("courses"))) == {}


def test_a_question_without_a_name_gets_the_proposed_one_and_nobody_elses(tmp_path: Path) -> None:
    question = "### Fråga: Vad räcker här?\n\n- [ ] Ett.\n  > Nej.\n- [x] Två.\n  > Ja.\n"
    found = formatted(tmp_path, **{LESSON: folders.LESSON + "\n" + question + "\n" + question})
    assert re.findall(r"räcker här\?\n<!-- id: (.*) -->\n", found[LESSON]) == [
        "gemensamt-grunder-racker",
        "gemensamt-grunder-racker-2",
    ]
    assert reader.read(folders.write(tmp_path, **{LESSON: found[LESSON]})).faults == []


def test_a_reflection_needs_no_name(tmp_path: Path) -> None:
    assert (
        formatted(tmp_path, **{LESSON: folders.LESSON + "\n### Reflektera: Och du?\n\nTänk efter.\n"}) == {}
    )


def test_feedback_takes_the_two_space_form(tmp_path: Path) -> None:
    changed = folders.LESSON.replace(
        "- [ ] Ett bevis.\n  > Väntar", "- [ ] Ett bevis.\n\n    > Väntar"
    ).replace("  > Rektorn", "     >Rektorn")
    assert changed != folders.LESSON
    assert formatted(tmp_path, **{LESSON: changed}) == {LESSON: folders.LESSON}


def test_several_paragraphs_of_feedback_stay_apart(tmp_path: Path) -> None:
    text = folders.LESSON.replace(
        "  > Väntar du på bevis väntar du för länge.", "  > Ett stycke.\n\n  > Ett till."
    )
    assert formatted(tmp_path, **{LESSON: text}) == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Text efter frågan.", "- en punkt\n\n    > ett citat i punkten"),
        ("Situationen.", "- en punkt\n\n    > ett citat i punkten"),
        ("Situationen.", "```\n- [ ] kod\n    > citat i kod\n```"),
        ("Situationen.", "Så här:\n\n    > citat i kod"),
        ("\n> Du ska inte utreda.\n\nText efter frågan.", "\n- en punkt\n\n    > ett citat i punkten"),
        ("> Du ska inte utreda.", "> Du ska inte utreda.\n    > Ett citat i förklaringen."),
        ("Tänk efter.", "- [ ] en punkt\n    > ett citat i punkten"),
        ("  > Ja. Det räcker.", "  > Ja. Det räcker.  \n  > Alltid.\n  >\n  >   Ja."),
    ],
)
def test_an_indented_quotation_that_is_no_feedback_stays(tmp_path: Path, before: str, after: str) -> None:
    assert before in folders.LESSON
    assert formatted(tmp_path, **{LESSON: folders.LESSON.replace(before, after)}) == {}


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("    > Ja.  ", "  > Ja.  "),
        ("  >Ja.", "  > Ja."),
        ("    >   Ja.", "  >   Ja."),
        ("   > Ja.\n    >\n   > Nu.", "  > Ja.\n  >\n  > Nu."),
        ("\t> Ja.", "  > Ja."),
        ("\n\n  > Ja.\n\n    > Nu.", "  > Ja.\n\n  > Nu."),
        ("  > Ja.\n    som går vidare.\n    > Nu.", "  > Ja.\n    som går vidare.\n  > Nu."),
        ("  som går vidare.\n\n    > Ja.", "  som går vidare.\n  > Ja."),
        ("  > [a](fakta.md#anmalningsskyldigheten)", "  > [a](fakta.md#anmälningsskyldigheten)"),
        ("    > [a](fakta.md#anmalningsskyldigheten)", "  > [a](fakta.md#anmälningsskyldigheten)"),
    ],
)
def test_feedback_keeps_everything_but_its_indentation(tmp_path: Path, written: str, mended: str) -> None:
    text, expected = (
        folders.LESSON.replace("  > Ja. Det räcker.", feedback) for feedback in (written, mended)
    )
    assert formatted(tmp_path, **{LESSON: text}) == {LESSON: expected}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_other_line_stays_to_the_letter(tmp_path: Path, end: str, mark: str) -> None:
    """Line endings, byte order mark, tabs, letters in two parts and blanks at a line's end."""
    text = folders.LESSON.replace("Text efter frågan.", "Text\tefter  \n\n```\n\tkod\n```\nEn fra\u030aga.")
    text = text.replace("  > Väntar du", "  > Va\u0308ntar\tdu")
    text = mark + text.replace("  > Ja. Det", "    > Ja. Det").replace("\n", end)
    expected = text.replace("    > Ja. Det", "  > Ja. Det")
    assert formatted(tmp_path, **{LESSON: text}) == {LESSON: expected}
    unnamed = expected.replace(f"<!-- id: grunder-racker -->{end}", "")
    assert formatted(tmp_path, **{LESSON: unnamed}) == {
        LESSON: expected.replace("id: grunder-racker", "id: gemensamt-grunder-racker")
    }


def test_a_name_stands_on_a_line_of_its_own_also_at_the_files_end(tmp_path: Path) -> None:
    text = folders.LESSON + "\n### Fråga: Vad räcker nu?"
    name = "<!-- id: gemensamt-grunder-racker -->"
    assert formatted(tmp_path, **{LESSON: text}) == {LESSON: f"{text}\n{name}"}
    assert formatted(tmp_path, **{LESSON: text.replace("\n", "\r\n")}) == {
        LESSON: f"{text}\n{name}".replace("\n", "\r\n")
    }
    assert formatted(tmp_path, **{LESSON: "### Fråga: Vad räcker?"}) == {
        LESSON: f"### Fråga: Vad räcker?\n{name}"
    }


@pytest.mark.parametrize(
    "name",
    [
        "‹!– id: grunder-ny –›",
        "<!– id: grunder-ny –>",
        "<!-- id grunder-ny -->",
        "id: grunder-ny",
        "Läget.\n\n<!-- id: grunder-ny -->",
        "<!-- id: Grunder -->",
    ],
)
def test_a_question_that_has_something_like_a_name_gets_no_other(tmp_path: Path, name: str) -> None:
    assert formatted(tmp_path, **{LESSON: folders.LESSON.replace("<!-- id: grunder-racker -->", name)}) == {}


def test_the_names_written_are_those_that_check_proposes(tmp_path: Path) -> None:
    text = re.sub(r"<!-- id: .* -->\n", "", folders.LESSON)
    test = re.sub(r"<!-- id: .* -->\n", "", folders.TEST)
    root = folders.write(tmp_path, **{LESSON: text, "123/slutprov.md": test, "124/slutprov.md": test})
    reading = reader.read(root)
    proposed = re.findall(
        r"Frågan saknar namn.*(<!-- id: .* -->)", "\n".join(fault.message for fault in sorted(reading.faults))
    )
    found = formatting.formatted(reading)
    assert [name for path in sorted(found) for name in re.findall("<!-- id: .* -->", found[path])] == proposed
    for path, mended in found.items():
        (root / path).write_text(mended, encoding="utf-8")
    assert [fault for fault in reader.read(root).faults if "amn" in fault.message] == []


def test_anchors_are_spelled_as_their_headings(tmp_path: Path) -> None:
    text = folders.LESSON.replace("#anmälningsskyldigheten", "#anmalningsskyldigheten").replace(
        "- Misstanke", "[Mer](#MER)\n\n- Misstanke"
    )
    found = formatted(tmp_path, **{LESSON: text})[LESSON]
    assert "(fakta.md#anmälningsskyldigheten)" in found
    assert "[Mer](#mer)" in found


def test_an_anchor_that_is_unknown_or_in_code_stays(tmp_path: Path) -> None:
    text = (
        folders.LESSON
        + "\n[fel](fakta.md#finns-inte) `[x](fakta.md#anmalningsskyldigheten)`\n\n```\n[x](fakta.md#anmalningsskyldigheten)\n```\n"
    )
    assert formatted(tmp_path, **{LESSON: text}) == {}


@given(
    st.lists(st.sampled_from(["", "  ", "    ", "\n    ", "\n  ", "\t"]), min_size=4, max_size=4),
    st.booleans(),
)
def test_mending_changes_no_meaning_and_mending_twice_is_mending_once(
    tmp_path_factory, indents: list[str], has_names: bool
) -> None:  # type: ignore[no-untyped-def]
    text = (
        folders.LESSON
        if has_names
        else re.sub(r"<!-- id: grunder-(racker|scenario) -->\n", "", folders.LESSON)
    )
    for indent, words in zip(indents, ("Väntar", "Ja. Det", "Han går", "Rektorn tar"), strict=True):
        text = text.replace(f"  > {words}", f"{indent or '  '}> {words}")
    root = tmp_path_factory.mktemp("courses")
    before = reader.read(folders.write(root, **{LESSON: text}))
    once = formatted(root, **{LESSON: text}).get(LESSON, text)
    after = reader.read(folders.write(root, **{LESSON: once}))
    assert after.faults == []
    for old, new in zip(before.lessons[LESSON].questions, after.lessons[LESSON].questions, strict=True):
        assert [(option.text, option.feedback) for option in old.options] == [
            (option.text, option.feedback) for option in new.options
        ]
        assert (old.prompt, old.situation, old.explanation) == (new.prompt, new.situation, new.explanation)
    assert formatting.formatted(after) == {}


LINE = st.sampled_from(
    [
        "### Fråga: Vad räcker?",
        "### Fråga 1: Vad?",
        "### Ordna: Hur?",
        "### Reflektera: Du?",
        "## Rubrik",
        "<!-- id: abc -->",
        "‹!– id: abc –›",
        "- [ ] Alfa",
        "- [x] Beta",
        "-  [x] Gamma",
        "  > Ja.  ",
        "    > Nej.",
        "  >Nu.",
        "\t> Då.",
        "> Därför.",
        "  text",
        "\ttext",
        "Text.",
        "",
        "",
        "  ",
        "```",
        "1. Ett",
        "[a](fakta.md#anmälningsskyldigheten)",
        "En fra\u030aga.",
        "- punkt",
    ]
)


@given(st.lists(LINE, max_size=20), st.sampled_from(["\n", "\r\n"]))
def test_whatever_is_written_only_names_and_indentation_of_feedback_change(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str
) -> None:
    text = (folders.LESSON + "\n".join(lines)).replace("\n", end)
    root = folders.write(tmp_path_factory.mktemp("courses"), **{LESSON: text})
    before = reader.read(root)
    once = formatting.formatted(before).get(LESSON, text)
    plain = [
        line.replace("\t", "    ")
        for line in re.sub(f"{end}<!-- id: gemensamt-[a-z0-9-]* -->", "", once).split(end)
    ]
    left = iter(text.split(end))
    for line in plain:
        assert any(line in (old.replace("\t", "    "), re.sub(r"^\s*> ?", "  > ", old)) for old in left)
    after = reader.read(folders.write(root, **{LESSON: once}))
    assert {fault.message for fault in after.faults} <= {fault.message for fault in before.faults}
    for old, new in zip(before.lessons[LESSON].questions, after.lessons[LESSON].questions, strict=True):
        assert [(option.text, option.feedback) for option in old.options] == [
            (option.text, option.feedback) for option in new.options
        ]
        assert (old.prompt, old.situation[-5:], old.explanation, old.id or new.id) == (
            new.prompt,
            new.situation[-5:],
            new.explanation,
            new.id,
        )
    assert formatting.formatted(after) == {}
