"""Everything that is taught, read once."""

from dataclasses import dataclass, field
from pathlib import Path

from elearn.content.activities import Activity
from elearn.content.course import Course, CourseStep
from elearn.content.prose import Contact, ContactGroup, Fact


@dataclass(frozen=True, slots=True)
class Catalog:
    """All courses, facts and contacts of one reading of the files. Filled by the reader, never changed
    afterwards."""

    courses: dict[str, Course]  # by slug, in alphabetical order
    facts: dict[str, Fact]  # by key
    contacts: dict[str, Contact]  # by key, in the author's order
    images: dict[str, Path] = field(default_factory=dict)  # by their place under /kursbilder/
    activities: list[Activity] = field(default_factory=list)  # of the plan, in the author's order

    @classmethod
    def empty(cls) -> "Catalog":
        """What there is to teach while the files have faults."""
        return cls({}, {}, {})

    def course(self, slug: str) -> Course | None:
        """The course, or None when there is none of that name."""
        return self.courses.get(slug)

    def entry(self, key: str) -> Fact | Contact | None:
        """The fact or contact, or None."""
        return self.facts.get(key) or self.contacts.get(key)

    def reachable(self, group: ContactGroup) -> list[Contact]:
        """The group's contacts that somebody can reach, in the author's order."""
        return [
            contact for contact in self.contacts.values() if contact.group == group and contact.is_reachable
        ]

    @property
    def missing_contacts(self) -> list[Contact]:
        """The contacts that nobody has confirmed a way to reach, those without which the course may not open
        first. What to do about each is in its ``todo``, and where in its ``place``."""
        missing = [contact for contact in self.contacts.values() if not contact.is_confirmed]
        return sorted(missing, key=lambda contact: not contact.is_required)

    def required_courses(self) -> dict[str, str]:
        """Job role -> slug of its one base course (measure.md, rule 3)."""
        base = [course for course in self.courses.values() if course.step == CourseStep.BASE]
        return {role: course.slug for course in base for role in course.job_roles}

    def offered_courses(self) -> list[tuple[str, str]]:
        """(job role, slug) of the courses that stand beside the base course: introductions, advanced courses,
        reminders."""
        beside = [course for course in self.courses.values() if course.step != CourseStep.BASE]
        return [(role, course.slug) for course in beside for role in course.job_roles]
