"""The lists under a question: what is not quite an option or a row is told at its own line, and never lost
without a word."""

from pathlib import Path

import pytest

from elearn.content.reading import reader
from elearn.content.reading.questions import RawQuestion
from tests.content import folders

NAME = "<!-- id: ny-fraga -->\n\n"
LESSON = "gemensamt/grunder.md"


def asked(root: Path, body: str) -> RawQuestion:
    reading = reader.read(folders.write(root, **{LESSON: folders.BEFORE_QUESTIONS + body}))
    assert [str(fault) for fault in reading.faults] == []
    return reading.lessons[LESSON].questions[-1]


def options(*lines: str) -> str:
    """A question with these lines after its first two options; they begin on line 8."""
    return (
        f"### Fråga (flera svar): Vad?\n{NAME}- [x] Alfa\n  > Ja.\n- [ ] Beta\n  > Nej.\n"
        + "\n".join(lines)
        + "\n"
    )


def ordering(*lines: str) -> str:
    """They begin on line 4."""
    return f"### Ordna: Hur?\n{NAME}" + "\n".join(lines) + "\n\n> Därför.\n"


def matching(*lines: str) -> str:
    """They begin on line 4."""
    return f"### Para ihop: Vad?\n{NAME}" + "\n".join(lines) + "\n\n> Därför.\n"


@pytest.mark.parametrize(
    "option",
    [
        "- (x) Gamma",
        "- ( ) Gamma",
        "-\t[x] Gamma",
        "-  [x] Gamma",
        "- \\[x\\] Gamma",
        "- [✓] Gamma",
        "- [v] Gamma",
        "- [*] Gamma",
        "- [х] Gamma",
        "• [ ] Gamma",
        "− [ ] Gamma",
        "‐ [ ] Gamma",
        "– [ ] Gamma",
        "4. [ ] Gamma",
        "[ ] Gamma",
        "- [\u00a0] Gamma",
        "-\u00a0[ ] Gamma",
        "- [ ]",
        "- [x ] Gamma",
        "-[x] Gamma",
        "- [] Gamma",
        "- [x]Gamma",
        "- [x]\u00a0Gamma",
        "  - [x] Gamma",
        "    - [ ] Gamma",
    ],
)
def test_what_is_nearly_an_option_is_told_and_nothing_else_is(tmp_path: Path, option: str) -> None:
    """It is read as it was meant, so that the others keep their feedback and their count."""
    told = folders.faults_under(
        tmp_path, options(option, "  > Då.", "- [ ] Delta", "  > Nej.", "", "> Därför.")
    )
    assert [(line, message.partition(".")[0]) for line, message in told] == [
        (8, "Så här blir det ingen ruta")
    ]


@pytest.mark.parametrize(
    "option",
    [
        "- [ ] Gamma",
        "* [x] Gamma",
        "+ [X] Gamma",
        " - [ ] Gamma",
        "- [ ]  Gamma",
        "- [x] (Gamma)",
        "- [ ] [Gamma](kontakter.md#bris)",
    ],
)
def test_an_option_is_read(tmp_path: Path, option: str) -> None:
    assert len(asked(tmp_path, options(option, "  > Då.", "- [ ] Delta", "  > Nej.")).options) == 4


def test_the_first_option_too_is_told_when_it_is_mistyped(tmp_path: Path) -> None:
    told = folders.faults_under(
        tmp_path, f"### Fråga: Vad?\n{NAME}Läget.\n\n-  [x] Alfa\n  > Ja.\n- [ ] Beta\n  > Nej.\n"
    )
    assert [(line, message.partition(".")[0]) for line, message in told] == [
        (6, "Så här blir det ingen ruta")
    ]


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["---", "- [ ] Gamma", "  > Då."], 8),
        (["", "---", "", "- [ ] Gamma", "  > Då."], 9),
        (["Ett stycke.", "På två rader.", "- [ ] Gamma", "  > Då."], 8),
        (["", "Ett stycke.", "", "- [ ] Gamma", "  > Då."], 9),
        (["- [nej] Gamma", "  > Då."], 8),
        (["- [ ] Gamma", "som går vidare", "  > Då."], 9),
        (["- [ ] Gamma", "  > Då", "går det vidare."], 10),
        (["- [ ] Gamma", "  > Då.", "", "  utan sin pil"], 11),
        (["```", "- [ ] kod", "```", "- [ ] Gamma", "  > Då."], 8),
    ],
)
def test_a_line_that_breaks_the_list_of_options_is_told_once(
    tmp_path: Path, lines: list[str], place: int
) -> None:
    told = folders.faults_under(tmp_path, options(*lines))
    assert [(line, message.partition(".")[0]) for line, message in told] == [
        (place, "Här bryts listan med svar")
    ]


def test_a_long_option_and_long_feedback_go_on_when_they_are_indented(tmp_path: Path) -> None:
    question = asked(tmp_path, options("- [ ] Gamma", "  som går vidare", "  > Då", "  går det vidare."))
    assert (question.options[2].text, question.options[2].feedback) == (
        "Gamma som går vidare",
        ["Då", "går det vidare."],
    )


def test_what_a_broken_list_holds_is_not_counted(tmp_path: Path) -> None:
    told = folders.faults_under(
        tmp_path, f"### Fråga: Vad?\n{NAME}- [ ] Alfa\n  > Nej.\n- [rätt] Beta\n  > Ja.\n"
    )
    assert [(line, message.partition(".")[0]) for line, message in told] == [(6, "Här bryts listan med svar")]


def test_feedback_in_several_paragraphs_is_read_whole(tmp_path: Path) -> None:
    question = asked(tmp_path, options("- [ ] Gamma", "", "  > Då.", "", "    > Nu."))
    assert question.options[2].feedback == ["Då.", "", "Nu."]


@pytest.mark.parametrize(
    "lines",
    [
        ["> mer", "- [ ] Gamma", "  > Då."],
        ["> mer", "> och mer", "- [ ] Gamma", "  > Då."],
        ["- [ ] Gamma", "> Då.", "> Nu."],
    ],
)
def test_feedback_that_is_not_indented_is_told_once(tmp_path: Path, lines: list[str]) -> None:
    told = folders.faults_under(tmp_path, options(*lines))
    assert [message.partition(":")[0] for _, message in told] == [
        "Återkopplingen ska vara indragen två mellanslag under sitt svar"
    ]


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_quotation_after_the_options_explains_the_question(tmp_path: Path, between: str) -> None:
    question = asked(tmp_path, options() + f"{between}> Därför.\n> Just det.\n\nText efter.\n")
    assert (question.explanation, question.options[1].feedback) == (["Därför.", "Just det."], ["Nej."])


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("- [ ] Gamma\n  > Då.\n", [(10, "Här står ett svar efter frågans slut")]),
        (
            "- [x] Gamma\n- (x) Delta\n",
            [(10, "Här står ett svar efter frågans slut"), (11, "Här står ett svar efter frågans slut")],
        ),
        ("Text.\n\n  > Då.\n", [(12, "Här står ett indraget citat efter frågans slut")]),
        ("Text.\n\n## Rubrik\n\n- [ ] kom ihåg\n- en punkt\n\n  > ett citat\n", []),
        ("- [länk](kontakter.md#bris)\n\n> **Tips**\n>\n> - [ ] kom ihåg\n", []),
    ],
)
def test_what_looks_like_a_part_of_the_question_after_its_end_is_told(
    tmp_path: Path, after: str, expected: list[tuple[int, str]]
) -> None:
    told = folders.faults_under(tmp_path, options("> Därför.", "") + after)
    assert [(line, message.partition(".")[0]) for line, message in told] == expected


LIST_IN_OPTION = "Ett svar är en enda text"
SEEN_BY_ALL = "Det här ser alla innan de svarar"
SECOND = "Citatet står efter förklaringens slut, så att alla ser det innan de svarar"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["- [ ] Jag gör:", "    - ringer", "    - skriver", "  > Nej."], [9, 10]),
        (["- [ ] Jag gör:", "  1. ringer", "  > Nej."], [9]),
        (["- [ ] Jag gör:", "  | a | b |", "  > Nej."], [9]),
        (["- [ ] Jag gör så här", "  eller så.", "  > Nej."], []),
    ],
)
def test_an_answer_is_one_text(tmp_path: Path, lines: list[str], expected: list[int]) -> None:
    told = folders.faults_under(tmp_path, options(*lines))
    assert [line for line, message in told if message.startswith(LIST_IN_OPTION)] == expected
    assert len(told) == len(expected)


@pytest.mark.parametrize("row", ["2. - Skriv", "2. Skriv\n   - mer", "2. | a | b |"])
def test_a_row_is_one_text(tmp_path: Path, row: str) -> None:
    text = f"### Ordna: Hur?\n<!-- id: ny-fraga -->\n\n1. Ett\n{row}\n3. Tre\n\n> Så.\n"
    assert [message.partition(",")[0] for _, message in folders.faults_under(tmp_path, text)] == [
        "En rad är en enda text"
    ]


@pytest.mark.parametrize(
    "question",
    [
        "### Fråga: ![Ett hus](hus.svg)\n<!-- id: ny-fraga -->\n\n- [x] Ett\n  > Ja.\n- [ ] Två\n  > Nej.\n",
        "### Fråga: Vad?\n<!-- id: ny-fraga -->\n\n- [x] ![Ett hus](hus.svg)\n  > Ja.\n- [ ] Två\n  > Nej.\n",
        "### Ordna: Hur?\n<!-- id: ny-fraga -->\n\n1. Ett\n2. Se ![Ett hus](hus.svg)\n3. Tre\n\n> Så.\n",
        "### Para ihop: Vad?\n<!-- id: ny-fraga -->\n\n| A | B |\n|---|---|\n| a | ![Ett hus](hus.svg) |\n| b | c |\n\n> Så.\n",
    ],
)
def test_no_picture_stands_in_what_is_chosen(tmp_path: Path, question: str) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'
    changes = {"gemensamt/grunder.md": folders.BEFORE_QUESTIONS + question, "gemensamt/hus.svg": picture}
    (fault,) = folders.faults(tmp_path, **changes)
    assert fault.partition(": ")[2] == (
        "Här kan ingen bild stå: raden är en del av frågan eller svaret. Skriv bilden före svaren."
    )


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("> Därför.\nså är det.\n", ["Därför.", "så är det."]),
        ("> Därför.\nså är det.\n> Ja.\noch så.\n\nText.\n", ["Därför.", "så är det.", "Ja.", "och så."]),
        ("> Därför.\n2) så är det.\n", ["Därför."]),
        ("> Därför.\n- punkt\n", ["Därför."]),
    ],
)
def test_an_explanation_goes_on_as_every_viewer_shows_it(
    tmp_path: Path, after: str, expected: list[str]
) -> None:
    assert asked(tmp_path, f"{options()}\n{after}").explanation == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("**Förklaring:** Beta är rätt.\n", [(10, SEEN_BY_ALL)]),
        ("Förklaring: Beta är rätt.\n", [(10, SEEN_BY_ALL)]),
        ("*Källa*: lagen\n", [(10, SEEN_BY_ALL)]),
        ("Därför är Beta rätt.\n", [(10, SEEN_BY_ALL)]),
        ("Rätt svar är Beta.\n", [(10, SEEN_BY_ALL)]),
        ("> Så.\n\nFacit: Beta.\n", [(12, SEEN_BY_ALL)]),
        ("> Så.\n\n> Mer om det.\n", [(12, SECOND)]),
        ("> Så.\n\n> **Tips: Mer**\n>\n> Text.\n", []),
        ("> Så.\n\nText.\n\n> Ett citat.\n", []),
        ("> Så.\n\nSvaren skiljer sig åt mellan kommuner.\n", []),
        ("Förklaringen kommer i nästa avsnitt.\n", []),
    ],
)
def test_no_explanation_is_shown_before_the_answer(
    tmp_path: Path, after: str, expected: list[tuple[int, str]]
) -> None:
    told = folders.faults_under(tmp_path, f"{options()}\n{after}")
    assert [(line, message.partition(".")[0]) for line, message in told] == expected


@pytest.mark.parametrize("heading", ["#### Förklaring", "### Facit", "## Rätt svar"])
def test_a_heading_does_not_hide_an_explanation(tmp_path: Path, heading: str) -> None:
    told = folders.faults_under(tmp_path, f"{options()}\n{heading}\n\nBeta är rätt.\n")
    assert (10, SEEN_BY_ALL) in [(line, message.partition(".")[0]) for line, message in told]


@pytest.mark.parametrize("signs", [("☐", "☒"), ("- ☐", "- ☑"), ("☐", "☑")])
def test_a_word_processors_boxes_are_named_and_read(tmp_path: Path, signs: tuple[str, str]) -> None:
    wrong, right = signs
    text = f"### Fråga: Vad?\n<!-- id: ny-fraga -->\n\n{wrong} Ett\n  > Nej.\n{right} Två\n  > Ja.\n"
    assert [
        (line, message[2:].partition(".")[0]) for line, message in folders.faults_under(tmp_path, text)
    ] == [
        (4, "är en ordbehandlares ruta"),
        (6, "är en ordbehandlares ruta"),
    ]


def test_fenced_code_in_the_situation_is_no_option(tmp_path: Path) -> None:
    body = f"### Fråga: Vad?\n{NAME}```\n- [x] så här\n    > citat\n```\n\n- [ ] Alfa\n  > Nej.\n- [x] Beta\n  > Ja.\n"
    question = asked(tmp_path, body)
    assert [option.text for option in question.options] == ["Alfa", "Beta"]
    assert question.situation[:5] == ["", "```", "- [x] så här", "    > citat", "```"]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [("1234", []), ("1111", []), ("1324", [5]), ("2345", [4]), ("1233", [7]), ("1112", [5])],
)
def test_the_rows_of_an_ordering_are_numbered_in_their_order(
    tmp_path: Path, numbers: str, expected: list[int]
) -> None:
    told = folders.faults_under(
        tmp_path, ordering(*(f"{number}. Rad {place}" for place, number in enumerate(numbers)))
    )
    assert told == [(line, "Numrera raderna 1, 2, 3 i rätt ordning, uppifrån och ner.") for line in expected]


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["1.Ett", "2. Två", "3. Tre"], 4),
        (["1. Ett", "2.Två", "3. Tre"], 5),
        (["1. Ett", "2. Två", "3. Tre", "4.Fyra"], 7),
        (["1. Ett", "2. Två", "3. Tre", "  4. Fyra"], 7),
        (["1. Ett", "2. Två", "går vidare", "3. Tre"], 6),
        (["1. Ett", "2. Två", "", "---", "", "3. Tre"], 7),
    ],
)
def test_a_line_that_breaks_an_ordering_is_told_once_at_its_place(
    tmp_path: Path, lines: list[str], place: int
) -> None:
    told = folders.faults_under(tmp_path, ordering(*lines))
    assert [(line, message.partition(".")[0]) for line, message in told] == [
        (place, "Raden hör inte till listan")
    ]


def test_a_row_goes_on_when_it_is_indented_and_rows_may_stand_apart(tmp_path: Path) -> None:
    question = asked(tmp_path, ordering("1. Ett", "   på 1.5 meter", "", "2) Två", "", "3. Tre"))
    assert [text for _, text, _ in question.rows] == ["Ett på 1.5 meter", "Två", "Tre"]


@pytest.mark.parametrize(
    "question",
    [
        f"### Ordna: Hur?\n{NAME}1. Ett\n2. Två\n3. Tre",
        f"### Para ihop: Vad?\n{NAME}| L | G |\n|---|---|\n| a | b |\n| c | d |",
    ],
)
def test_a_list_without_an_explanation_says_so_at_its_heading(tmp_path: Path, question: str) -> None:
    told = folders.faults_under(tmp_path, f"{question}\n\nText efter.\n")
    assert [(line, message.partition(".")[0]) for line, message in told] == [(1, "Frågan saknar förklaring")]


def test_an_explanation_is_not_indented(tmp_path: Path) -> None:
    told = folders.faults_under(tmp_path, f"### Ordna: Hur?\n{NAME}1. Ett\n2. Två\n3. Tre\n\n  > Därför.\n")
    assert told == [(8, "Förklaringen ska stå längst till vänster: ”> texten”.")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["| Läge | Gör |", "|---|---|", "| a | b |", "| c | d |"], []),
        (["| Läge | Gör |", "| :-- | --: |", "| - | - |", "| c | d |"], []),
        (
            ["| a | b |", "| c | d |", "| e | f |"],
            [(5, "Tabellen ska börja med en rubrikrad, och |---|---| på raden under den.")],
        ),
        (
            ["|---|---|", "| a | b |", "| c | d |"],
            [(5, "Tabellen ska börja med en rubrikrad, och |---|---| på raden under den.")],
        ),
        (
            ["| Läge | Gör |", "|---|---|", "| a | b |", "c | d", "| e | f |"],
            [(7, "Raden hör inte till tabellen. Skriv den så här: ”| till vänster | till höger |”.")],
        ),
        (
            ["| Läge | Gör |", "|---|---|", "| a | b |", "", "| c | d |"],
            [(8, "En tom rad delar tabellen. Ta bort den.")],
        ),
        (["| Läge | Gör |", "|---|---|", "|| b |", "| c | d |"], [(6, "En ruta i tabellen är tom.")]),
        (["| Läge | Gör |", "|---|---|", "| a | |", "| c | d |"], [(6, "En ruta i tabellen är tom.")]),
        (["| Läge | Gör |", "|---|---|", "| a | b |", "| A | d |"], [(7, "Två rader är lika.")]),
        (
            ["| Läge | Gör |", "|---|---|", "| a | b |"],
            [(1, "Frågan behöver minst två rader i tabellen, utöver rubrikraden.")],
        ),
    ],
)
def test_the_table_of_a_matching(tmp_path: Path, lines: list[str], expected: list[tuple[int, str]]) -> None:
    assert folders.faults_under(tmp_path, matching(*lines)) == expected


def test_every_row_under_the_rule_is_a_pair(tmp_path: Path) -> None:
    question = asked(tmp_path, matching("| Läge | Gör |", "|---|---|", r"| a\|b | - |", "| - | c |"))
    assert [(left, right) for _, left, right in question.rows] == [("a|b", "-"), ("-", "c")]
