"""Of everything that is told about the courses, what concerns one of them."""

from collections.abc import Iterable

from elearn.content.faults import CourseFault
from elearn.content.reading.reader import Reading


def own(reading: Reading, slug: str, told: Iterable[CourseFault]) -> list[CourseFault]:
    """What stands in the course's folder and in the lessons that it lists; everything when no course is
    named."""
    listed = {path for course in reading.courses if course.slug == slug for _, path in course.lessons}
    return [fault for fault in told if not slug or fault.path.startswith(f"{slug}/") or fault.path in listed]
