"""Tagged PDF from a template: data is only ever data, and the template reads nothing outside its folder."""

import io
from pathlib import Path

import pypdf
import pytest
import typst

from elearn import pdf

PAGE = """#let told = json(bytes(sys.inputs.told))
#set document(title: told.title)
#set text(lang: "sv")
= Rubrik
#told.body
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = tmp_path / "print"
    folder.mkdir()
    (folder / "page.typ").write_text(PAGE, encoding="utf-8")
    return folder / "page.typ"


def reading(template: Path, body: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf.draw(template, {"title": "Titeln", "body": body})))


@pytest.mark.parametrize(
    "body", ['#panic("x")', "*fet* _kursiv_", "$x$", "@nyckel", "<etikett>", "= Rubrik", "\\ ~ `kod` // nej"]
)
def test_what_is_told_is_printed_as_it_stands(template: Path, body: str) -> None:
    assert body in reading(template, body).pages[0].extract_text()


def test_it_is_tagged_and_names_its_language_and_title(template: Path) -> None:
    reader = reading(template, "Text.")
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert catalog["/Lang"] == "sv"
    assert catalog["/StructTreeRoot"]["/K"]
    assert reader.metadata
    assert reader.metadata.title == "Titeln"
    assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()


def test_a_letter_that_no_font_has_still_gives_a_page_without_the_standard_s_mark(template: Path) -> None:
    reader = reading(template, "Före \U000105c0 efter")
    assert len(reader.pages) == 1
    assert b"pdfuaid:part" not in reader.trailer["/Root"]["/Metadata"].get_object().get_data()


def test_the_same_data_gives_the_same_bytes(template: Path) -> None:
    first, second = (pdf.draw(template, {"title": "T", "body": "Å"}) for _ in range(2))
    assert first == second


def test_a_template_reads_no_file_outside_its_folder(template: Path) -> None:
    (template.parent.parent / "hemligt.txt").write_text("hemligt", encoding="utf-8")
    template.write_text(PAGE + '#read("../hemligt.txt")', encoding="utf-8")
    with pytest.raises(typst.TypstError):
        pdf.draw(template, {"title": "T", "body": "x"})
