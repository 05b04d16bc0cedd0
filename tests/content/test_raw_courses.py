"""``kurs.md``: what a course may be, and that one mistake is told as one."""

import datetime as dt
from pathlib import Path

import pytest

from elearn.content.faults import CourseFaults
from elearn.content.reading import raw_courses, reader
from elearn.content.rendering import builder
from tests.content import folders

COURSE, LESSON, TEST = "forskola/kurs.md", "gemensamt/grunder.md", "forskola/slutprov.md"
LIST = "1. [Grunder](../gemensamt/grunder.md)\n2. [Slutprov](slutprov.md)\n"


def faults(root: Path, **changes: str | bytes | None) -> list[str]:
    return [
        str(fault).partition("\n")[0] for fault in sorted(reader.read(folders.write(root, **changes)).faults)
    ]


def faults_of_course(root: Path, before: str, after: str) -> list[str]:
    assert before in folders.COURSE
    return faults(root, **{COURSE: folders.COURSE.replace(before, after)})


@pytest.mark.parametrize("folder", ["Vard", "vård", "vard och omsorg", "-vard", "vard_och_omsorg"])
def test_a_folder_whose_name_makes_a_poor_address_is_refused(tmp_path: Path, folder: str) -> None:
    course = folders.COURSE.replace("yrkesroll: förskola", "yrkesroll: vård")
    changes = {
        f"{folder}/kurs.md": course,
        f"{folder}/slutprov.md": folders.TEST.replace("prov-", "vardprov-"),
    }
    assert [fault.partition(": ")[0] for fault in faults(tmp_path, **changes)] == [f"{folder}/kurs.md:1"]


def test_a_folder_name_of_small_letters_digits_and_hyphens_is_an_address(tmp_path: Path) -> None:
    course = folders.COURSE.replace("yrkesroll: förskola", "yrkesroll: vård")
    changes = {
        "vard-och-omsorg-2/kurs.md": course,
        "vard-och-omsorg-2/slutprov.md": folders.TEST.replace("prov-", "vardprov-"),
    }
    assert faults(tmp_path, **changes) == []


@pytest.mark.parametrize("roles", [",", "förskola; skola"])
def test_roles_that_nobody_has_are_refused(tmp_path: Path, roles: str) -> None:
    """A course that is required of nobody would never be counted, and nobody would notice."""
    assert faults_of_course(tmp_path, "yrkesroll: förskola", f"yrkesroll: {roles}") == [
        "forskola/kurs.md:3: Skriv yrkesrollen som i personalsystemet. Flera roller skrivs med komma emellan."
    ]


def test_a_role_is_one_whatever_its_letters(tmp_path: Path) -> None:
    other = folders.COURSE.replace("yrkesroll: förskola", "yrkesroll: FÖRSKOLA")
    found = faults(
        tmp_path, **{"skola/kurs.md": other, "skola/slutprov.md": folders.TEST.replace("prov-", "skolprov-")}
    )
    assert found == ["skola/kurs.md:3: Rollen ”FÖRSKOLA” har redan en grundutbildning: forskola."]


@pytest.mark.parametrize("text", ["", "## Avsnitt\n", "## Innehåll\n\n" + LIST])
def test_a_course_without_lessons_is_told_whatever_else_is_wrong(tmp_path: Path, text: str) -> None:
    changed = folders.COURSE.replace("## Avsnitt\n\n" + LIST, text).replace("24 månader", "2 år")
    found = faults(tmp_path, **{COURSE: changed})
    assert "forskola/kurs.md:5: Skriv som 24 månader." in found
    assert (
        "forskola/kurs.md:1: Kursen har inga avsnitt. Skriv ”## Avsnitt” och en numrerad lista med länkar."
        in found
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1. [Grunder](../gemensamt/saknas.md)", "17: Länken leder till en fil som inte finns."),
        ("1. Grunder", "17: Under ”## Avsnitt” står bara en numrerad lista: 1. [Avsnittets namn](fil.md)"),
        (
            "1. [Plikten](../gemensamt/fakta.md#anmälningsskyldigheten)",
            "17: Länken leder inte till ett avsnitt.",
        ),
    ],
)
def test_one_line_that_is_no_lesson_is_one_fault(tmp_path: Path, line: str, told: str) -> None:
    """What the missing lesson would have covered cannot be known, so it is not guessed at."""
    assert faults_of_course(tmp_path, "1. [Grunder](../gemensamt/grunder.md)", line) == [
        f"forskola/kurs.md:{told}"
    ]


def test_a_final_test_before_the_end_is_told_where_it_stands(tmp_path: Path) -> None:
    turned = "1. [Slutprov](slutprov.md)\n2. [Grunder](../gemensamt/grunder.md)\n"
    assert faults_of_course(tmp_path, LIST, turned) == [
        "forskola/kurs.md:17: Slutprovet ska stå sist i listan.",
        "forskola/kurs.md:18: Sist i listan ska slutprovet stå: ett avsnitt med ”typ: slutprov”.",
    ]


def test_only_ordinary_lessons_cover_what_the_plan_demands(tmp_path: Path) -> None:
    """R3: a pretest or a final test that names a subject teaches nothing of it."""
    covering = folders.TEST.replace("typ: slutprov", "typ: slutprov\nämne: könsstympning\ndel: fakta")
    found = faults(tmp_path, **{LESSON: folders.LESSON.replace("könsstympning, ", ""), TEST: covering})
    assert found == [
        "forskola/kurs.md:1: Inget avsnitt i kursen har ”ämne: könsstympning”. Handlingsplanen kräver det."
    ]


def test_the_day_from_which_a_course_is_demanded(tmp_path: Path) -> None:
    told = folders.COURSE.replace("utgåva: 1", "utgåva: 1\ninförd: 2026-12-01")
    assert folders.faults(tmp_path, **{COURSE: told.replace("2026-12-01", "20261201")}) == [
        "forskola/kurs.md:8: ”20261201” är inget datum. Skriv det som 2026-12-31."
    ]
    introduced = (
        builder.read_catalog(folders.write(tmp_path, **{COURSE: told})).courses["forskola"].introduced_on
    )
    assert introduced == dt.date(2026, 12, 1)
    without = builder.read_catalog(folders.write(tmp_path)).courses["forskola"]
    assert without.introduced_on is None


def test_the_roles_are_read_from_the_courses_own_files_alone(tmp_path: Path) -> None:
    """Whatever is wrong with a lesson: no command that needs only roles reads one."""
    root = folders.write_roles(tmp_path, forskola="förskola, familjecentral", skola="skola")
    assert reader.read_roles(root) == builder.read_catalog(root).required_courses()
    (root / LESSON).write_bytes(b"\xff")
    assert list(reader.read_roles(root).items()) == [
        ("förskola", "forskola"),
        ("familjecentral", "forskola"),
        ("skola", "skola"),
    ]


def test_roles_that_cannot_be_told_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseFaults, match="Här finns ingen kurs"):
        reader.read_roles(tmp_path)
    with pytest.raises(CourseFaults, match="har redan en grundutbildning"):
        reader.read_roles(folders.write_roles(tmp_path, forskola="förskola", skola="förskola"))
    with pytest.raises(CourseFaults, match="Skriv som 24 månader"):
        reader.read_roles(folders.write(tmp_path, **{COURSE: folders.COURSE.replace("24 månader", "2 år")}))


def test_a_course_too_deep_in_the_folder_is_told(tmp_path: Path) -> None:
    deep = folders.COURSE.replace("(../", "(../../").replace("(slutprov", "(../slutprov")
    assert faults(tmp_path, **{"forskola/mer/kurs.md": deep}) == [
        "forskola/mer/kurs.md:1: kurs.md ska ligga i en mapp direkt under mappen med kurser."
    ]


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>'
PICTURE = "forskola/tidslinje.svg"
TIMELINE = "## Tidslinjen\n\n![Måndag: Alma berättar.](tidslinje.svg)\n\nSå gick det.\n\n"
READ_ON = "## Läs vidare\n\n- [NCK:s webbkurs](https://www.nck.uu.se/)\n\n"


def test_a_course_without_the_new_keys_and_sections_is_as_before(tmp_path: Path) -> None:
    course = builder.read_catalog(folders.write(tmp_path)).courses["forskola"]
    assert (course.revised_on, course.written_by, course.reviewed_by) == (None, "", "")
    assert (bool(course.read_on), bool(course.timeline)) == (False, False)


def test_a_course_says_who_wrote_it_who_has_reviewed_it_and_when(tmp_path: Path) -> None:
    more = "reviderad: 2026-11-30\nskriven av: Anna Ek, VPC\ngranskad av: Bo Alm, jurist\n---\n# "
    text = folders.COURSE.replace("---\n# ", more)
    course = builder.read_catalog(folders.write(tmp_path, **{COURSE: text})).courses["forskola"]
    assert course.revised_on == dt.date(2026, 11, 30)
    assert (course.written_by, course.reviewed_by) == ("Anna Ek, VPC", "Bo Alm, jurist")


def test_a_day_of_revision_that_is_no_date_is_refused(tmp_path: Path) -> None:
    assert faults_of_course(tmp_path, "utgåva: 1", "utgåva: 1\nreviderad: i höstas") == [
        "forskola/kurs.md:8: ”i höstas” är inget datum. Skriv det som 2026-12-31."
    ]


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (dt.date(2026, 11, 30), []),
        (
            dt.date(2026, 11, 29),
            [
                "forskola/kurs.md:8: Reviderad 2026-11-30 är ett datum som inte har varit än. Skriv dagen då "
                "kursen senast sågs över."
            ],
        ),
    ],
)
def test_nobody_has_revised_a_course_tomorrow(tmp_path: Path, today: dt.date, told: list[str]) -> None:
    text = folders.COURSE.replace("utgåva: 1", "utgåva: 1\nreviderad: 2026-11-30")
    reading = reader.read(folders.write(tmp_path, **{COURSE: text}))
    raw_courses.check_dates(reading.courses, today)
    assert [str(fault).partition("\n")[0] for fault in reading.faults] == told


@pytest.mark.parametrize(
    "order",
    [
        "Text före.\n\n{timeline}## Avsnitt\n\n{list}\n{read_on}",
        "{read_on}{timeline}## Avsnitt\n\n{list}",
        "## Avsnitt\n\n{list}\n{timeline}{read_on}",
        "{timeline}{read_on}## Så går det till\n\nText om det.\n\n## Avsnitt\n\n{list}",
    ],
)
def test_the_time_line_and_what_to_read_are_found_wherever_they_stand(tmp_path: Path, order: str) -> None:
    text = folders.COURSE.replace(
        "## Avsnitt\n\n" + LIST, order.format(timeline=TIMELINE, read_on=READ_ON, list=LIST)
    )
    folder = folders.write(tmp_path, **{COURSE: text, PICTURE: SVG})
    course = builder.read_catalog(folder).courses["forskola"]
    assert [lesson.title for lesson in course.lessons] == ["Grunder", "Slutprov"]
    assert 'alt="Måndag: Alma berättar."' in folders.shown(course.timeline)
    assert "forskola/tidslinje.svg" in folders.shown(course.timeline)
    assert "Så gick det." in folders.shown(course.timeline)
    assert "https://www.nck.uu.se/" in folders.shown(course.read_on)
    shown = folders.shown(course.intro)
    assert not any(word in shown for word in ("Tidslinjen", "Läs vidare", "nck.uu.se", "Så gick"))
    assert ("Text om det." in shown) == ("Text om det." in order)


def test_a_section_without_what_it_is_for_is_refused(tmp_path: Path) -> None:
    text = "## Tidslinjen\n\nMåndag.\n\n## Läs vidare\n\nEn bra bok.\n\n## Avsnitt"
    assert faults_of_course(tmp_path, "## Avsnitt", text) == [
        "forskola/kurs.md:15: Under ”## Tidslinjen” ska det stå en bild: ![Det som händer, i ordning]"
        "(tidslinjen.svg)",
        "forskola/kurs.md:19: Under ”## Läs vidare” ska det stå länkar: - [Sidans namn](https://adressen)",
    ]


def test_a_time_line_without_alternative_text_is_refused(tmp_path: Path) -> None:
    text = folders.COURSE.replace("## Avsnitt", "## Tidslinjen\n\n![](tidslinje.svg)\n\n## Avsnitt")
    assert faults(tmp_path, **{COURSE: text, PICTURE: SVG}) == [
        "forskola/kurs.md:17: Bilden saknar text. Skriv inom hakparenteserna vad bilden visar."
    ]


@pytest.mark.parametrize("day", ["31 augusti", "31 Augusti"])
def test_the_day_of_renewal_and_the_personnel_systems_code_are_read(tmp_path: Path, day: str) -> None:
    text = folders.COURSE.replace("utgåva: 1", f"utgåva: 1\nförnyas: {day}\nkompetens: HRV-1")
    course = builder.read_catalog(folders.write(tmp_path, **{COURSE: text})).courses["forskola"]
    assert (course.renewed_on, course.competence) == ((8, 31), "HRV-1")
    plain = builder.read_catalog(folders.write(tmp_path / "b")).courses["forskola"]
    assert (plain.renewed_on, plain.competence) == (None, "")


@pytest.mark.parametrize(
    "day", ["31 juni", "29 februari", "0 maj", "augusti", "31 aug", "2027-08-31", "031 maj"]
)
def test_a_day_that_not_every_year_has_is_refused(tmp_path: Path, day: str) -> None:
    assert faults_of_course(tmp_path, "utgåva: 1", f"utgåva: 1\nförnyas: {day}") == [
        "forskola/kurs.md:8: förnyas ska vara en dag som finns varje år, till exempel 31 augusti."
    ]
