"""What really happens to somebody who writes in an ordinary program, and that the message names it: the sign,
its place, and what to do. One slip is one fault."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.reading import signs
from tests.content import folders

LESSON, COURSE, FACTS = "gemensamt/grunder.md", "forskola/kurs.md", "gemensamt/fakta.md"
WRONG, RIGHT = "- [ ] Ett bevis.", "- [x] En misstanke."
UTF8 = (
    "Filen är inte UTF-8. I Anteckningar väljer du Arkiv, Spara som, och UTF-8 i listan Kodning. Spara i ett "
    "annat program som vanlig text med kodningen UTF-8."
)
DOCX = (
    "Det här är en fil från en ordbehandlare, och den kan inte läsas. Spara texten som en vanlig textfil som heter "
    "{}.md, och ta bort filen härifrån."
)


def option(written: str) -> dict[str, str | bytes | None]:
    assert WRONG in folders.LESSON
    return {LESSON: folders.LESSON.replace(WRONG, written)}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            "– [ ] Ett bevis.",
            "– är ett tankstreck (tecken 1 på raden). Skriv ett bindestreck: ”- [ ] svaret”.",
        ),
        (
            " — [ ] Ett bevis.",
            "— är ett tankstreck (tecken 2 på raden). Skriv ett bindestreck: ”- [ ] svaret”.",
        ),
        (
            "- [ ]\u00a0Ett bevis.",
            "Mellan ] och texten står ett hårt mellanslag (tecken 6 på raden). Radera det och skriv ett vanligt: "
            "”- [ ] svaret”.",
        ),
        (
            "-\u00a0[ ] Ett bevis.",
            "Här står ett hårt mellanslag (tecken 2 på raden). Radera det och skriv ett vanligt: ”- [ ] svaret”.",
        ),
        (
            "- [\u00a0] Ett bevis.",
            "Här står ett hårt mellanslag (tecken 4 på raden). Radera det och skriv ett vanligt: ”- [ ] svaret”.",
        ),
        (
            "• [ ] Ett bevis.",
            "• är en ordbehandlares punkt (tecken 1 på raden). Skriv ett bindestreck: ”- [ ] svaret”.",
        ),
        (
            "-[ ] Ett bevis.",
            "Skriv längst till vänster, med vanliga mellanslag: ”- [ ] svaret”.",
        ),
    ],
)
def test_what_spoils_an_option_is_named_with_its_place(tmp_path: Path, written: str, message: str) -> None:
    assert folders.faults(tmp_path, **option(written)) == [
        f"{LESSON}:28: Så här blir det ingen ruta. {message}"
    ]


def test_a_hard_space_inside_an_answer_is_right(tmp_path: Path) -> None:
    assert folders.faults(tmp_path, **option("- [ ] Ett bevis inom 24\u00a0timmar.")) == []


@given(indent=st.integers(0, 9), sign=st.sampled_from("‐‑‒–—―−•·"), text=st.text(max_size=30))
def test_a_wrong_sign_is_named_wherever_it_stands(indent: int, sign: str, text: str) -> None:
    told = signs.spoilt_box(" " * indent + f"{sign} [ ] {text}", "”- [ ] svaret”")
    assert told.startswith(f"Så här blir det ingen ruta. {sign} är e")
    assert f"(tecken {indent + 1} på raden)" in told
    assert told.endswith("”- [ ] svaret”.")


@given(before=st.sampled_from(["- ", "  - ", "- [ ", "- [x", "- [x]"]), after=st.text(max_size=30))
def test_a_hard_space_is_named_wherever_it_stands_in_the_box(before: str, after: str) -> None:
    line = f"{before}\u00a0{'' if ']' in before else ' ]' if '[' in before else '[ ] '}{after}"
    told = signs.spoilt_box(line, "”- [ ] svaret”")
    assert f"hårt mellanslag (tecken {len(before) + 1} på raden)" in told


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "latin-1"])
@pytest.mark.parametrize("path", list(folders.FILES))
def test_another_encoding_is_one_fault_that_says_how_to_save(
    tmp_path: Path, path: str, encoding: str
) -> None:
    """Links to the file are not told to lead nowhere: it is there."""
    changes = {path: folders.FILES[path].encode(encoding)}
    [fault] = folders.faults(tmp_path, **changes)
    assert fault.startswith(f"{path}:")
    assert fault.endswith(UTF8)


def test_a_word_file_in_the_place_of_a_lesson_is_one_fault(tmp_path: Path) -> None:
    changes = {LESSON: None, "gemensamt/grunder.docx": b"PK"}
    assert folders.faults(tmp_path, **changes) == [f"gemensamt/grunder.docx:1: {DOCX.format('grunder')}"]


def test_a_fact_that_stands_in_another_file_is_found_there(tmp_path: Path) -> None:
    fact = folders.FACTS.replace("## Anmälningsskyldigheten", "## Skolans plikt")
    text = folders.LESSON.replace("fakta.md#anmälningsskyldigheten", "fakta.md#skolans-plikt")
    assert folders.faults(tmp_path, **{"forskola/fakta.md": fact, LESSON: text}) == [
        f"{LESSON}:19: ”#skolans-plikt” finns inte i gemensamt/fakta.md, men i forskola/fakta.md. Länka dit."
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("•\tSe, hör", "• är en ordbehandlares punkt (tecken 1 på raden)"),
        ("·\tSe, hör", "· är en ordbehandlares punkt (tecken 1 på raden)"),
        ("o\tSe, hör", "o är en ordbehandlares punkt (tecken 1 på raden)"),
        ("Hon sa “hej”.", "“ är ett engelskt citattecken (tecken 8 på raden). På svenska skrivs ”så här”."),
        ("So\u00adcial", "mjukt bindestreck (tecken 3 på raden, U+00AD)"),
        ("Rad\x0bRad", "lodrätt radslut (tecken 4 på raden, U+000B)"),
        ("Namn\tNummer", "Här står en tabb mellan orden (tecken 5 på raden)."),
    ],
)
def test_what_a_word_processor_leaves_is_named(tmp_path: Path, text: str, told: str) -> None:
    changed = folders.LESSON.replace("Text efter frågan.", text)
    [fault] = folders.faults(tmp_path, **{LESSON: changed})
    assert fault.startswith(f"{LESSON}:35: ")
    assert told in fault


def test_a_word_processors_boxes_are_named(tmp_path: Path) -> None:
    text = folders.LESSON.replace(WRONG, "☐ Ett bevis.").replace(RIGHT, "☒ En misstanke.")
    advice = "är en ordbehandlares ruta. Skriv ”- [ ] texten”, och [x] i stället för [ ] på det rätta svaret."
    assert folders.faults(tmp_path, **{LESSON: text}) == [
        f"{LESSON}:28: ☐ {advice}",
        f"{LESSON}:30: ☒ {advice}",
    ]


def test_brackets_without_a_space_before_them_are_named(tmp_path: Path) -> None:
    text = folders.TEST.replace("### Fråga (flera svar):", "### Fråga(flera svar):")
    assert folders.faults(tmp_path, **{"forskola/slutprov.md": text}) == [
        "forskola/slutprov.md:17: Så skrivs ingen fråga. Skriv ”### Fråga (flera svar): …”."
    ]


def test_names_that_are_nearly_right_are_one_fault_each(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {LESSON: None, LESSON + ".txt": folders.LESSON}
    assert folders.faults(tmp_path, **changes) == [
        f"{LESSON}.txt:1: Filens namn slutar på .txt. Döp om den till grunder.md."
    ]


def test_a_course_file_with_a_capital_is_one_fault(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {COURSE: None, "forskola/Kurs.md": folders.COURSE}
    assert folders.faults(tmp_path, **changes) == ["forskola/Kurs.md:1: Filen ska heta kurs.md. Döp om den."]


def test_a_kind_of_box_that_is_nearly_right_is_told_the_right_word(tmp_path: Path) -> None:
    text = folders.LESSON.replace("> **Viktigt: ", "> **Viktig: ")
    assert folders.faults(tmp_path, **{LESSON: text}) == [
        f"{LESSON}:9: ”Viktig” är ingen ruta. Skriv ”> **Viktigt: Rubrik**”."
    ]
