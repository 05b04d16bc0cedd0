"""What a certificate says of the course, on the page and in the PDF: nothing that is not true of each."""

from elearn.content.course import Course, CourseStep
from elearn.training.queries import Certificate

RECOGNISED = "Utbildningen är tillgodoräknad av Våldspreventivt center: {}."
COMPLETED = "Kursen är genomförd och godkänd."
PASSED = "Alla avsnitt är genomförda och slutprovet är godkänt."
SUBJECTS = (
    "Kursen tar upp fakta, hur man upptäcker och agerar, vilket stöd som finns och hur våldet kan hindras "
    "från att upprepas."
)


def said_of(certificate: Certificate, course: Course | None) -> str:
    """``course``: as it is taught today; None when it is not taught any more. A course of one lesson has no
    lessons to count and no final test apart, and only the base courses take up every subject."""
    if certificate.source:
        return RECOGNISED.format(certificate.source)
    if course is None or len(course.lessons) == 1:
        return COMPLETED
    return f"{PASSED} {SUBJECTS}" if course.step == CourseStep.BASE else PASSED
