"""A lesson's own rules: its drawing, its title, and that no answer is shown outside a question."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elearn.content.prose import Prose
from elearn.content.reading import reader
from elearn.content.rendering import builder
from tests.content import folders

LESSON, TEST = "gemensamt/grunder.md", "forskola/slutprov.md"
ANSWERS = "\n- [ ] Alfa\n  > Nej.\n- [x] Beta\n  > Ja.\n"


def told(root: Path, path: str, text: str) -> list[tuple[int, str]]:
    return [
        (fault.line, fault.message)
        for fault in sorted(reader.read(folders.write(root, **{path: text})).faults)
        if fault.path == path
    ]


@pytest.mark.parametrize(("value", "is_shuffled"), [("nej", False), ("ja", True), (None, True)])
def test_options_are_shuffled_unless_the_author_says_no(
    tmp_path: Path, value: str | None, is_shuffled: bool
) -> None:
    text = folders.TEST.replace("utgåva: 1\n", f"utgåva: 1\nblanda: {value}\n" if value else "utgåva: 1\n")
    assert (
        builder.read_catalog(folders.write(tmp_path, **{TEST: text}))
        .courses["forskola"]
        .final_test.is_shuffled
        == is_shuffled
    )


def test_whether_options_are_shuffled_is_yes_or_no(tmp_path: Path) -> None:
    assert told(tmp_path, TEST, folders.TEST.replace("utgåva: 1\n", "utgåva: 1\nblanda: aldrig\n")) == [
        (6, "blanda ska vara ja eller nej.")
    ]


@pytest.mark.parametrize(
    ("keys", "is_refused"),
    [("dra: 1", True), ("dra: 2", False), ("dra: 1\ndra måste: 1", False), ("dra: 1\ndra måste: 2", True)],
)
def test_no_more_questions_must_be_right_than_are_drawn(tmp_path: Path, keys: str, is_refused: bool) -> None:
    text = folders.TEST.replace("### Fråga", "### Fråga (måste vara rätt)").replace("dra: 2", keys)
    message = "Fler frågor är märkta (måste vara rätt) än som dras. Höj ”dra”, eller skriv ”dra måste”."
    assert told(tmp_path, TEST, text) == [(4, message)] * is_refused


def test_a_final_test_has_questions_that_count(tmp_path: Path) -> None:
    text = folders.TEST.partition("### ")[0].replace("dra: 2\n", "")
    assert told(tmp_path, TEST, text) == [(1, "Slutprovet har inga frågor som räknas.")]
    scenario = text + "### Scenario: Nu?\n<!-- id: ny-scen -->\n\n- [ ] A\n  > Då.\n- [ ] B\n  > Nu.\n"
    assert told(tmp_path, TEST, scenario) == [(1, "Slutprovet har inga frågor som räknas.")]


def test_a_lesson_has_a_title(tmp_path: Path) -> None:
    text = "---\ntid: 5 min\nutgåva: 1\n---\nBara text.\n"
    assert told(tmp_path, "gemensamt/ny.md", text) == [
        (5, "Rubriken saknas. Börja texten med # och en rubrik.")
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "### Fråga 1: Vad?",
        "### Fråga 1. Vad?",
        "### Fråga. Vad?",
        "### Fråga – Vad?",
        "### Fråga Vad?",
        "### Fråga; Vad?",
        "### Frågor: Vad?",
        "### Flervalsfråga: Vad?",
        "### **Fråga:** Vad?",
        "### Fråga måste vara rätt: Vad?",
        "### Scenario 2: Vad?",
        "### Quiz: Vad?",
        "> ### Fråga: Vad?",
        "- ### Fråga: Vad?",
        "Fråga: Vad?\n---",
        " ### Fråga: Vad?",
        "## Fråga: Vad?",
        "Vad?",
        "### Reflektera: Vad?",
        "Se noten.[^1]\n\n[^1]: Vad?",
    ],
)
def test_answers_outside_a_question_are_told_once_at_the_first(tmp_path: Path, heading: str) -> None:
    """They would be the lesson's own text, with its tick for all to see. A mistyped heading is one slip."""
    first = heading.count("\n") + 3
    assert [
        (line, message.partition(" som ")[0])
        for line, message in folders.faults_under(tmp_path, f"{heading}\n{ANSWERS}")
    ] == [(first, "Här står ett svar med återkoppling")]


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        ("### Fråga; Vad?\n<!-- id: ny-fraga -->", [2]),
        (f"### Fråga; Ett?\n{ANSWERS}\n### Fråga; Två?", [3, 10]),
        (f"{ANSWERS}\nMer.", [2]),
    ],
)
def test_one_slip_under_each_heading_is_told(tmp_path: Path, heading: str, lines: list[int]) -> None:
    """The name that lost its question is told for its answers too; the next heading is a slip of its own."""
    assert [line for line, _ in folders.faults_under(tmp_path, f"{heading}\n{ANSWERS}")] == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- [ ] Alfa\n\n  > Nej.", [1]),
        ("- [ ] Alfa\n  i två rader\n  > Nej.", [1]),
        ("- [ ] Alfa\n- [ ] Beta\n    > Nej.", [2]),
        ("1. [ ] Alfa\n  > Nej.", [1]),
        ("- [x] Alfa", [1]),
        ("> - [x] Alfa", [1]),
        ("- [ ] Alfa\n- [ ] Beta", []),
        ("- [ ] Alfa\n\n> Ett citat.", []),
        ("- [ ] Alfa\n\nText.\n\n  > Ett citat.", []),
        ("- en punkt\n\n  > Ett citat.", []),
        ("## Fråga om vardagen\n\n- [ ] Alfa", []),
    ],
)
def test_a_checklist_is_one_as_long_as_nothing_answers_it(
    tmp_path: Path, text: str, lines: list[int]
) -> None:
    told = folders.faults_under(tmp_path, text + "\n")
    assert (
        [line for line, message in told if "hör till någon fråga" in message]
        == lines
        == [line for line, _ in told]
    )


WHOLE = f"### Fråga: Vad?\n<!-- id: ny-fraga -->\n\nLäget.\n{ANSWERS}\n> Därför.\n\nText.\n\n## Rubrik\n\nMer.\n".split(
    "\n"
)
NOISE = st.sampled_from(
    [
        "",
        "Text.",
        "  text",
        "    kod",
        "---",
        "```",
        "```kod```",
        "[^1]: not",
        "> Citat.",
        "  > Citat.",
        "    > Citat.",
        "## Rubrik",
        "### Fråga 1: Vad?",
        "### Reflektera: Du?",
        "### Ordna: Hur?",
        "<!-- id: abc -->",
        "- punkt",
        "- [ ] Gamma",
        "- [x] Delta",
        "-  [x] Delta",
        "- (x) Delta",
        "  - [x] Delta",
        "1. [x] Delta",
        "> - [x] Delta",
        "  > - [x] Delta",
    ]
)


@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE)), NOISE), max_size=4),
    st.sets(st.integers(0, len(WHOLE) - 1), max_size=2),
)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
def test_whatever_is_moved_or_lost_no_answer_is_shown_or_lost(
    tmp_path_factory: pytest.TempPathFactory, added: list[tuple[int, str]], lost: set[int]
) -> None:
    """Either a fault is told, or every ticked line is an option, or stands in what is shown after the
    answer."""
    lines = [[line] for place, line in enumerate(WHOLE)]
    for place in lost:
        lines[place] = []
    for place, line in added:
        lines[min(place, len(lines) - 1)].append(line)
    text = folders.BEFORE_QUESTIONS + "\n".join(line for group in lines for line in group)
    reading = reader.read(folders.write(tmp_path_factory.mktemp("courses"), **{LESSON: text}))
    if reading.faults:
        return
    read = [option for question in reading.lessons[LESSON].questions for option in question.options]
    ticked = [
        line
        for _, line in reading.sources[LESSON].prose_lines()
        if "x]" in line and ">" not in line and not line.startswith("    ")
    ]
    assert len(ticked) == sum(option.is_right for option in read)
    for block in builder.build(reading).courses["forskola"].lessons[0].blocks:
        assert "☑" not in (
            folders.shown(block)
            if isinstance(block, Prose)
            else block.prompt + folders.shown(block.situation)
        )
