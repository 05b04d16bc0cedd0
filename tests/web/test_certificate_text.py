"""What a certificate says of the course, of each kind of course in the folder."""

from dataclasses import replace

from elearn.content.rendering import builder
from elearn.settings import data_dir
from elearn.web import certificate_text
from tests.web.test_certificate_pdf import OF_SARA


def test_each_course_is_told_as_it_is() -> None:
    courses = builder.read_catalog(data_dir("courses")).courses
    told = {slug: certificate_text.said_of(OF_SARA, course) for slug, course in courses.items()}
    assert told["forskola"] == (
        "Alla avsnitt är genomförda och slutprovet är godkänt. Kursen tar upp fakta, hur man upptäcker och "
        "agerar, vilket stöd som finns och hur våldet kan hindras från att upprepas."
    )
    assert told["forskola-infor-lovet"] == "Kursen är genomförd och godkänd."
    assert certificate_text.said_of(OF_SARA, None) == "Kursen är genomförd och godkänd."


def test_a_recognised_one_says_where_from() -> None:
    recognised = replace(OF_SARA, source="Heldag på plats")
    assert certificate_text.said_of(recognised, None) == (
        "Utbildningen är tillgodoräknad av Våldspreventivt center: Heldag på plats."
    )
