"""Signs that nobody sees and signs that a word processor leaves are refused by name and place."""

from pathlib import Path

import pytest

from tests.content import folders


def told(root: Path, text: str) -> list[tuple[int, str]]:
    return folders.faults_under(root, text)


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("\u00ad", "mjukt bindestreck"),
        ("\u200b", "nollbrett mellanslag"),
        ("\u200c", "nollbrett skiljetecken"),
        ("\u200d", "nollbrett fogtecken"),
        ("\u200e", "märke för skrivriktning"),
        ("\u2028", "osynligt radslut"),
        ("\u202e", "osynligt tecken"),
        ("\u2060", "ordfog"),
        ("\u2066", "osynligt tecken"),
        ("\ufeff", "byteordningsmärke"),
        ("\u202f", "smalt hårt mellanslag"),
        ("\u2003", "ovanligt mellanslag"),
        ("\u3000", "brett mellanslag"),
        ("\u2800", "tomt tecken"),
        ("\u034f", "tomt tecken"),
        ("\ufffd", "tecken som inte gick att läsa"),
        ("\x0c", "sidbyte"),
        ("\x07", "styrtecken"),
        ("\x85", "styrtecken"),
        ("\uf0b7", "eget tecken ur ett typsnitt"),
        ("\U000e0041", "osynligt tecken"),
    ],
)
def test_a_sign_that_nobody_sees_is_named_with_its_place(tmp_path: Path, sign: str, name: str) -> None:
    (fault,) = told(tmp_path, f"Först.\n\nOrd{sign}et.\n")
    assert fault[0] == 3
    assert fault[1].startswith(f"Här står ett {name} (tecken 4 på raden, U+{ord(sign):04X}), som inte syns. ")
    assert told(tmp_path, f"```\nkod{sign}\n```\n") != []


def test_the_front_matter_is_looked_through_too(tmp_path: Path) -> None:
    changed = folders.COURSE.replace("utgåva: 1", "utgåva: \u200b1")
    found = folders.faults(tmp_path, **{"forskola/kurs.md": changed})
    assert "forskola/kurs.md:7: Här står ett nollbrett mellanslag (tecken 9 på raden" in " ".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧 ❤️ ☎️ 🇸🇪",
        "می‌خواهم",
        "24\u00a0månader och 1\u00a0000 barn",
        "Å – ä’s ”ö”…",
        "محمد och שרה",
        "½ × 2 → 1 €",
    ],
)
def test_what_is_seen_is_left_alone(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, f"{text}\n") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("• ett\n", "• är en ordbehandlares punkt (tecken 1 på raden)"),
        ("· ett\n", "· är en ordbehandlares punkt (tecken 1 på raden)"),
        ("o\tett\n", "o är en ordbehandlares punkt (tecken 1 på raden)"),
        ("– ett\n– två\n", "– är ett tankstreck (tecken 1 på raden), och raderna blir ett enda stycke"),
        ("-\u00a0ett\n", "Här står ett hårt mellanslag (tecken 2 på raden)"),
        ("##\u00a0Rubrik\n", "Här står ett hårt mellanslag (tecken 3 på raden)"),
        ("\u00a0text\n", "Här står ett hårt mellanslag (tecken 1 på raden)"),
        ("Hon sa “nej”.\n", "“ är ett engelskt citattecken (tecken 8 på raden)"),
        ("Det är ‘bra’.\n", "‘ är ett engelskt citattecken (tecken 8 på raden)"),
        ("Namn\tTelefon\n", "Här står en tabb mellan orden (tecken 5 på raden)"),
        ("☐ kom ihåg\n", "☐ är en ordbehandlares ruta"),
        ("- ☒ kom ihåg\n", "☒ är en ordbehandlares ruta"),
        ("> [!NOTE]\n> Text.\n", "Så här blir det ingen ruta"),
        ("> **Viktig: Läs**\n>\n> Text.\n", "”Viktig” är ingen ruta"),
        ("> **Exempl**\n>\n> Text.\n", "”Exempl” är ingen ruta"),
    ],
)
def test_what_a_word_processor_leaves_is_named(tmp_path: Path, text: str, message: str) -> None:
    found = told(tmp_path, f"Först.\n\n{text}")
    assert [(line, words.partition(".")[0]) for line, words in found] == [(3, message)]


@pytest.mark.parametrize(
    "text",
    [
        "– Hej, sa hon.\n\n– Hej.\n",
        "-\tett\n-\ttvå\n",
        "| a |\tb |\n|---|---|\n| 1 |\t2 |\n",
        "`“kod”`\n",
        "\tkod\n",
        "```\na\tb\n• c\n“d”\n```\n",
        "Kl. 8–17 · fritt\n",
        "> **Exempelvis så**\n>\n> Text.\n",
        "> **Lag: här**\n",
    ],
)
def test_what_is_right_is_left_alone(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == []
