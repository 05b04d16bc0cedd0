"""What the reviews counted, and the words that are worn out: each figure counted a second time by hand."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.advice import counts, guesser, readability, tics
from elearn.content.course import QuestionKind
from elearn.content.reading import reader
from elearn.content.reading.questions import Option, RawQuestion
from elearn.content.reading.reader import Reading
from elearn.settings import data_dir
from tests.content import folders

AVOIDED = "# Undvik\n\n| Uttryck | Skriv hellre | Högst |\n|---|---|---|\n"


def question(*options: str, right: int = 0, prompt: str = "Vad gör du?") -> RawQuestion:
    made = [Option(number, text, number == right) for number, text in enumerate(options)]
    return RawQuestion(1, QuestionKind.SINGLE, prompt, False, options=made)


@pytest.mark.parametrize(
    ("options", "right", "chance"),
    [
        (("Jag ringer socialtjänsten.", "Jag frågar mamma.", "Jag skriver ner det."), 0, Fraction(1)),
        (("Jag ringer socialtjänsten.", "Jag frågar mamma.", "Jag skriver ner det."), 2, Fraction(0)),
        (("Jag frågar henne.", "Jag skriver ner det.", "Jag ringer pappa."), 1, Fraction(1, 2)),
        (("Jag anmäler till chefen.", "Jag skriver ner det."), 1, Fraction(1, 2)),
        (("ANMÄL", "Vänta"), 0, Fraction(1)),
    ],
)
def test_the_guesser_goes_by_words_alone(options: tuple[str, ...], right: int, chance: Fraction) -> None:
    assert guesser.chance(question(*options, right=right)) == chance


def test_the_guessers_share_is_of_questions_with_one_answer() -> None:
    several = question("Jag anmäler.", "Jag väntar.")
    several.kind = QuestionKind.MULTIPLE
    asked = [
        question("Jag anmäler.", "Jag väntar."),
        question("Jag anmäler.", "Jag väntar.", right=1),
        several,
    ]
    assert guesser.share(asked) == Fraction(1, 2)
    assert guesser.share([several]) == 0


@given(texts=st.lists(st.text(max_size=20), min_size=1, max_size=5), data=st.data())
def test_whatever_stands_there_the_guesser_chooses_one_of_the_options(
    texts: list[str], data: st.DataObject
) -> None:
    """The chances of all options together are one."""
    assert sum(guesser.chance(question(*texts, right=right)) for right in range(len(texts))) == 1


@pytest.mark.parametrize(
    ("prompt", "is_act"),
    [
        ("Vad gör du?", True),
        ("Elsa gråter. Hur gör ni?", True),
        ("Vad blir nästa steg?", True),
        ("Vad räcker för att anmäla?", False),
    ],
)
def test_a_question_about_what_you_do_is_known_by_its_words(prompt: str, is_act: bool) -> None:
    asked = [question("Jag anmäler.", "Nej.", prompt=prompt)]
    assert bool(counts.acting(asked)) is is_act
    assert counts.is_report(asked[0])
    assert not counts.is_report(question("Jag anmäler.", "Jag frågar.", right=1))


def read(root: Path, rows: str, text: str) -> Reading:
    lesson = folders.BEFORE_QUESTIONS + text + "\n"
    return reader.read(folders.write(root, **{"undvik.md": AVOIDED + rows, "gemensamt/grunder.md": lesson}))


@pytest.mark.parametrize(
    ("row", "text", "count"),
    [
        ("| tiga, teg | säga | 0 |", "Hon teg. TIGA är guld. Otigare finns inte, inte heller steg.", 2),
        ("| Men … | annat | 0 |", "Men hon gick. Hon gick, men hem. ”Men du”, sa han. Menar du?", 2),
        ("| Men... | annat | 0 |", "Men hon gick. Hon gick, men hem.", 1),
        ("tiga, teg | säga | 0", "Hon teg.", 1),
        ("| ta hjälp | anmäla | 0 |", "Vi får ta hjälp. Vi får ta\u00a0hand om det.", 1),
    ],
)
def test_a_worn_out_word_is_counted_whole_in_every_form(
    tmp_path: Path, row: str, text: str, count: int
) -> None:
    reading = read(tmp_path, row + "\n", text)
    assert [found for _, found in tics.counts(reading, reading.courses[0])] == [count]


@pytest.mark.parametrize(("most", "is_told"), [(2, False), (1, True)])
def test_a_course_above_an_entrys_number_is_warned_about(tmp_path: Path, most: int, is_told: bool) -> None:
    reading = read(tmp_path, f"| tiga | säga inget | {most} |\n", "Tiga. Tiga.")
    told = [(warning.path, warning.message) for warning in tics.warnings(reading)]
    message = f"”tiga” står 2 gånger i kursens avsnitt, högst {most}. Skriv hellre säga inget."
    assert told == ([("forskola/kurs.md", message)] if is_told else [])


@pytest.mark.parametrize(
    "row", ["| tiga | säga |", "| tiga | säga | många |", "| | säga | 2 |", "| a | b | c | 1 |"]
)
def test_a_row_that_is_no_entry_is_refused(tmp_path: Path, row: str) -> None:
    changes = {"undvik.md": AVOIDED + row + "\n"}
    assert folders.faults(tmp_path, **changes) == [
        "undvik.md:5: Skriv raden som: | uttrycket, ett till | vad man skriver hellre | 4 |"
    ]


@pytest.mark.parametrize("row", ["| , | annat | 4 |", "| … | annat | 4 |", "| ... | annat | 4 |"])
def test_a_row_without_a_word_is_refused(tmp_path: Path, row: str) -> None:
    assert folders.faults(tmp_path, **{"undvik.md": AVOIDED + row + "\n"}) == [
        "undvik.md:5: Skriv raden som: | uttrycket, ett till | vad man skriver hellre | 4 |"
    ]


def test_no_row_is_passed_over_because_a_table_has_no_line_of_dashes(tmp_path: Path) -> None:
    rows = "| tiga | säga | 0 |\n\n| teg | sade | 0 |\n"
    assert folders.faults(tmp_path, **{"undvik.md": AVOIDED + rows}) == [
        "undvik.md:7: Under en tabells första rad står en rad av streck: |---|---|---|. Utan den räknas inte raden."
    ]


def test_the_list_is_for_all_courses(tmp_path: Path) -> None:
    assert folders.faults(tmp_path, **{"forskola/undvik.md": AVOIDED}) == [
        "forskola/undvik.md:1: undvik.md gäller alla kurser. Lägg den direkt i mappen med kurser."
    ]


@given(cells=st.lists(st.text(max_size=12), max_size=5))
def test_whatever_a_row_holds_it_is_an_entry_or_a_fault(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    row = "".join(f"| {' '.join(cell.split())} " for cell in cells)
    text = AVOIDED + row.replace("\n", " ") + "|\n"
    reading = reader.read(folders.write(tmp_path_factory.mktemp("c"), **{"undvik.md": text}))
    assert all(entry.forms and entry.most >= 0 for entry in reading.avoided)


def test_a_small_course_is_counted_as_by_hand(tmp_path: Path) -> None:
    lines = counts.counts(read(tmp_path, "| misstanke | x | 9 |\n", "Kort mening. Se här, det är en mening."))
    found = {row[0]: row[1] for line in lines if len(row := line.strip("| ").split(" | ")) == 2}
    assert found["Mått"] == found["Uttryck"] == "forskola"
    assert found["Frågor med ett svar i slutprovets bank"] == "1"
    assert found["Frågor om vad du gör"] == found["Av dem är en anmälan rätt"] == "1"
    assert found["Rätt svar börjar sin återkoppling med Ja eller Rätt"] == "1"
    assert found["Gissaren utan att läsa"] == "100 %"
    assert found["Scenarier"] == "0"
    assert "- Kontakter utan nummer: 1" in lines
    assert "- Fakta som inget avsnitt länkar till: inga" in lines


def test_the_projects_own_list_is_read_and_its_courses_are_counted() -> None:
    reading = reader.read(data_dir("courses"))
    assert len(reading.avoided) >= 10
    first = counts.counts(reading)[0]
    assert first == "| Mått | avux | forskola | fritid | skola | socialtjanst |"


def test_headings_tables_and_the_items_of_a_list_make_no_long_sentence(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "", "## En rubrik\n\n| a | b |\n|---|---|\n| c | d |\n\n- ett\n- två ord\n\nEn mening.\n"
    )
    text = counts.running_text([reading.lessons["gemensamt/grunder.md"]])
    found = [sentence.strip() for sentence in readability.sentences(text)]
    assert found[-3:] == ["- ett", "- två ord", "En mening."]
    assert not any(word in text for word in ("En rubrik", "Kort version", " c ", " d "))


def test_once_is_told_as_once(tmp_path: Path) -> None:
    reading = read(tmp_path, "| tiga | säga inget | 0 |\n", "Tiga.")
    assert ["står 1 gång i" in warning.message for warning in tics.warnings(reading)] == [True]
