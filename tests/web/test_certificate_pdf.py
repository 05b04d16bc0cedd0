"""The certificate as a PDF: tagged, one page, the same bytes each time, and a name is only ever a name."""

import datetime as dt
import io
from dataclasses import replace

import pypdf
import pytest

from elearn.training.queries import Certificate
from elearn.web import certificate_pdf

LINK = "https://utbildning.example/intyg/kontrollera?kod=K7QM-2XWD-94TB-PH3N"
BODY = "Alla avsnitt är genomförda och slutprovet är godkänt."
OF_SARA = Certificate(
    7,
    "Sara Lindell",
    "forskola",
    "Basutbildning om hedersrelaterat våld och förtryck för förskolan",
    3,
    dt.date(2026, 11, 23),
    dt.date(2028, 11, 23),
    None,
    "K7QM2XWD94TBPH3N",
)


def read(certificate: Certificate) -> pypdf.PdfReader:
    drawn = certificate_pdf.draw(certificate, BODY, "Botkyrka kommun", LINK)
    return pypdf.PdfReader(io.BytesIO(drawn))


def text_of(certificate: Certificate) -> str:
    return " ".join(read(certificate).pages[0].extract_text().split())


def test_it_says_what_the_page_says_and_no_number_that_counts() -> None:
    assert text_of(OF_SARA) == (
        "Intyg Sara Lindell har gått kursen Basutbildning om hedersrelaterat våld och förtryck för förskolan. Alla "
        "avsnitt är genomförda och slutprovet är godkänt. Utfärdat 23 november 2026 Gäller till och med 23 "
        "november 2028 Utgåva 3 Kontrollkod K7QM-2XWD-94TB-PH3N Botkyrka kommun Våldspreventivt center, VPC Kontrollera "
        "intyget på utbildning.example/intyg/kontrollera"
    )
    assert text_of(replace(OF_SARA, id=8)) == text_of(OF_SARA)


def test_it_is_tagged_and_in_swedish_for_who_has_it_read_aloud() -> None:
    reader = read(OF_SARA)
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert catalog["/Lang"] == "sv"
    assert catalog["/StructTreeRoot"]["/K"]
    assert reader.metadata
    assert reader.metadata.title == "Intyg, Basutbildning om hedersrelaterat våld och förtryck för förskolan"
    [link] = [note.get_object() for note in reader.pages[0]["/Annots"]]
    assert link["/A"]["/URI"] == LINK


def test_the_same_certificate_gives_the_same_bytes() -> None:
    first, second = (certificate_pdf.draw(OF_SARA, BODY, "Botkyrka kommun", LINK) for _ in range(2))
    assert first == second
    assert len(first) < 60_000


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x") *fet* $x$ @nyckel <b> \\ "',
        "Žaneta Şahin Đorđević Łukasz",
        "Мария Ωμέγα",
        "محمد",
        "李小龍",
        *("W" * length for length in (60, 61, 120, 121, 300)),
    ],
)
def test_any_name_is_shown_as_it_is_on_one_page(name: str) -> None:
    """Also letters that no font here has: then the page is made all the same."""
    reader = read(replace(OF_SARA, person_name=name))
    assert len(reader.pages) == 1
    if all(letter < "\u0500" for letter in name):
        assert name.replace(" ", "") in "".join(reader.pages[0].extract_text().split())
