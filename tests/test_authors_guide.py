"""docs/forfattarguide.md is true: the template is a course, what the guide shows stands in it, and every message
in its table is one that the program says today."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from elearn import database
from elearn.content.advice import guesser
from elearn.content.reading import reader
from elearn.content.rendering import builder
from elearn.settings import data_dir
from tests import builders
from tests.cli import commands

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "forfattarguide.md").read_text(encoding="utf-8")
TEMPLATE = ROOT / "docs" / "mall"
SLUG, REMINDER = "vard-och-omsorg", "vard-och-omsorg-infor-lovet"
COURSE, FOUND, ACT, TEST, CARD = (
    f"{SLUG}/{name}.md" for name in ("kurs", "upptacka", "agera", "slutprov", "kort")
)
HARD = "\u00a0"


def chapter(number: int) -> str:
    return re.split(r"^#{1,2} \d+\. ", GUIDE, flags=re.MULTILINE)[number]


def copied(root: Path, *, alone: bool = False) -> Path:
    """The courses with the template and its reminder beside them, as chapter 10 says; ``alone``: with the one
    other role whose facts the shared lessons link to, which is read faster."""
    roles = {course.parent.name for course in data_dir("courses").glob("*/kurs.md")} - {"skola"}
    left_out = roles | {"aktiviteter.md"}  # which names their courses
    shutil.copytree(
        data_dir("courses"), root, ignore=lambda _, names: left_out.intersection(names) if alone else set()
    )
    shutil.copytree(TEMPLATE, root, dirs_exist_ok=True)
    return root


def told(root: Path, *which: str) -> list[str]:
    """Every message of ``check`` without its place; of a warning too."""
    done = commands.elearn("courses", "check", *which, database_url="sqlite://", courses=root)
    return re.findall(rf"^(?:Varning: )?{SLUG}[\w/.-]*:\d+: (.*)$", commands.words(done), re.MULTILINE)


def test_the_template_is_a_course_for_a_sixth_role_as_it_stands(tmp_path: Path) -> None:
    root = copied(tmp_path / "courses")
    for arguments in (("format",), ("check", SLUG), ("check", REMINDER), ("check",)):
        done = commands.elearn("courses", *arguments, database_url="sqlite://", courses=root)
        assert done.returncode == 0, commands.words(done)
    assert "Inget att ändra" in commands.words(
        commands.elearn("courses", "format", database_url="sqlite://", courses=root)
    )
    assert told(root) == []
    catalog = builder.read_catalog(root, as_planned=True)
    assert catalog.required_courses()["vård och omsorg"] == SLUG
    assert ("vård och omsorg", REMINDER) in catalog.offered_courses()
    course = catalog.courses[SLUG]
    names = [lesson.key.rpartition("/")[2] for lesson in course.lessons]
    assert len(names) == 10
    assert {"innan-du-borjar", "fraga-om-vald", "min-arbetsplats"} <= set(names)
    assert course.guide is not None


def test_the_templates_final_test_cannot_be_passed_without_reading(tmp_path: Path) -> None:
    reading = reader.read(copied(tmp_path / "courses", alone=True), as_planned=True)
    bank = reading.lessons[TEST].questions
    assert len(bank) == 42
    assert guesser.share(bank) <= 0.4


def test_what_the_guide_shows_stands_in_the_template() -> None:
    """Also every kind of question."""
    template = [file.read_text(encoding="utf-8") for file in sorted(TEMPLATE.rglob("*.md"))]
    shown = re.findall(r"^```markdown\n(.*?)^```", chapter(9) + chapter(10), re.DOTALL | re.MULTILINE)
    assert len(shown) == 9
    for block in shown:
        assert any(block in text for text in template), block
    kinds = re.findall(
        r"^### (Fråga(?: \([^)]*\))?|Ordna|Para ihop|Scenario|Reflektera)", "".join(shown), re.M
    )
    assert kinds == [
        "Fråga (måste vara rätt)",
        "Fråga (flera svar)",
        "Ordna",
        "Para ihop",
        "Scenario",
        "Reflektera",
    ]


def test_the_guide_names_only_places_that_exist(tmp_path: Path) -> None:
    for place in set(re.findall(r"`((?:docs|courses)/[\w/.-]*)`", GUIDE)):
        is_made = place.startswith("courses-")
        assert is_made or (ROOT / place).exists() or (data_dir("courses").parent / place).exists(), place


def within(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def written_as(encoding: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / ACT).write_bytes((root / ACT).read_text(encoding="utf-8").encode(encoding, "replace"))

    return change


def renamed(path: str, name: str) -> Callable[[Path], None]:
    return lambda root: (root / path).rename((root / path).with_name(name)) and None


def with_a_word_file(root: Path) -> None:
    (root / SLUG / "agera2.docx").write_bytes(b"x")


def with_long_right_answers(root: Path) -> None:
    lesson = root / REMINDER / "infor-lovet.md"
    text = lesson.read_text(encoding="utf-8")
    lesson.write_text(text.replace("- [x] Jag", "- [x] Utan att tveka det allra minsta gör jag så att jag"))


FIRST, OPTION, NAME = "Efter avsnittet", "- [ ] Jag ber barnet", "vard-agera-inlast, mål: misstanke"
RIGHT = "- [x] Jag gör en orosanmälan"
FEEDBACK = "  > Barnets ord ger dig en misstanke, och då är det socialtjänsten som tar reda på mer.\n"
LONG = "Efter avsnittet vet du " + "vad du säger och " * 8
MISTAKES: dict[str, Callable[[Path], None]] = {
    "a dash for a hyphen": within(ACT, OPTION, "– [ ] Jag ber barnet"),
    "a hard space after the box": within(ACT, OPTION, f"- [ ]{HARD}Jag ber barnet"),
    "a space too few": within(ACT, OPTION, "-[ ] Jag ber barnet"),
    "a word processor's box": within(ACT, OPTION, "☐ Jag ber barnet"),
    "a word processor's ticked box": within(ACT, RIGHT, "☒ Jag gör en orosanmälan"),
    "a word processor's list": within(ACT, FIRST, f"•\tSe och hör\n•\tRing\n\n{FIRST}"),
    "English quotation marks": within(ACT, "”I sommar", "“I sommar"),
    "a hard space after a heading's sign": within(ACT, "## Robin", f"##{HARD}Robin"),
    "a tab": within(ACT, "Robin hjälper", "Robin\thjälper"),
    "a soft hyphen": within(ACT, FIRST, "Efter av\u00adsnittet"),
    "a vertical tab": within(ACT, FIRST, "Efter\x0bavsnittet"),
    "Windows-1252": written_as("cp1252"),
    "UTF-16": written_as("utf-16"),
    "a hidden .txt": renamed(ACT, "agera.md.txt"),
    "a capital": renamed(COURSE, "Kurs.md"),
    "a Word file": with_a_word_file,
    "no name": within(ACT, f"<!-- id: {NAME} -->\n", ""),
    "a name twice": within(ACT, "vard-agera-inlast", "vard-prov-lova"),
    "no outcome": within(ACT, NAME, "vard-agera-inlast"),
    "an unknown outcome": within(ACT, NAME, "vard-agera-inlast, mål: mistanke"),
    "a small bank": within(TEST, ", mål: i-hemmet", ", mål: tolk"),
    "an outcome that no lesson asks for": within(FOUND, ", mål: i-hemmet", ", mål: tolk"),
    "fewer drawn than outcomes": within(TEST, "dra: 12", "dra: 6"),
    "must be right in the final test": within(TEST, "### Fråga: En", "### Fråga (måste vara rätt): En"),
    "two right": within(ACT, OPTION, "- [x] Jag ber barnet"),
    "none right": within(ACT, RIGHT, "- [ ] Jag gör en orosanmälan"),
    "no feedback": within(ACT, FEEDBACK, ""),
    "feedback at the left": within(ACT, FEEDBACK, FEEDBACK.lstrip()),
    "a keyword in small letters": within(ACT, "### Fråga (måste", "### fråga (måste"),
    "a keyword without its space": within(FOUND, "### Fråga (flera", "### Fråga(flera"),
    "a kind of box": within(ACT, "**Viktigt: Du", "**Viktig: Du"),
    "a subject": within(ACT, "könsstympning, våld", "könstympning, våld"),
    "a key": within(COURSE, "godkänt:", "godkant:"),
    "a key without a value": within(COURSE, "förnyas: 31 augusti", "förnyas:"),
    "a date": within(COURSE, "2026-11-30", "30/11 2026"),
    "a day to come": within(COURSE, "2026-11-30", "2999-11-30"),
    "a day of the year": within(COURSE, "31 augusti", "31/8"),
    "a fact": within(ACT, "#anmälningsskyldigheten", "#anmälningsplikten"),
    "a link": within(COURSE, "(agera.md)", "(agerra.md)"),
    "a picture that is not there, without a text": within(ACT, "## Robin", "![](orolig.svg)\n\n## Robin"),
    "a heading that jumps": within(ACT, "## Robin", "#### Robin"),
    "a heading without its space": within(ACT, "## Robin", "##Robin"),
    "HTML": within(ACT, FIRST, f"<br>{FIRST}"),
    "the card's title": within(CARD, "# När du är orolig", "# Hedersvåld"),
    "no lesson about a subject": within(COURSE, "4. [Könsstympning](../gemensamt/konsstympning.md)\n", ""),
    "a long sentence": within(ACT, FIRST, LONG + FIRST),
    "a wrong time": within(ACT, "tid: 4", "tid: 14"),
    "law": within(ACT, FIRST, f"Det står i 19 kap. 1 §. {FIRST}"),
    "a number": within(ACT, FIRST, f"Ring 08-530 610 00. {FIRST}"),
    "a negation": within(ACT, "Vad gör du?\n", "Vad gör du inte?\n"),
    "a list without a blank line": within(ACT, FIRST, f"Tänk på:\n- Ett\n- Två\n\n{FIRST}"),
    "a lesson that is not listed": within(COURSE, "7. [Agera i vård och omsorg](agera.md)\n", ""),
    "a worn-out word": within(ACT, FIRST, f"Så gör en erfaren kollega. {FIRST}"),
    "right is the longest": with_long_right_answers,
}
ROWS = [
    row.strip("`").replace("\\|", "|")
    for row in re.findall(r"^\| (.+?) \| .+ \| .+ \|$", chapter(11), re.MULTILINE)
    if row != "Meddelande"
]


def is_in_table(message: str) -> list[str]:
    return [row for row in ROWS if re.fullmatch(re.escape(row).replace("…", ".*"), message)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What ``check`` says of each mistake, alone in the template."""
    answers = {}
    for what, make in MISTAKES.items():
        root = copied(tmp_path_factory.mktemp("guide") / "courses", alone=True)
        make(root)
        answers[what] = told(root)
        shutil.rmtree(root)
    return answers


def test_every_mistake_is_told_in_words_that_the_guides_table_explains(found: dict[str, list[str]]) -> None:
    for what, messages in found.items():
        assert messages, what
        for message in messages:
            assert is_in_table(message), (what, message)


def test_every_message_in_the_guides_table_is_said_by_the_program(
    found: dict[str, list[str]], database_url: str, tmp_path: Path
) -> None:
    """Two of them show only with ``--all``, and with the personnel system's roles."""
    said = {row for messages in found.values() for message in messages for row in is_in_table(message)}
    engine = database.make_engine(database_url)
    with database.transaction(engine) as session:
        builders.unit(session, "A", job_role="förskola")
    engine.dispose()
    root = copied(tmp_path / "courses")
    done = commands.elearn("courses", "check", "--all", database_url=database_url, courses=root)
    lines = re.findall(r"^(?:Varning: )?[\w/.-]+:\d+: (.*)$", commands.words(done), re.MULTILINE)
    said |= {row for line in lines for row in is_in_table(line)}
    assert set(ROWS) - said == set()
