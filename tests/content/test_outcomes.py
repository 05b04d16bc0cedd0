"""Learning outcomes in ``kurs.md`` and in the questions' comments: what is read and what is refused."""

from pathlib import Path

import pytest

from elearn.content.course import Outcome
from elearn.content.rendering import builder
from tests.content import folders

NAMES = ("misstanke", "tolk", "fara", "iakttagelse", "lofte", "stod")
DECISIVE = NAMES[:2]


def with_outcomes(course: str = folders.COURSE, names: tuple[str, ...] = NAMES) -> str:
    lines = [
        f"- Jag kan {name}. <!-- mål: {name}{', avgörande' if name in DECISIVE else ''} -->" for name in names
    ]
    return course.replace("## Avsnitt", "## Lärandemål\n\n" + "\n".join(lines) + "\n\n## Avsnitt")


def question(id: str, outcome: str) -> str:
    name = f"{id}, mål: {outcome}" if outcome else id
    return (
        f"\n### Fråga: Vad gör du, {id}?\n<!-- id: {name} -->\n\n"
        "- [x] Rätt sak.\n  > Ja.\n- [ ] Fel sak.\n  > Nej.\n"
    )


def lesson(names: tuple[str, ...] = NAMES) -> str:
    return folders.BEFORE_QUESTIONS + "".join(question(f"lar-{name}", name) for name in names)


def final(counts: dict[str, int] | None = None, draw: int = 8) -> str:
    banks = {name: 4 if name in DECISIVE else 3 for name in NAMES} | (counts or {})
    asked = "".join(question(f"prov-{name}-{n}", name) for name, count in banks.items() for n in range(count))
    return folders.TEST.partition("### Fråga")[0].replace("dra: 2", f"dra: {draw}") + asked


TEXTS = {
    "forskola/kurs.md": with_outcomes(),
    "gemensamt/grunder.md": lesson(),
    "forskola/slutprov.md": final(),
}


def faults(tmp_path: Path, **changes: str) -> list[str]:
    return folders.faults(tmp_path, **(TEXTS | changes))


def test_outcomes_are_read_in_the_authors_order_and_make_the_decisive_questions_musts(tmp_path: Path) -> None:
    course = builder.read_catalog(folders.write(tmp_path, **TEXTS)).courses["forskola"]
    assert course.outcomes == tuple(Outcome(name, f"Jag kan {name}.", name in DECISIVE) for name in NAMES)
    assert "mål" not in str(course.intro.parts)
    assert all(q.must_be_right == (q.outcome in DECISIVE) for q in course.final_test.questions)
    assert {q.outcome for q in course.final_test.questions} == set(NAMES)
    assert not any(q.must_be_right for q in course.lessons[0].questions)


def test_a_course_without_outcomes_is_as_before(tmp_path: Path) -> None:
    course = builder.read_catalog(folders.write(tmp_path)).courses["forskola"]
    assert course.outcomes == ()
    assert not course.final_test.has_outcomes


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("forskola/kurs.md", "<!-- mål: stod -->", "", "Skriv ett mål per rad"),
        ("forskola/kurs.md", "<!-- mål: stod -->", "<!-- mål: st -->", "Målets namn ska vara 3 till 40"),
        ("forskola/kurs.md", "<!-- mål: stod -->", "<!-- mål: Stod -->", "Målets namn ska vara 3 till 40"),
        ("forskola/kurs.md", "<!-- mål: stod -->", "<!-- mål: stod, viktigt -->", "Efter namnet kan det stå"),
        ("forskola/kurs.md", "<!-- mål: stod -->", "<!-- mål: tolk -->", "Målet ”tolk” finns redan"),
        ("gemensamt/grunder.md", "lar-stod, mål: stod", "lar-stod", "säger inte vilket mål den prövar"),
        ("gemensamt/grunder.md", "lar-stod, mål: stod", "lar-stod, mål: annat", "Målet ”annat” finns inte"),
        ("gemensamt/grunder.md", "lar-stod, mål: stod", "lar-stod, mål: tolk", "Inget avsnitt har"),
        ("gemensamt/grunder.md", "lar-stod, mål: stod", "lar-stod, annat", "Namnet ska vara 3 till 60"),
        ("forskola/slutprov.md", "prov-stod-0, mål: stod", "prov-stod-0", "säger inte vilket mål den prövar"),
        ("forskola/slutprov.md", "Fråga: Vad gör du, prov-tolk-0",
         "Fråga (måste vara rätt): Vad, prov-tolk-0", "då är det ”avgörande” som avgör"),
        ("forskola/slutprov.md", "dra: 8", "dra: 8\ndra måste: 1", "provet frågar efter vart och ett"),
        ("forskola/slutprov.md", "dra: 8", "dra: 5", "kursen har 6. Höj ”dra”"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_outcome_is_told(
    tmp_path: Path, file: str, before: str, after: str, told: str
) -> None:
    assert before in TEXTS[file]
    found = faults(tmp_path, **{file: TEXTS[file].replace(before, after, 1)})
    assert [line for line in found if told in line], found


def test_nothing_is_wrong_with_the_course_of_these_tests(tmp_path: Path) -> None:
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("outcome", "count", "is_refused"),
    [("stod", 2, True), ("stod", 3, False), ("tolk", 3, True), ("tolk", 4, False)],
)
def test_the_bank_of_an_outcome_is_three_questions_and_of_a_decisive_one_four(
    tmp_path: Path, outcome: str, count: int, is_refused: bool
) -> None:
    found = faults(tmp_path, **{"forskola/slutprov.md": final({outcome: count})})
    assert bool([line for line in found if f"{count} frågor om målet ”{outcome}”" in line]) == is_refused


@pytest.mark.parametrize(("count", "is_refused"), [(5, True), (6, False), (12, False), (13, True)])
def test_a_course_has_six_to_twelve_outcomes(tmp_path: Path, count: int, is_refused: bool) -> None:
    names = tuple(f"mal-{number}" for number in range(count))
    asked = "".join(question(f"prov-{name}-{n}", name) for name in names for n in range(3))
    texts = {
        "forskola/kurs.md": with_outcomes(names=names),
        "gemensamt/grunder.md": lesson(names),
        "forskola/slutprov.md": final(dict.fromkeys(NAMES, 0), draw=13) + asked,
    }
    found = [line for line in folders.faults(tmp_path, **texts) if "Den ska ha 6 till 12" in line]
    assert bool(found) == is_refused


@pytest.mark.parametrize(("count", "is_refused"), [(6, False), (7, True)])
def test_at_most_six_outcomes_are_decisive(tmp_path: Path, count: int, is_refused: bool) -> None:
    lines = [f"- Jag kan {n}. <!-- mål: mal-{n}, avgörande -->" for n in range(count)]
    course = folders.COURSE.replace("## Avsnitt", "## Lärandemål\n\n" + "\n".join(lines) + "\n\n## Avsnitt")
    found = [
        line for line in folders.faults(tmp_path, **{"forskola/kurs.md": course}) if "Högst 6 mål" in line
    ]
    assert bool(found) == is_refused


def test_a_pretests_questions_need_no_outcome(tmp_path: Path) -> None:
    fore = "---\ntid: 5 min\ntyp: förtest\nutgåva: 1\n---\n# Före\n" + question("fore-ett", "")
    course = (
        with_outcomes()
        .replace("1. [Grunder]", "1. [Före](fore.md)\n2. [Grunder]")
        .replace("2. [Slutprov]", "3. [Slutprov]")
    )
    assert faults(tmp_path, **{"forskola/kurs.md": course, "forskola/fore.md": fore}) == []


def test_a_comment_elsewhere_in_a_course_is_html_as_before(tmp_path: Path) -> None:
    for line in ("<!-- mål: stod -->", "- Text <!-- mål: stod -->", "- <b>Fet</b> <!-- mål: stod -->"):
        course = folders.COURSE.replace("Välkommen.", f"Välkommen.\n\n{line}\n\n")
        assert [f for f in folders.faults(tmp_path, **{"forskola/kurs.md": course}) if "HTML" in f], line


def test_a_question_without_a_name_is_told_of_that_alone(tmp_path: Path) -> None:
    unnamed = question("lar-namnlos", "").replace("<!-- id: lar-namnlos -->\n", "")
    found = faults(tmp_path, **{"gemensamt/grunder.md": lesson() + unnamed})
    assert len(found) == 1
    assert "Frågan saknar namn" in found[0]
