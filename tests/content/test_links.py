"""What a link or a picture in a file means, and that everything which means nothing is told where it
stands."""

from pathlib import Path

import pytest

from elearn.content.course import Lesson
from elearn.content.reading import links
from elearn.content.rendering import builder
from tests.content import folders

LESSON, COURSE, TEST = "gemensamt/grunder.md", "forskola/kurs.md", "forskola/slutprov.md"
FACTS, CONTACTS = "gemensamt/fakta.md", "gemensamt/kontakter.md"
AFTER = "Text efter frågan."  # line 35 of the lesson
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 120"></svg>'
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4)
JPEG, WEBP = b"\xff\xd8\xff\xe0", b"RIFF\x00\x00\x00\x00WEBP"
SPACE = "En adress har inga mellanslag eller radbrytningar. Skriv bindestreck i stället, också i filens namn."
NO_LINK = "Här kan ingen länk stå: raden är en del av frågan eller svaret. Skriv länken i förklaringen."
FROM_ENTRY = (
    "Uppgiften visas på många sidor och kan bara länka till en adress som börjar med https:// eller mailto:."
)


def faults(root: Path, text: str, instead_of: str = AFTER, **more: str | bytes) -> list[str]:
    assert folders.LESSON.count(instead_of) == 1
    (root / "gemensamt").mkdir(parents=True, exist_ok=True)
    (root / "gemensamt" / "bild.svg").write_bytes(SVG)
    return folders.faults(root, **{LESSON: folders.LESSON.replace(instead_of, text), **more})


def shown(root: Path, text: str) -> str:
    """The HTML after the first question, in the course."""
    assert faults(root, text) == []
    lesson: Lesson = builder.read_catalog(root).courses["forskola"].lessons[0]
    return folders.shown(folders.texts(lesson)[1])


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("![En bild](min bild.svg)", 35, SPACE),
        ("[x](min fil.md)", 35, SPACE),
        ("[x](#kort version)", 35, SPACE),
        ("Först.\n\nSe [x](../gemensamt/\nfakta.md).", 37, SPACE),
        (
            "[![](bild.svg)](https://vpc.se)",
            35,
            "Bilden saknar text. Skriv inom hakparenteserna vad bilden visar.",
        ),
        ("Först.\n\n- ![En bild](saknas.svg 'titel')", 37, "Bilden finns inte i mappen."),
        ("[x](saknas.md 'titel')", 35, "Länken leder till en fil som inte finns."),
        ("[två\nrader](saknas.md)", 36, "Länken leder till en fil som inte finns."),
        ("[x]()", 35, "Adressen saknas. Skriv den inom parentesen."),
    ],
)
def test_what_markdown_met_and_nobody_could_resolve_is_told_where_it_stands(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    assert faults(tmp_path, text) == [f"{LESSON}:{line}: {message}"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("![En bild](bild.svg 'titel')", 'src="gemensamt/bild.svg"'),
        ("![En\nbild](bild.svg)", 'src="gemensamt/bild.svg"'),
        ("[![En bild](bild.svg)](https://vpc.se)", 'src="gemensamt/bild.svg"'),
        ("- ![En bild](bild.svg)\n- Mer", 'src="gemensamt/bild.svg"'),
        ("| ![En bild](bild.svg) |\n|---|\n| x |", 'src="gemensamt/bild.svg"'),
        (
            "Se [två\nrader](fakta.md#anmälningsskyldigheten)",
            "<a note=fakta-anmalningsskyldigheten.2>",
        ),
        (
            '[p](../forskola/slutprov.md "Ett > prov")',
            '<a lesson=forskola/slutprov title="Ett > prov">p</a>',
        ),
        ("[p](../forskola/slutprov.md 'Ett prov')", '<a lesson=forskola/slutprov title="Ett prov">p</a>'),
        ("<info@vpc.se>", '<a href="mailto:info@vpc.se">info@vpc.se</a>'),
    ],
)
def test_every_form_that_viewers_know_leads_where_it_should(tmp_path: Path, text: str, html: str) -> None:
    assert html in shown(tmp_path, text)


def test_what_markdown_met_is_told_together_with_every_other_fault(tmp_path: Path) -> None:
    found = faults(tmp_path, "[x](saknas.md 'titel')", **{TEST: folders.TEST.replace("dra: 2", "dra: 9")})
    assert [fault.rpartition(": ")[0] for fault in found] == [f"{TEST}:4", f"{LESSON}:35"]


@pytest.mark.parametrize("path", [COURSE, "forskola/apt.md", FACTS, CONTACTS])
def test_every_file_is_looked_through(tmp_path: Path, path: str) -> None:
    text = folders.FILES.get(path, "# APT\n\nVälkommen.\n").replace(
        ".\n", ".\n\n![x](saknas.svg 'titel')\n", 1
    )
    assert [fault.partition(": ")[2] for fault in folders.faults(tmp_path, **{path: text})] == [
        "Bilden finns inte i mappen."
    ]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("www.bris.se", "Skriv hela adressen, med https:// först: https://www.bris.se"),
        ("bris.se/barn", "Skriv hela adressen, med https:// först: https://bris.se/barn"),
        ("info@vpc.se", "Skriv mailto: före e-postadressen: mailto:info@vpc.se"),
        ("fakta.md", "Skriv vilken uppgift länken gäller: fakta.md#rubriken."),
        ("fakta.md#saknas", "”#saknas” finns inte i gemensamt/fakta.md."),
        (
            "fakta.md#anmälningsplikten",
            "”#anmälningsplikten” finns inte i gemensamt/fakta.md. Menar du #anmälningsskyldigheten?",
        ),
        ("kontakter.md#brist", "”#brist” finns inte i gemensamt/kontakter.md. Menar du #bris?"),
        ("../forskola/slutprov.md#saknas", "Rubriken ”#saknas” finns inte i avsnittet."),
        ("#saknas", "Rubriken ”#saknas” finns inte i filen."),
        (
            "#fråga-måste-vara-rätt-vad-räcker",
            "Rubriken ”#fråga-måste-vara-rätt-vad-räcker” finns inte i filen. Det går inte att länka till en fråga.",
        ),
        ("bris.seglar", "Länken leder till en fil som inte finns."),
        ("bild.svg", "Länken leder till en fil som inte finns."),
    ],
)
def test_an_address_that_leads_nowhere_says_what_to_write(tmp_path: Path, target: str, message: str) -> None:
    assert faults(tmp_path, f"[x]({target})") == [f"{LESSON}:35: {message}"]


@pytest.mark.parametrize(
    "target", ["https://www.bris.se", "mailto:info@vpc.se", "#mer", "grunder.md#mer", "../forskola/kurs.md"]
)
def test_an_address_that_leads_somewhere_is_left_alone(tmp_path: Path, target: str) -> None:
    assert faults(tmp_path, f"[x]({target})") == []


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("Vad räcker?", 23),
        ("Ett bevis.", 28),
        ("Lyssna.\n2", 40),
        ("| I dag", 51),
        ("Ring 112", 51),
        ("Jag vet inget.", 61),
    ],
)
@pytest.mark.parametrize(
    "target",
    ["[x](fakta.md#anmälningsskyldigheten)", "[x](../forskola/slutprov.md 'titel')", "<https://vpc.se>"],
)
def test_a_link_in_what_the_learner_chooses_by_is_refused(
    tmp_path: Path, where: str, line: int, target: str
) -> None:
    first, dot, rest = where.partition(".")
    assert faults(tmp_path, f"{first} {target}{dot}{rest}", where) == [f"{LESSON}:{line}: {NO_LINK}"]


@pytest.mark.parametrize("where", ["Situationen.", "Väntar du på", "Du ska inte utreda.", "Tänk efter."])
def test_a_link_in_a_situation_feedback_or_explanation_is_welcome(tmp_path: Path, where: str) -> None:
    assert faults(tmp_path, f"[x](fakta.md#anmälningsskyldigheten) {where}", where) == []


@pytest.mark.parametrize("path", [FACTS, CONTACTS])
@pytest.mark.parametrize(
    "target", ["grunder.md", "../forskola/kurs.md", "fakta.md#anmälningsskyldigheten", "#bris"]
)
def test_a_link_from_a_fact_or_contact_to_a_page_of_ours_is_refused(
    tmp_path: Path, path: str, target: str
) -> None:
    text = folders.FILES[path].replace(".\n\n-", f". Se [x]({target}).\n\n-", 1)
    assert folders.faults(tmp_path, **{path: text}) == [f"{path}:5: {FROM_ENTRY}"]


@pytest.mark.parametrize("path", [FACTS, CONTACTS])
@pytest.mark.parametrize("target", ["https://vpc.se", "mailto:info@vpc.se"])
def test_a_link_from_a_fact_or_contact_out_is_welcome(tmp_path: Path, path: str, target: str) -> None:
    text = folders.FILES[path].replace(".\n\n-", f". Se [x]({target}).\n\n-", 1)
    assert folders.faults(tmp_path, **{path: text}) == []


def test_a_roles_own_facts_have_anchors_of_their_own(tmp_path: Path) -> None:
    test = folders.TEST.replace(
        "# Slutprov\n",
        "# Slutprov\n\nSe [vårt](fakta.md#anmalningsskyldigheten) och [allas](../gemensamt/fakta.md#anmälningsskyldigheten).\n",
    )
    catalog = builder.read_catalog(
        folders.write(tmp_path, **{TEST: test, "forskola/fakta.md": folders.FACTS})
    )
    block = folders.texts(catalog.courses["forskola"].lessons[1])[0]
    own, shared = "fakta-forskola-anmalningsskyldigheten.1", "fakta-anmalningsskyldigheten.1"
    assert f"<a note={own}>vårt</a> och <a note={shared}>allas</a>" in folders.shown(block)
    assert f"<note {own}><note {shared}>" in folders.shown(block)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", SVG),
        ("a.SVG", b"\xef\xbb\xbf <svg/>"),
        ("a.png", PNG),
        ("a.jpg", JPEG),
        ("a.jpeg", JPEG),
        ("a.webp", WEBP),
    ],
)
def test_a_picture_of_each_kind_is_shown(tmp_path: Path, name: str, data: bytes) -> None:
    assert faults(tmp_path, f"![En bild]({name})", **{f"gemensamt/{name}": data}) == []
    assert builder.read_catalog(tmp_path).images == {f"gemensamt/{name}": tmp_path / "gemensamt" / name}


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.svg", b"", "Bildens fil är tom. Spara bilden igen."),
        ("a.svg", b"Text om <svg>", "Filen är ingen bild av det slag som .svg betyder."),
        ("a.png", JPEG, "Filen är ingen bild av det slag som .png betyder."),
        ("a.jpg", PNG, "Filen är ingen bild av det slag som .jpg betyder."),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVE", "Filen är ingen bild av det slag som .webp betyder."),
        ("a.png", PNG.ljust(1_000_001), "Bilden är större än 1 MB. Spara den i mindre format."),
    ],
)
def test_a_file_that_is_no_picture_is_refused(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    found = faults(tmp_path, f"![En bild]({name})", **{f"gemensamt/{name}": data})
    assert len(found) == 1
    assert found[0].startswith(f"{LESSON}:35: {message}")


def test_a_picture_of_one_megabyte_is_the_largest(tmp_path: Path) -> None:
    assert faults(tmp_path, "![En bild](a.png)", **{"gemensamt/a.png": PNG.ljust(1_000_000)}) == []


def test_a_picture_that_is_a_link_to_another_file_is_refused(tmp_path: Path) -> None:
    """S19."""
    (tmp_path / "courses" / "gemensamt").mkdir(parents=True)
    (tmp_path / "hemlig.svg").write_bytes(SVG)
    (tmp_path / "courses" / "gemensamt" / "smyg.svg").symlink_to(tmp_path / "hemlig.svg")
    assert faults(tmp_path / "courses", "![En bild](smyg.svg)") == [
        f"{LESSON}:35: Bilden finns inte i mappen."
    ]


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        ("a.svg", SVG, ("360", "120")),
        ("a.png", PNG, ("640", "480")),
        ("a.jpg", JPEG, ("", "")),
        ("a.svg", SVG.rjust(5000), ("", "")),
    ],
)
def test_the_size_is_what_the_files_beginning_tells(
    tmp_path: Path, name: str, data: bytes, size: tuple[str, str]
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    assert links.picture_size(file) == size


def test_no_picture_is_sent_that_no_text_shows(tmp_path: Path) -> None:
    folder = folders.write(
        tmp_path,
        **{
            "README.md": "![En bild](annan.svg) [x](saknas.md) [^1]\n",
            "annan.svg": SVG,
            "gemensamt/glömd.svg": SVG,
        },
    )
    assert builder.read_catalog(folder).images == {}
