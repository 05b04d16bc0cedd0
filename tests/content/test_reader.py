"""Reading a folder: everything that is refused, with its place, and what is read of a folder without a
fault."""

from fractions import Fraction
from pathlib import Path

import pytest

from elearn.content.course import CourseStep, Lesson, LessonKind, Question, QuestionKind
from elearn.content.faults import CourseFault, CourseFaults
from elearn.content.prose import Prose
from elearn.content.reading import reader, sources
from elearn.content.rendering import builder
from elearn.settings import data_dir
from tests.content import folders

LESSON, COURSE, TEST = "gemensamt/grunder.md", "forskola/kurs.md", "forskola/slutprov.md"
FACTS, CONTACTS = "gemensamt/fakta.md", "gemensamt/kontakter.md"
DEEP = "*" * 3000 + "djupt" + "*" * 3000


def faults(root: Path, **changes: str | bytes | None) -> list[str]:
    return [
        str(fault).partition("\n")[0] for fault in sorted(reader.read(folders.write(root, **changes)).faults)
    ]


def lesson_of(root: Path, text: str = folders.LESSON) -> Lesson:
    return builder.read_catalog(folders.write(root, **{LESSON: text})).courses["forskola"].lessons[0]


def questions_of(root: Path) -> dict[str, Question]:
    return {question.id: question for question in lesson_of(root).questions}


def test_a_folder_without_a_fault_is_read_whole(tmp_path: Path) -> None:
    catalog = builder.read_catalog(folders.write(tmp_path))
    course = catalog.courses["forskola"]
    assert (course.slug, course.title, course.job_roles) == (
        "forskola",
        "Basutbildning för förskolan",
        ("förskola",),
    )
    assert (course.step, course.validity_months, course.pass_mark, course.edition) == (
        CourseStep.BASE,
        24,
        Fraction(4, 5),
        1,
    )
    assert [lesson.key for lesson in course.lessons] == ["gemensamt/grunder", "forskola/slutprov"]
    assert course.final_test.kind == LessonKind.FINAL_TEST
    assert course.final_test.draw == 2
    assert catalog.required_courses() == {"förskola": "forskola"}
    assert list(catalog.contacts) == [
        "gemensamt/kontakter#akut-fara",
        "gemensamt/kontakter#bris",
        "gemensamt/kontakter#socialtjänsten",
    ]
    assert catalog.facts["gemensamt/fakta#anmälningsskyldigheten"].source.startswith("19 kap.")


def test_the_five_courses_have_no_fault() -> None:
    reading = reader.read(data_dir("courses"))
    assert [str(fault) for fault in reading.faults] == []
    assert set(builder.build(reading).required_courses()) == {
        "förskola",
        "skola",
        "socialtjänst",
        "fritid",
        "AVUX",
    }


def test_every_kind_of_question_is_read(tmp_path: Path) -> None:
    questions = questions_of(tmp_path)
    assert [question.kind for question in questions.values()] == [
        QuestionKind.SINGLE,
        QuestionKind.ORDER,
        QuestionKind.MATCH,
        QuestionKind.SCENARIO,
        QuestionKind.REFLECT,
    ]
    single = questions["grunder-racker"]
    assert single.must_be_right
    assert [choice.is_right for choice in single.choices] == [False, True]
    assert folders.shown(single.choices[1].feedback) == "<p>Ja. Det räcker.</p>"
    assert folders.shown(single.situation) == "<p>Situationen.</p>"
    assert folders.shown(single.explanation) == "<p>Du ska inte utreda.</p>"
    assert [(row.text, row.answer) for row in questions["grunder-ordning"].rows] == [
        ("Lyssna.", "1"),
        ("Skriv.", "2"),
        ("Ring.", "3"),
    ]
    match = questions["grunder-par"]
    by_key = {choice.key: choice.text for choice in match.choices}
    assert {row.text: by_key[row.answer] for row in match.rows} == {
        "I dag": "Ring 112",
        "Osäker": "Fråga om råd",
    }


def test_what_follows_an_explanation_belongs_to_the_lesson(tmp_path: Path) -> None:
    blocks = lesson_of(tmp_path).blocks
    after = blocks[[isinstance(block, Question) for block in blocks].index(True) + 1]
    assert isinstance(after, Prose)
    assert folders.shown(after) == "<p>Text efter frågan.</p>"


def test_a_choices_key_survives_reordering_and_tells_nothing(tmp_path: Path) -> None:
    first = {choice.text: choice.key for choice in questions_of(tmp_path)["grunder-racker"].choices}
    turned = folders.LESSON.replace(
        "- [ ] Ett bevis.\n  > Väntar du på bevis väntar du för länge.\n- [x] En misstanke.\n  > Ja. Det räcker.",
        "- [x] En misstanke.\n  > Ja. Det räcker.\n- [ ] Ett bevis.\n  > Väntar du på bevis väntar du för länge.",
    )
    second = {choice.text: choice.key for choice in lesson_of(tmp_path, turned).questions[0].choices}
    assert first == second
    assert all(len(key) == 8 for key in first.values())


def test_the_short_version_is_found_only_directly_after_the_first_box(tmp_path: Path) -> None:
    first = folders.texts(lesson_of(tmp_path))[0]
    assert (
        folders.shown(first).index("<jump short version>")
        < folders.shown(first).index("<jump questions>")
        < folders.shown(first).index('id="kort-version"')
    )
    later = folders.LESSON.replace("## Kort version", "## Annat\n\nText.\n\n## Kort version")
    assert "<jump" not in "".join(
        folders.shown(block) for block in lesson_of(tmp_path, later).blocks if isinstance(block, Prose)
    )


def test_a_card_alone_and_a_link_in_a_sentence(tmp_path: Path) -> None:
    first = folders.texts(lesson_of(tmp_path))[0]
    assert (
        "<p>Se <a note=fakta-anmalningsskyldigheten.1>plikten</a>.</p>\n<note fakta-anmalningsskyldigheten.1>"
    ) in folders.shown(first)
    assert "<contacts gemensamt/kontakter#bris>" in folders.shown(first)


def test_a_link_to_a_lesson_names_the_lesson(tmp_path: Path) -> None:
    linked = folders.TEST.replace(
        "# Slutprov\n",
        "# Slutprov\n\nSe [grunderna](../gemensamt/grunder.md#mer) och [övrigt](../gemensamt/ovrigt.md).\n",
    )
    other = "---\ntid: 5 min\nutgåva: 1\n---\n# Övrigt\n\nText.\n"
    catalog = builder.read_catalog(folders.write(tmp_path, **{TEST: linked, "gemensamt/ovrigt.md": other}))
    block = catalog.courses["forskola"].lessons[1].blocks[0]
    assert isinstance(block, Prose)
    assert folders.shown(block) == (
        '<p class="lead">Se <a lesson=gemensamt/grunder#mer>grunderna</a> och <a lesson=gemensamt/ovrigt>övrigt</a>.</p>'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [x] En misstanke.\n  > Ja. Det räcker.", "- [x] En misstanke.\n    > Ja. Det räcker."),
        ("- [x] En misstanke.\n  > Ja. Det räcker.", "- [x] En misstanke.\n\n  > Ja. Det räcker."),
        ("- [x] En misstanke.", "- [X] En misstanke."),
        ("fakta.md#anmälningsskyldigheten", "fakta.md#anmalningsskyldigheten"),
        ("### Fråga", "### Fra\u030aga"),
        ("\n", "\r\n"),
        ("---\ntid", "\ufeff---\ntid"),
    ],
)
def test_what_the_format_tolerates_is_read_the_same(tmp_path: Path, before: str, after: str) -> None:
    expected = [(q.id, q.choices, q.rows, q.explanation) for q in lesson_of(tmp_path / "a").questions]
    count = 1 if before.startswith("---") else -1
    changed = folders.LESSON.replace(before, after, count)
    assert changed != folders.LESSON
    assert [
        (q.id, q.choices, q.rows, q.explanation) for q in lesson_of(tmp_path / "b", changed).questions
    ] == expected


def test_a_tab_is_four_spaces(tmp_path: Path) -> None:
    tabbed, spaced = (
        lesson_of(
            tmp_path, folders.LESSON.replace("Ett bevis.\n  >", f"Ett bevis\n{step}som syns.\n{step}>")
        ).questions
        for step in ("\t", "    ")
    )
    assert tabbed == spaced
    assert tabbed[0].choices[0].text == "Ett bevis som syns."


REFUSED = [
    # the front matter
    (LESSON, "tid: 10 min\n", "", "grunder.md:1: Nyckeln ”tid” saknas"),
    (LESSON, "tid: 10 min", "tid: tio", "grunder.md:2: Skriv tiden"),
    (LESSON, "tid: 10 min", "tid: 10 min\nfärg: blå", "grunder.md:3: Nyckeln ”färg” finns inte"),
    (LESSON, "utgåva: 1", "utgåva: 1\nutgåva: 2", "grunder.md:6: Nyckeln ”utgåva” står två gånger"),
    (LESSON, "utgåva: 1", "utgåva: 0", "grunder.md:5: Utgåvan är ett heltal"),
    (LESSON, "ämne: våld i nära", "ämne: våld i", "grunder.md:3: ”våld i relationer” finns inte"),
    (
        LESSON,
        "del: fakta, upptäcka, agera, stöd, förhindra upprepning\n",
        "",
        "”ämne” och ”del” ska stå båda två",
    ),
    (TEST, "typ: slutprov", "typ: prov", "slutprov.md:3: typ ska vara"),
    (COURSE, "steg: grundutbildning", "steg: kurs", "kurs.md:4: steg ska vara"),
    (COURSE, "giltighet: 24 månader", "giltighet: 2 år", "kurs.md:5: Skriv som 24 månader"),
    (COURSE, "godkänt: 80 %", "godkänt: 101 %", "kurs.md:6: Gränsen kan vara högst"),
    (COURSE, "aktivitet: 4.4 Förskola ska genomgå utbildning\n", "", "Nyckeln ”aktivitet” saknas"),
    (COURSE, "---\ntitel", "titel", "kurs.md:1: Filen ska börja med ett huvud"),
    # the list of lessons
    (COURSE, "2. [Slutprov](slutprov.md)\n", "", "kurs.md:17: Sist i listan ska slutprovet stå"),
    (
        COURSE,
        "1. [Grunder](../gemensamt/grunder.md)",
        "1. [Grunder](../gemensamt/saknas.md)",
        "kurs.md:17: Länken leder till en fil som inte finns",
    ),
    (
        COURSE,
        "1. [Grunder](../gemensamt/grunder.md)",
        "- Grunder",
        "kurs.md:17: Under ”## Avsnitt” står bara",
    ),
    (
        COURSE,
        "2. [Slutprov](slutprov.md)",
        "2. [Slutprov](slutprov.md)\n3. [Grunder](../gemensamt/grunder.md)",
        "kurs.md:19: Avsnittet står redan",
    ),
    (LESSON, ", förhindra upprepning", "", "Inget avsnitt i kursen har ”del: förhindra upprepning”"),
    (LESSON, "könsstympning, ", "", "Inget avsnitt i kursen har ”ämne: könsstympning”"),
    # headings, links, pictures, HTML
    (LESSON, "## Mer", "### Mer\n\n##### Långt ner", "hoppar en nivå"),
    (LESSON, "## Mer", "# Mer", "två rubriker med #"),
    (
        LESSON,
        "fakta.md#anmälningsskyldigheten",
        "fakta.md#plikten",
        "”#plikten” finns inte i gemensamt/fakta.md",
    ),
    (LESSON, "Situationen.", "Se [mer](#saknas).", "Rubriken ”#saknas” finns inte"),
    (LESSON, "Situationen.", "Se [ut](../../hemligt.md).", "ut ur mappen"),
    (LESSON, "Situationen.", "Se [x](javascript:alert(1)).", "Länken ska börja med"),
    (LESSON, "Situationen.", "Ring [x](tel:112).", "Länken ska börja med"),
    (LESSON, "Situationen.", "![](bild.svg)", "Bilden saknar text"),
    (LESSON, "Situationen.", "![En bild](saknas.svg)", "Bilden finns inte"),
    (LESSON, "Situationen.", "![En bild](bild.gif)", "Bilden ska vara SVG"),
    (LESSON, "Situationen.", f"![En bild]({'å' * 126}.svg)", "Bilden finns inte"),
    (LESSON, "Situationen.", "![En bild](%2e%2e%5cbild.svg)", "samma mapp"),
    (LESSON, "Situationen.", "![En bild](https://exempel.se/bild.png)", "samma mapp"),
    (LESSON, "Situationen.", "<div>x</div>", "HTML går inte"),
    (LESSON, "Situationen.", "<!-- en tanke -->", "HTML går inte"),
    (LESSON, "Situationen.", "<b>id: x</b>", "grunder.md:26: HTML går inte"),
    (LESSON, "Situationen.", "<!-- inget id: x -->", "grunder.md:26: HTML går inte"),
    (LESSON, "Situationen.", "Text <!-- id: x -->", "grunder.md:26: Namnet ska stå direkt under"),
    # questions
    (
        LESSON,
        "<!-- id: grunder-racker -->",
        "",
        "Frågan saknar namn. Skriv på raden under rubriken: <!-- id: gemensamt-grunder-racker -->",
    ),
    (LESSON, "id: grunder-racker", "id: Grunder", "Namnet ska vara"),
    (LESSON, "id: grunder-racker", "id: prov-ett", "finns redan"),
    (LESSON, "- [x] En misstanke.", "- [ ] En misstanke.", "Inget svar är märkt"),
    (LESSON, "- [ ] Ett bevis.", "- [x] Ett bevis.", "Alla svar är märkta"),
    (TEST, "Fråga (flera svar): Vad skriver", "Fråga: Vad skriver", "Två svar är märkta"),
    (LESSON, "  > Ja. Det räcker.\n", "", "Svaret saknar återkoppling"),
    (LESSON, "  > Ja. Det räcker.", "> Ja. Det räcker.", "indragen två mellanslag"),
    (LESSON, "- [ ] Ett bevis.", "- [ ] En  *misstanke*.", "Två svar är lika"),
    (LESSON, "3. Ring.\n", "", "minst tre numrerade"),
    (LESSON, "3. Ring.", "3. Skriv.", "Två rader är lika"),
    (LESSON, "> Lyssna först.\n", "", "saknar förklaring"),
    (LESSON, "| I dag | Ring 112 |", "| I dag | Ring 112 | nu |", "två kolumner"),
    (LESSON, "| Osäker | Fråga om råd |", "| Osäker | Ring 112 |", "högra kolumnen är lika"),
    (LESSON, "- [ ] Jag vet inget.", "- [x] Jag vet inget.", "Ett scenario har inget rätt svar"),
    (LESSON, "### Scenario:", "### Scenario (måste vara rätt):", "räknas inte"),
    (LESSON, "### Ordna:", "### Ordna (flera svar):", "kan inte stå här"),
    (
        LESSON,
        "### Fråga (måste vara rätt): Vad räcker?",
        "### Fråga (måste vara rätt) Vad räcker?",
        "med kolon",
    ),
    (LESSON, "- [ ] Ett bevis.", "-[ ] Ett bevis.", "blir det ingen ruta"),
    (LESSON, "- [x] En misstanke.", "- [ x] En misstanke.", "blir det ingen ruta"),
    (LESSON, "- [ ] Ett bevis.", "- [] Ett bevis.", "blir det ingen ruta"),
    (LESSON, "- [x] En misstanke.", "– [x] En misstanke.", "blir det ingen ruta"),
    (LESSON, "- [x] En misstanke.", "- [x]\u00a0En misstanke.", "blir det ingen ruta"),
    # a question that would be plain text, its right answer ticked before anyone has answered
    (LESSON, "### Fråga (måste", "###Fråga (måste", "grunder.md:23: Så här blir det ingen rubrik"),
    (
        LESSON,
        "### Fråga (måste",
        "#### Fråga (måste",
        "grunder.md:24: Namnet ska stå direkt under en frågas rubrik",
    ),
    (LESSON, "### Fråga (måste", " ### Fråga (måste", "grunder.md:24: Namnet ska stå direkt"),
    (
        LESSON,
        "### Fråga (måste",
        "### fråga (måste",
        "grunder.md:23: Så skrivs ingen fråga. Skriv ”### Fråga (måste vara rätt): …”.",
    ),
    (
        LESSON,
        "### Scenario: Vad säger du?\n<!-- id: grunder-scenario -->\n",
        "### SCENARIO: Vad säger du?\n",
        "grunder.md:56: Så skrivs ingen fråga. Skriv ”### Scenario: …”.",
    ),
    (LESSON, "### Ordna: I", "#### Ordna: I", "grunder.md:37: Så här blir det ingen fråga"),
    (
        LESSON,
        "### Fråga (måste vara rätt): Vad räcker?",
        "### Frga: Vad räcker?",
        "grunder.md:23: Så skrivs ingen fråga. Skriv ”### Fråga: …”.",
    ),
    (
        LESSON,
        "### Fråga (måste vara rätt): Vad räcker?\n",
        "### Fråga: Vad räcker?\n\nSituationen först.\n\n",
        "grunder.md:27: Namnet ska stå direkt under",
    ),
    (LESSON, "## Mer", "```\n## Mer", "grunder.md:17: Kodblocket som börjar här har inget slut"),
    # drawing
    (TEST, "dra: 2", "dra: 3", "finns bara 2 frågor"),
    (TEST, "dra: 2", "dra: 2\ndra måste: 1", "Bara 0 frågor är märkta"),
    (TEST, "dra: 2", "dra måste: 1", "behöver ”dra”"),
    # facts and contacts
    (FACTS, "- Källa: 19 kap. 1 § socialtjänstlagen (2025:400)\n", "", "saknar raden ”- Källa"),
    (FACTS, "- Kontrollerad: 2026-11-23", "- Kontrollerad: i går", "Kontrollerad ska vara ett datum"),
    (FACTS, "- Kontrollerad: 2026-11-23", "- Kontrollerad: nej", "kräver en rad ”- Att göra"),
    (FACTS, "- Källa:", "- Telefon: 112\n- Källa:", "”Telefon” finns inte"),
    (CONTACTS, "- Kontrollerad: nej", "- Telefon: 08-123\n- Kontrollerad: nej", "visas inte"),
    (CONTACTS, "- Webb: https://www.bris.se", "- Webb: www.bris.se", "börja med https"),
    (CONTACTS, "## Bris", "## Akut fara", "samma rubrik"),
]


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"), REFUSED, ids=[expected for *_, expected in REFUSED]
)
def test_is_refused_with_its_place(tmp_path: Path, path: str, before: str, after: str, expected: str) -> None:
    assert before in folders.FILES[path]
    found = faults(tmp_path, **{path: folders.FILES[path].replace(before, after, 1)})
    assert any(expected in fault for fault in found), found


def test_every_fault_of_every_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CourseFaults) as refusal:
        builder.read_catalog(
            folders.write(
                tmp_path,
                **{
                    LESSON: folders.LESSON.replace("tid: 10 min", "tid: x"),
                    FACTS: folders.FACTS.replace("2026-11-23", "x"),
                },
            )
        )
    assert [(fault.path, fault.line) for fault in refusal.value.found] == [(FACTS, 9), (LESSON, 2)]
    assert "\n    tid: x" in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("# Å".encode("latin-1"), "grunder.md:1: Filen är inte UTF-8"),
        (b"a\x00b", "Filen är inte text"),
        (b"x" * 1_000_001, "större än 1 MB"),
    ],
)
def test_a_file_that_is_not_text_is_refused(tmp_path: Path, data: bytes, expected: str) -> None:
    assert any(expected in fault for fault in faults(tmp_path, **{LESSON: data}))


def test_a_folder_with_a_lessons_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gemensamt" / "utkast.md").mkdir(parents=True)
    assert faults(tmp_path) == ["gemensamt/utkast.md:1: Det här är ingen fil. Ge mappen ett namn utan .md."]


def test_a_file_whose_name_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, **{"gemensamt/ut\x1bkast.md": "# Utkast\n"}) == [
        "gemensamt/ut\\x1bkast.md:1: Filens namn har tecken som inte går att läsa. Döp om den."
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (LESSON, folders.LESSON.replace("Situationen.", DEEP)),
        (LESSON, folders.LESSON.replace("Ja. Det räcker.", DEEP)),
        (COURSE, folders.COURSE.replace("Välkommen.", "Välkommen.\n\n" + DEEP + "\n\n")),
        (FACTS, folders.FACTS.replace("Misstanke räcker.", DEEP)),
        ("forskola/apt.md", "# APT\n\n" + DEEP + "\n"),
    ],
)
def test_hundreds_of_levels_inside_each_other_are_refused_and_not_a_crash(
    tmp_path: Path, path: str, text: str
) -> None:
    with pytest.raises(CourseFaults, match="för många nivåer") as refusal:
        builder.read_catalog(folders.write(tmp_path, **{path: text}))
    assert [fault.path for fault in refusal.value.found] == [path]


def test_too_many_levels_are_told_together_with_every_other_fault(tmp_path: Path) -> None:
    files = {
        LESSON: folders.LESSON.replace("Situationen.", DEEP),
        TEST: folders.TEST.replace("dra: 2", "dra: 9"),
    }
    assert [fault.rpartition(": ")[0] for fault in folders.faults(tmp_path, **files)] == [
        f"{TEST}:4",
        f"{LESSON}:1: Texten har för många nivåer",
    ]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """S19."""
    secret = tmp_path / "hemligt.md"
    secret.write_text("# Hemligt\n")
    root = folders.write(tmp_path / "courses")
    (root / "gemensamt" / "smyg.md").symlink_to(secret)
    assert any("genväg ut ur mappen" in str(fault) for fault in reader.read(root).faults)


def test_a_file_in_a_folder_that_is_a_link_out_is_refused(tmp_path: Path) -> None:
    """S19."""
    root = folders.write(tmp_path / "courses")
    outside = folders.write(tmp_path / "andra")
    (root / "smyg").symlink_to(outside / "gemensamt")
    found: list[CourseFault] = []
    assert sources.read_source(root, root / "smyg" / "grunder.md", found) is None
    assert [fault.message for fault in found] == ["Filen är en genväg ut ur mappen. Lägg själva filen här."]
    assert sources.read_source(root, root / LESSON, []) is not None


def test_two_base_courses_for_one_role_are_refused(tmp_path: Path) -> None:
    other = folders.COURSE.replace("(slutprov.md)", "(../skola/slutprov.md)")
    found = faults(
        tmp_path, **{"skola/kurs.md": other, "skola/slutprov.md": folders.TEST.replace("prov-", "skolprov-")}
    )
    assert any("har redan en grundutbildning: forskola" in fault for fault in found)


def test_a_final_test_stands_in_one_course_only(tmp_path: Path) -> None:
    other = folders.COURSE.replace("(slutprov.md)", "(../forskola/slutprov.md)").replace(
        "yrkesroll: förskola", "yrkesroll: skola"
    )
    assert any(
        "Slutprovet står redan i kursen forskola" in fault
        for fault in faults(tmp_path, **{"skola/kurs.md": other})
    )


def test_a_sixth_role_is_a_sixth_folder(tmp_path: Path) -> None:
    """R15."""
    other = folders.COURSE.replace("yrkesroll: förskola", "yrkesroll: vård och omsorg, hemtjänst")
    tests = folders.TEST.replace("prov-", "vardprov-")
    catalog = builder.read_catalog(
        folders.write(tmp_path, **{"vard/kurs.md": other, "vard/slutprov.md": tests})
    )
    assert catalog.required_courses() == {
        "förskola": "forskola",
        "vård och omsorg": "vard",
        "hemtjänst": "vard",
    }


def test_an_empty_or_missing_folder_is_told(tmp_path: Path) -> None:
    assert "finns inte" in str(reader.read(tmp_path / "saknas").faults[0])
    assert "Här finns ingen kurs" in str(reader.read(tmp_path).faults[0])


def test_a_guide_for_the_staff_meeting_belongs_to_its_course(tmp_path: Path) -> None:
    text = "# Samtal på APT\n\nBörja med [Bris](../gemensamt/kontakter.md#bris) och [grunderna](../gemensamt/grunder.md).\n\n## Ett fall\n\nAlma.\n"
    guide = (
        builder.read_catalog(folders.write(tmp_path, **{"forskola/apt.md": text})).courses["forskola"].guide
    )
    assert guide is not None
    assert guide.title == "Samtal på APT"
    assert "<h1" not in folders.shown(guide.text)
    assert "<a lesson=gemensamt/grunder>" in folders.shown(guide.text)
    assert "<note kontakt-bris.1>" in folders.shown(guide.text)


def test_a_guide_is_checked_like_every_text(tmp_path: Path) -> None:
    text = "# APT\n\n### För djupt\n\n<b>fet</b> och [fel](../gemensamt/fakta.md#saknas)\n"
    assert faults(tmp_path, **{"forskola/apt.md": text, "gemensamt/apt.md": "# Ingen kurs\n\nText.\n"}) == [
        "forskola/apt.md:3: Rubriken hoppar en nivå. Använd ## här.",
        "forskola/apt.md:5: HTML går inte att använda. Skriv vanlig text och Markdown.",
        "forskola/apt.md:5: ”#saknas” finns inte i gemensamt/fakta.md.",
        "gemensamt/apt.md:1: apt.md hör till en kurs. Lägg den i samma mapp som kurs.md.",
    ]


def test_a_reminder_is_offered_beside_the_base_course(tmp_path: Path) -> None:
    course = folders.COURSE.replace("steg: grundutbildning", "steg: påminnelse").replace(
        "1. [Grunder](../gemensamt/grunder.md)\n2.", "1."
    )
    course = course.replace(
        "aktivitet: 4.4 Förskola ska genomgå utbildning\nansvarig nämnd: Utbildningsnämnden\n", ""
    )
    test = folders.TEST.replace("prov-", "lov-")
    catalog = builder.read_catalog(
        folders.write(tmp_path, **{"forskola-lov/kurs.md": course, "forskola-lov/slutprov.md": test})
    )
    assert catalog.required_courses() == {"förskola": "forskola"}
    assert catalog.offered_courses() == [("förskola", "forskola-lov")]
