"""Everything that is taught, read once."""

from collections.abc import Mapping
from dataclasses import dataclass

from elearn.content.course import Contact, Course, CourseStep, Fact


@dataclass(frozen=True, slots=True)
class Catalog:
    """All courses, facts and contacts of one reading of the files."""

    courses: Mapping[str, Course]  # by slug, in alphabetical order
    facts: Mapping[str, Fact]  # by key
    contacts: Mapping[str, Contact]  # by key
    version: str  # changes when any file does

    def course(self, slug: str) -> Course | None:
        return self.courses.get(slug)

    def required_courses(self) -> dict[str, str]:
        """Job role -> slug of its one base course (measure.md, rule 3)."""
        base = [course for course in self.courses.values() if course.step == CourseStep.BASE]
        return {role: course.slug for course in base for role in course.job_roles}

    def required_course(self, job_role: str | None) -> Course | None:
        slug = self.required_courses().get(job_role or "")
        return self.courses.get(slug) if slug else None
