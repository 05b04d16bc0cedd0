"""The author's lint: each warning on both sides of its boundary. None of it stops a course."""

import datetime as dt
from pathlib import Path

import pytest

from elearn.content.advice import lint, readability
from elearn.content.course import LessonKind
from elearn.content.reading import reader
from tests.content import folders

LESSON, COURSE, GUIDE = "gemensamt/grunder.md", "forskola/kurs.md", "forskola/apt.md"
FACTS, CONTACTS = "gemensamt/fakta.md", "gemensamt/kontakter.md"
TODAY = dt.date(2026, 11, 24)
QUIET = folders.LESSON.replace("tid: 10 min", "tid: 2 min")


def warned(root: Path, text: str = QUIET, today: dt.date = TODAY, **changes: str) -> list[str]:
    reading = reader.read(
        folders.write(
            root, **{LESSON: text, "forskola/slutprov.md": folders.TEST.replace("15 min", "2 min"), **changes}
        )
    )
    assert [str(fault) for fault in reading.faults] == []
    return [
        f"{warning.path}:{warning.line}: {warning.message}"
        for warning in [*lint.warnings(reading, today), *lint.unchecked(reading, today)]
        if "Inte kontrollerad" not in warning.message
    ]


def question(*texts: str, right: int, prompt: str = "Vad gör du?", id: str = "ny-fraga") -> str:
    options = "".join(f"- [{' x'[place == right]}] {text}\n  > Så.\n" for place, text in enumerate(texts))
    return f"\n### Fråga: {prompt}\n<!-- id: {id} -->\n\n{options}"


def test_a_folder_as_it_should_be_has_no_warning(tmp_path: Path) -> None:
    assert warned(tmp_path) == []


def test_what_must_be_confirmed_is_told_first_and_what_else_is_unchecked_by_itself(tmp_path: Path) -> None:
    unchecked = "- Kontrollerad: nej\n- Att göra: VPC läser lagen."
    facts = folders.FACTS.replace("- Kontrollerad: 2026-11-23", unchecked)
    reading = reader.read(
        folders.write(tmp_path, **{LESSON: QUIET.replace("tid: 2 min", "tid: 30 min"), FACTS: facts})
    )
    first, *others = lint.warnings(reading, TODAY)
    assert first.message == "Inte kontrollerad. Uppgiften krävs innan kursen öppnas. VPC hämtar numret."
    assert {other.path for other in others} == {LESSON, "forskola/slutprov.md"}
    assert [warning.message for warning in lint.unchecked(reading, TODAY)] == [
        "Inte kontrollerad. VPC läser lagen."
    ]


def test_a_confirmed_contact_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    contacts = folders.CONTACTS.replace("- Kontrollerad: nej", "- Kontrollerad: 2026-11-23")
    reading = reader.read(folders.write(tmp_path, **{LESSON: QUIET, CONTACTS: contacts}))
    assert lint.warnings(reading, TODAY)[0].message == (
        "Kontakten har varken Telefon eller Webb, och visas inte för den som läser."
    )


def test_a_lesson_in_no_course(tmp_path: Path) -> None:
    assert warned(
        tmp_path, **{"gemensamt/ensam.md": "---\ntid: 1 min\nutgåva: 1\n---\n# Ensam\n\nText.\n"}
    ) == ["gemensamt/ensam.md:1: Avsnittet står inte i någon kurs."]


@pytest.mark.parametrize(("words", "is_warned"), [(25, False), (26, True)])
def test_a_sentence_of_more_than_25_words(tmp_path: Path, words: int, is_warned: bool) -> None:
    found = warned(tmp_path, QUIET.replace("Text efter frågan.", " ".join(["ord"] * words) + "."))
    assert any("En mening har" in warning for warning in found) == is_warned


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" ".join(["ord"] * 20) + "\n" + " ".join(["ord"] * 6) + ".", 35),
        ("Kort mening här.\nEn till. " + " ".join(["ord"] * 20) + "\n" + " ".join(["ord"] * 6) + ".", 36),
        ("Text.\n\n> " + " ".join(["ord"] * 20) + "\n> " + " ".join(["ord"] * 6) + ".", 37),
        ("- " + " ".join(["ord"] * 20) + "\n  " + " ".join(["ord"] * 6) + ".", 35),
        ("[två\nord](fakta.md#anmälningsskyldigheten) " + " ".join(["ord"] * 24) + ".", 35),
    ],
)
def test_a_sentence_may_go_on_in_the_next_line(tmp_path: Path, text: str, line: int) -> None:
    assert warned(tmp_path, QUIET.replace("Text efter frågan.", text)) == [
        f"{LESSON}:{line}: En mening har 26 ord. Dela den: högst 25."
    ]


@pytest.mark.parametrize(
    "between", ["\n\n", "\n- ", "\n\n1. ", "\n\n> ", "\n\n## Rubrik med ännu några ord till\n", "\n>\n> "]
)
def test_a_sentence_ends_where_its_paragraph_does(tmp_path: Path, between: str) -> None:
    quoted = "> " if between.endswith("> ") else "- " if between.endswith("- ") else ""
    text = (
        ("Text.\n\n" if quoted == "> " else "")
        + quoted
        + " ".join(["ord"] * 20)
        + between
        + " ".join(["ord"] * 20)
    )
    assert warned(tmp_path, QUIET.replace("Text efter frågan.", text)) == []


def test_an_option_and_its_feedback_are_two_sentences(tmp_path: Path) -> None:
    long = " ".join(["ord"] * 20)
    assert (
        warned(
            tmp_path,
            QUIET.replace(
                "- [ ] Ett bevis.\n  > Väntar du",
                f"- [ ] {long}\n  > {long}\n- [ ] Ett bevis.\n  > Väntar du",
            ),
        )
        == []
    )


@pytest.mark.parametrize(("minutes", "is_warned"), [(15, False), (16, True)])
def test_a_lesson_of_more_than_15_minutes(tmp_path: Path, minutes: int, is_warned: bool) -> None:
    found = warned(tmp_path, QUIET.replace("tid: 2 min", f"tid: {minutes} min"))
    assert any("längre än 15 minuter" in warning for warning in found) == is_warned


@pytest.mark.parametrize(("words", "is_warned"), [(700, False), (1400, False), (3200, True)])
def test_a_stated_time_far_from_what_the_lesson_takes(tmp_path: Path, words: int, is_warned: bool) -> None:
    """At 160 words a minute: ten minutes hold a third more or less."""
    text = "\n\n".join(["Ett ord till och ett till här."] * (words // 7))
    base = QUIET.replace("tid: 2 min", f"tid: {6 if words == 700 else 10} min")
    found = warned(tmp_path, base.replace("Text efter frågan.", text))
    assert any("att läsa och svara på" in warning for warning in found) == is_warned


def test_feedback_counts_less_and_a_bank_only_as_many_as_are_drawn(tmp_path: Path) -> None:
    root = folders.write(tmp_path)
    lesson, test = (reader.read(root).lessons[path] for path in (LESSON, "forskola/slutprov.md"))
    assert 2 < lint.reading_minutes(lesson) < 3
    whole = lint.reading_minutes(test)
    test.draw = 1
    assert whole / 2 - 0.05 < lint.reading_minutes(test) < whole / 2 + 0.05


def test_a_pretest_shows_no_feedback_that_would_take_time(tmp_path: Path) -> None:
    lesson = reader.read(folders.write(tmp_path)).lessons[LESSON]
    with_feedback = lint.reading_minutes(lesson)
    lesson.kind = LessonKind.PRETEST
    assert lint.reading_minutes(lesson) < with_feedback - 0.02


def test_hard_words(tmp_path: Path) -> None:
    hard = "\n\n".join(
        [
            "Verksamhetsutvecklingens kvalitetssäkringsperspektiv tydliggör samverkansförutsättningarna kontinuerligt."
        ]
        * 40
    )
    found = warned(tmp_path, QUIET.replace("Text efter frågan.", hard))
    assert any("LIX är" in warning for warning in found)


def test_lix_is_words_a_sentence_and_the_share_of_long_words() -> None:
    assert readability.lix("Ett två tre fyra. Fem sex sju åtta.") == 4
    assert readability.lix("Ett två tre bokstäver.") == 4 + 25
    assert readability.lix("Sexsex bokstav.") == 2 + 50  # six letters are not long, seven are
    assert readability.lix("") == 0


@pytest.mark.parametrize(
    ("length", "right", "is_warned"),
    [
        ("längst", (1, 1, 1), True),
        ("längst", (1, 1, 0), False),
        ("kortast", (0, 0, 1), True),
        ("kortast", (0, 1, 1), False),
    ],
)
def test_length_tells_the_right_option_in_more_than_half(
    tmp_path: Path, length: str, right: tuple[int, ...], is_warned: bool
) -> None:
    """Of four questions: three are too many, two are not. In the first one the right option is the
    shortest."""
    texts = ("Kort.", "Ett mycket längre svar än det andra.")
    more = "".join(question(*texts, right=place, id=f"ny-{number}") for number, place in enumerate(right))
    found = warned(tmp_path, QUIET.replace("[ ] Ett bevis.", "[ ] Ett bevis som är längst.") + more)
    assert any(f"Det rätta svaret är {length}" in warning for warning in found) == is_warned


@pytest.mark.parametrize(
    ("prompt", "is_warned"),
    [
        ("Vad ska du inte göra?", True),
        ("Hon säger: ”Gör inte så.” Vad gör du?", False),
        ("Du vet inte. Vad gör du?", False),
        ("Vad gör du aldrig?", True),
    ],
)
def test_a_negation_in_what_is_asked(tmp_path: Path, prompt: str, is_warned: bool) -> None:
    found = warned(tmp_path, QUIET + question("Lyssnar.", "Ringer.", right=0, prompt=prompt))
    assert any("nej i sig" in warning for warning in found) == is_warned


@pytest.mark.parametrize(
    "heading", ["### Ordna: I vilken ordning?", "### Para ihop: Vad hör ihop?", "### Scenario: Vad säger du?"]
)
def test_a_negation_is_hard_only_where_one_chooses_what_is_right(tmp_path: Path, heading: str) -> None:
    assert warned(tmp_path, QUIET.replace(heading, heading.replace("?", " som inte väntar?"))) == []


@pytest.mark.parametrize(
    ("text", "is_warned"), [("Alla ovanstående.", True), ("Alla svaren är rätta ibland.", False)]
)
def test_all_of_the_above(tmp_path: Path, text: str, is_warned: bool) -> None:
    found = warned(tmp_path, QUIET + question(text, "Ringer till någon vuxen.", right=1))
    assert any("alla ovanstående" in warning for warning in found) == is_warned


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Se 19 kap. i lagen.", "Lag och straff"),
        ("Det ger böter.", "Lag och straff"),
        ("Enligt 5 § gäller det.", "Lag och straff"),
        ("Det ger sex års\nfängelse.", "Lag och straff"),
        ("Det ger två år i fängelse.", "Lag och straff"),
        ("Det ger fängelse i två år.", "Lag och straff"),
        ("Det ger dagsböter.", "Lag och straff"),
        ("Det ger fängelsestraff.", "Lag och straff"),
        ("Enligt SFS 2025:400 gäller det.", "Lag och straff"),
        ("Enligt lagen (2025:400) gäller det.", "Lag och straff"),
        ("Hans far sitter i fängelse.", ""),
        ("Klockan 08:30 i sal (12:3) börjar det.", ""),
        ("Ring 020-50 50 50 nu.", "Telefonnummer"),
        ("Ring 116 111 nu.", "Telefonnummer"),
        ("Ring 116 016 nu.", "Telefonnummer"),
        ("Ring 116016 nu.", "Telefonnummer"),
        ("Ring 114 14 nu.", "Telefonnummer"),
        ("Ring 113 13 nu.", "Telefonnummer"),
        ("Ring 1177 nu.", "Telefonnummer"),
        ("Ring 0851061000 nu.", "Telefonnummer"),
        ("Ring 0771-123456 nu.", "Telefonnummer"),
        ("Ring +46 8 123 45 67 nu.", "Telefonnummer"),
        ("Ring +468 123 45 67 nu.", "Telefonnummer"),
        ("Ring 112 vid akut fara.", ""),
        ("Tjugo barn och 2026-11-24 är datum.", ""),
        ("Det var 1 116 000 barn och 116 vuxna, klockan 08.00 till 17.00.", ""),
        ("Läs mer på 1177.se, om år 11775.", ""),
    ],
)
def test_law_and_numbers_of_a_lessons_own(tmp_path: Path, text: str, message: str) -> None:
    found = warned(tmp_path, QUIET.replace("Text efter frågan.", text))
    assert [warning.partition(": ")[2].partition(" står")[0] for warning in found] == (
        [message] if message else []
    )


def test_a_number_is_told_on_its_own_line(tmp_path: Path) -> None:
    found = warned(tmp_path, QUIET.replace("Text efter frågan.", "Text efter frågan.\nRing 116 111 nu."))
    assert found == [f"{LESSON}:36: Telefonnummer står i kontakter.md. Länka dit i stället."]


def test_the_introduction_and_the_guide_are_looked_through(tmp_path: Path) -> None:
    text = "Ring 116 111.\n- " + " ".join(["ord"] * 26)
    messages = [
        "Telefonnummer står i kontakter.md. Länka dit i stället.",
        "En mening har 26 ord. Dela den: högst 25.",
        "Skriv en tom rad före listan. Annars blir den vanlig text.",
    ]
    for path, before in ((COURSE, folders.COURSE.partition("Välkommen.")[0]), (GUIDE, "# APT\n\n")):
        changed = {
            path: before + text + folders.COURSE.partition("#bris).")[2] if path == COURSE else before + text
        }
        first = before.count("\n") + 1
        found = warned(tmp_path / path, **changed)
        assert sorted(found) == sorted(
            f"{path}:{line}: {message}"
            for line, message in zip((first, first + 1, first + 1), messages, strict=True)
        )


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (LESSON, "Text efter frågan.", "Text efter frågan.\n- punkt"),
        (LESSON, "Situationen.\n", "Situationen.\n- punkt\n"),
        (LESSON, "  > Ja. Det räcker.", "  > Ja. Det räcker.\n  > - punkt"),
        (LESSON, "> Lyssna först.", "> Lyssna först.\n> - punkt"),
        (FACTS, "Misstanke räcker.", "Misstanke räcker.\n- punkt"),
        (CONTACTS, "Ring när någon är i fara.", "Ring när någon är i fara.\n- punkt"),
    ],
)
def test_what_a_viewer_shows_otherwise_is_told_in_every_text(
    tmp_path: Path, path: str, before: str, after: str
) -> None:
    text = QUIET if path == LESSON else folders.FILES[path]
    assert before in text
    found = warned(tmp_path, **{path: text.replace(before, after, 1)})
    assert [warning.partition(": ")[2] for warning in found] == [
        "Skriv en tom rad före listan. Annars blir den vanlig text."
    ]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (LESSON, "Situationen.\n\n- [ ]", "Situationen.\n- [ ]"),
        (LESSON, "-->\n\n1. Lyssna.", "-->\nSituationen.\n1) Lyssna."),
        (LESSON, "| Läge | Gör |", "Situationen.\n\n| Läge | Gör |"),
        (LESSON, "3. Ring.\n\n>", "3. Ring.\n>"),
        (LESSON, "> Du ska inte utreda.", "> Viktigt: du ska inte utreda."),
        (FACTS, "Misstanke räcker.\n\n- Källa", "Misstanke räcker.\n- Källa"),
    ],
)
def test_the_lines_of_a_question_and_of_an_entry_need_no_blank_ones(
    tmp_path: Path, path: str, before: str, after: str
) -> None:
    text = QUIET if path == LESSON else folders.FILES[path]
    assert before in text
    assert warned(tmp_path, **{path: text.replace(before, after, 1)}) == []


def test_a_link_to_a_lesson_of_another_course(tmp_path: Path) -> None:
    folders.write_roles(tmp_path, skola="skola")
    (tmp_path / "skola" / "eget.md").write_text(
        "---\ntid: 1 min\nutgåva: 1\n---\n# Eget\n\nText.\n", encoding="utf-8"
    )
    file = tmp_path / "skola" / "kurs.md"
    file.write_text(
        file.read_text(encoding="utf-8").replace("2. [Slutprov]", "2. [Eget](eget.md)\n3. [Slutprov]"),
        encoding="utf-8",
    )
    lesson = QUIET.replace("Text efter frågan.", "Se [det egna](../skola/eget.md).")
    found = lint.warnings(reader.read(folders.write(tmp_path, **{LESSON: lesson})), TODAY)
    assert [warning.message for warning in found if "Länken" in warning.message] == [
        "Avsnittet finns inte i kursen forskola. Länken visas där som vanlig text."
    ]


@pytest.mark.parametrize(
    ("today", "is_told"), [(dt.date(2026, 11, 22), True), (dt.date(2026, 11, 23), False)]
)
def test_what_was_checked_on_a_day_that_has_not_been_is_told(
    tmp_path: Path, today: dt.date, is_told: bool
) -> None:
    """It would never be old enough to be checked again."""
    found = lint.unchecked(reader.read(folders.write(tmp_path)), today)
    assert any("ett datum som inte har varit än" in warning.message for warning in found) == is_told


@pytest.mark.parametrize(
    ("today", "is_warned"), [(dt.date(2027, 5, 23), False), (dt.date(2027, 5, 24), True)]
)
def test_what_was_checked_more_than_six_months_ago(tmp_path: Path, today: dt.date, is_warned: bool) -> None:
    found = warned(tmp_path, today=today)
    assert any("för mer än 6 månader sedan" in warning for warning in found) == is_warned


@pytest.mark.parametrize(
    ("sentence_words", "long_count", "told"),
    [
        (20, 12, []),  # 40 words / 2 sentences + 100 * 12 / 40 = 50
        (25, 13, ["LIX är 51"]),  # 50 words / 2 sentences + 100 * 13 / 50 = 51
    ],
)
def test_lix_may_be_fifty_and_not_fifty_one(
    tmp_path: Path, sentence_words: int, long_count: int, told: list[str]
) -> None:
    words = ["ordning"] * long_count + ["ord"] * (2 * sentence_words - long_count - 1)  # and the title is one
    words[sentence_words - 1] += "."
    text = folders.LESSON.partition("# Grunder")[0] + "# Ord\n\n" + " ".join(words) + ".\n"
    course = folders.COURSE.replace("[Grunder]", "[Ord]")
    reading = reader.read(folders.write(tmp_path, **{LESSON: text, "forskola/kurs.md": course}))
    found = [fault.message.partition(".")[0] for fault in lint.weaknesses(reading) if fault.path == LESSON]
    assert [message for message in found if message.startswith("LIX")] == told
