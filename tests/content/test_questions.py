"""The question syntax: whatever is written either reads or is refused with a place; what is read is what was
written."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elearn.content.course import Question, QuestionKind
from elearn.content.reading import reader
from elearn.content.rendering import builder
from tests.content import folders

LESSON = "gemensamt/grunder.md"
HEAD = folders.LESSON.partition("# Grunder")[0] + "# Grunder\n\nText.\n\n"
BROKEN = st.sampled_from(
    [
        "### Fråga: Vad?",
        "### Fråga (måste vara rätt):",
        "### Fråga (flera svar) Vad",
        "### Ordna: Hur?",
        "### Para ihop: Vad?",
        "### Scenario: Nu?",
        "### Reflektera: Tänk",
        "### Ordna 2: Hur?",
        "<!-- id: abc -->",
        "<!-- id: X -->",
        "<!-- id:",
        "- [ ] Ett",
        "- [x] Två",
        "- [X]",
        "-  [x] Två",
        "- (x) Tre",
        "  - [ ] Fyra",
        "> - [x] Fem",
        "-[x] Fel",
        "- [ ]",
        "  > Återkoppling",
        "> fel",
        "‹!– id: abc –›",
        "    > Djup",
        "> Förklaring",
        ">",
        "1. Ett",
        "2. Två",
        "3) Tre",
        "| a | b |",
        "|---|---|",
        "| 1 | 2 |",
        "| 1 |",
        "## Rubrik",
        "#### Djup",
        "```",
        "---",
        "",
        "",
        "  ",
        "\t",
        "[^1]: not",
        "[länk](fakta.md#saknas)",
        "![](x.svg)",
        "<b>",
        "– [x] streck",
    ]
)
WORDS = st.text(st.sampled_from("abcdeåäöABCÅÄÖ .,?!0123456789"), min_size=1, max_size=30).map(
    lambda text: f"Ord {text.strip()} slut"
)
DISTINCT = st.lists(WORDS, min_size=3, max_size=5, unique_by=lambda text: " ".join(text.casefold().split()))


def read(root: Path, body: str) -> reader.Reading:
    return reader.read(folders.write(root, **{LESSON: body}))


def only(root: Path, body: str) -> Question:
    reading = read(root, folders.LESSON.partition("### Fråga")[0] + body)
    assert [str(fault) for fault in reading.faults] == []
    return builder.build(reading).courses["forskola"].lessons[0].questions[-1]


def plain(html: str) -> str:
    return re.sub(r"</?p>", "", html)


@given(st.text() | st.lists(BROKEN | st.text(max_size=12), max_size=25).map("\n".join))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_reads_or_is_refused_with_its_place(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    root = tmp_path_factory.mktemp("courses")
    written = (HEAD + text).encode(errors="surrogatepass")
    reading = reader.read(folders.write(root, **{LESSON: written}))
    lines = len(re.split(rb"\r\n|\r|\n", written))
    for fault in reading.faults:
        assert fault.message
        assert 1 <= fault.line <= lines if fault.path == LESSON else fault.line >= 1
    if not reading.faults:
        builder.build(reading)


@given(DISTINCT, st.data(), st.booleans(), st.booleans())
def test_a_choice_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject, must: bool, several: bool
) -> None:
    right = (
        data.draw(st.sets(st.sampled_from(texts), min_size=1, max_size=len(texts) - 1))
        if several
        else {data.draw(st.sampled_from(texts))}
    )
    marks = (" (flera svar)" if several else "") + (" (måste vara rätt)" if must else "")
    options = "".join(f"- [{'x' if text in right else ' '}] {text}\n  > Om {text}\n" for text in texts)
    question = only(
        tmp_path_factory.mktemp("courses"),
        f"### Fråga{marks}: Vad gör du?\n<!-- id: ny-fraga -->\n\nLäget.\n\n{options}\n> Därför.\n",
    )
    assert (question.kind, question.must_be_right) == (
        QuestionKind.MULTIPLE if several else QuestionKind.SINGLE,
        must,
    )
    assert [" ".join(choice.text.split()) for choice in question.choices] == [
        " ".join(text.split()) for text in texts
    ]
    assert [choice.is_right for choice in question.choices] == [text in right for text in texts]
    assert [" ".join(plain(folders.shown(choice.feedback)).split()) for choice in question.choices] == [
        " ".join(f"Om {text}".split()) for text in texts
    ]
    assert (plain(folders.shown(question.situation)), plain(folders.shown(question.explanation))) == (
        "Läget.",
        "Därför.",
    )


@given(DISTINCT)
def test_an_ordering_comes_back_in_its_order(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    rows = "".join(f"{number}. {text}\n" for number, text in enumerate(texts, 1))
    question = only(
        tmp_path_factory.mktemp("courses"), f"### Ordna: Hur?\n<!-- id: ny-ordning -->\n\n{rows}\n> Därför.\n"
    )
    assert [(" ".join(row.text.split()), row.answer) for row in question.rows] == [
        (" ".join(text.split()), str(place)) for place, text in enumerate(texts, 1)
    ]


@given(DISTINCT)
def test_a_matching_comes_back_in_its_pairs(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    rows = "".join(f"| {text} | Till {text} |\n" for text in texts)
    question = only(
        tmp_path_factory.mktemp("courses"),
        f"### Para ihop: Vad?\n<!-- id: nytt-par -->\n\n| Läge | Gör |\n|---|---|\n{rows}\n> Därför.\n",
    )
    right = {choice.key: " ".join(choice.text.split()) for choice in question.choices}
    pairs = {" ".join(row.text.split()): right[row.answer] for row in question.rows}
    assert pairs == {" ".join(text.split()): " ".join(f"Till {text}".split()) for text in texts}


@given(DISTINCT)
def test_a_choices_key_follows_its_words_and_not_its_place(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    def keys(order: list[str]) -> dict[str, str]:
        options = "".join(f"- [{' x'[place == 0]}] {text}\n  > Ja.\n" for place, text in enumerate(order))
        question = only(
            tmp_path_factory.mktemp("courses"), f"### Fråga: Vad?\n<!-- id: ny-fraga -->\n\n{options}"
        )
        return {" ".join(choice.text.split()): choice.key for choice in question.choices}

    first, second = keys(texts), keys(texts[::-1])
    assert first == second
    assert len(set(first.values())) == len(texts)
    assert not set(first.values()) & set(keys([f"{text} nu" for text in texts]).values())


ANSWERS = "- [ ] Alfa\n  > Nej.\n- [x] Beta\n  > Ja.\n"


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("### Fråga: Vad?", ""),
        ("### Fråga (måste vara rätt): Vad (om något)?", ""),
        ("### Fråga (måste vara rätt): Vad måste vara rätt?", ""),
        (
            "### Fråga: (måste vara rätt) Vad?",
            "Skriv (måste vara rätt) före kolonet: ### Fråga (måste vara rätt): …",
        ),
        (
            "### Fråga: Vad? (Måste vara rätt)",
            "Skriv (måste vara rätt) före kolonet: ### Fråga (måste vara rätt): …",
        ),
        ("### Fråga: Vad? (flera svar)", "Skriv (flera svar) före kolonet: ### Fråga (flera svar): …"),
        ("### Fråga (måste vara rätt) (måste vara rätt): Vad?", "”(måste vara rätt)” kan inte stå här."),
        ("### Fråga (viktig): Vad?", "”(viktig)” kan inte stå här."),
        ("### Fråga:", "Frågan är tom."),
        ("### Fråga(flera svar): Vad?", "Så skrivs ingen fråga. Skriv ”### Fråga (flera svar): …”."),
        ("### Fråga (måste vara rätt)(flera svar): Vad?", "Så skrivs ingen fråga. Skriv ”### Fråga (måste "),
        ("### fråga: Vad?", "Så skrivs ingen fråga. Skriv ”### Fråga: …”."),
        ("### Fraga: Vad?", "Så skrivs ingen fråga. Skriv ”### Fråga: …”."),
        ("### Frågan: Vad?", "Så skrivs ingen fråga. Skriv ”### Fråga: …”."),
        ("### Fråga (fler svar): Vad?", "”(fler svar)” kan inte stå här. En fråga kan ha (flera svar)"),
        ("### Fråga", "En fråga skrivs ”### Fråga: …”, med kolon."),
        ("### Fråga (måste vara rätt) Vad?", "En fråga skrivs ”### Fråga: …”, med kolon."),
    ],
)
def test_what_a_heading_says(tmp_path: Path, heading: str, expected: str) -> None:
    told = folders.faults_under(tmp_path, f"{heading}\n<!-- id: ny-fraga -->\n\n{ANSWERS}")
    assert [(line, message[: len(expected)]) for line, message in told] == [(1, expected)] * bool(expected)


@pytest.mark.parametrize(
    "heading", ["### Frågor: om barn", "### Reflektion: efteråt", "### Frågor att ställa"]
)
def test_a_heading_of_its_own_is_no_mistyped_question(tmp_path: Path, heading: str) -> None:
    assert folders.faults_under(tmp_path, f"## Mer om det\n\n{heading}\n") == []


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (ANSWERS, []),
        ("- [x] Beta\n  > Ja.\n", [(1, "Frågan behöver minst två svar: ”- [ ] svaret” på varje rad.")]),
        ("Text.\n", [(1, "Frågan behöver minst två svar: ”- [ ] svaret” på varje rad.")]),
        ("", [(1, "Frågan behöver minst två svar: ”- [ ] svaret” på varje rad.")]),
    ],
)
def test_a_question_has_at_least_two_options(
    tmp_path: Path, answers: str, expected: list[tuple[int, str]]
) -> None:
    assert folders.faults_under(tmp_path, f"### Fråga: Vad?\n<!-- id: ny-fraga -->\n\n{answers}") == expected


@pytest.mark.parametrize(
    ("text", "is_refused"), [("Tänk efter.\n", False), ("", True), ("  \n\n## Sedan\n\nText.\n", True)]
)
def test_a_reflection_says_what_to_think_about(tmp_path: Path, text: str, is_refused: bool) -> None:
    expected = [(1, "Skriv under rubriken vad läsaren kan tänka på.")] * is_refused
    assert folders.faults_under(tmp_path, f"### Reflektera: Du?\n\n{text}") == expected
