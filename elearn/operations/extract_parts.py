"""The parts of what is stored about one person: where each comes from, why it is there and for how long
(S49)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from elearn.operations import extract_selects as selects
from elearn.operations.extract_selects import Ids, Statement

SYSTEM = "Kommunens personalsystem."
YOU = "Du själv, när du gick kursen."


class Kept(StrEnum):
    """Which of the municipality's periods holds (``settings``), or the program's own."""

    PEOPLE = "people"
    RESULTS = "results"
    ANSWERS = "answers"
    DRAFTS = "drafts"
    LOGINS = "logins"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that is stored. ``tables``: that it tells of; ``source``: where it comes from."""

    title: str
    source: str
    purpose: str
    kept: Kept
    tables: tuple[str, ...]
    select: Callable[[Ids], Statement]


PARTS = (
    Part(
        "Vem du är",
        SYSTEM,
        "Så att du får rätt kurs och kan logga in.",
        Kept.PEOPLE,
        ("person",),
        selects.person,
    ),
    Part(
        "Anställningar",
        SYSTEM,
        "Så att du får rätt kurs och din enhet räknas rätt.",
        Kept.PEOPLE,
        ("employment",),
        selects.employments,
    ),
    Part(
        "Enheter som du är chef för",
        SYSTEM,
        "Så att du ser hur det går för enheten.",
        Kept.PEOPLE,
        ("unit_manager",),
        selects.managed,
    ),
    Part(
        "Behörigheter",
        "Kommunens administratör.",
        "Så att du kommer åt sidorna som du behöver.",
        Kept.PEOPLE,
        ("access_grant",),
        selects.grants,
    ),
    Part(
        "Genomförda kurser",
        "Du själv, när du gick kursen, eller VPC, som har tillgodoräknat den.",
        "Det är ditt intyg och kommunens uppföljning av handlingsplanen.",
        Kept.RESULTS,
        ("completion", "completion_recall", "meeting_completion"),
        selects.completions,
    ),
    Part(
        "Avsnitt som är klara",
        YOU,
        "Så att du kan fortsätta där du var.",
        Kept.RESULTS,
        ("lesson_completion",),
        selects.lessons,
    ),
    Part(
        "Inlämnade avsnitt",
        YOU,
        "Så att du kan se ditt resultat och läsa återkopplingen. Bara du ser svaren.",
        Kept.ANSWERS,
        ("attempt",),
        selects.attempts,
    ),
    Part(
        "Påbörjade avsnitt",
        YOU,
        "Så att du kan fortsätta där du var. Bara du ser det.",
        Kept.DRAFTS,
        ("lesson_draft",),
        selects.drafts,
    ),
    Part(
        "Utbildning på plats",
        "Den som ordnade mötet.",
        "Så att utbildningen kan tillgodoräknas.",
        Kept.RESULTS,
        ("meeting_attendance",),
        selects.attendance,
    ),
    Part(
        "Beslut om att du ska gå kursen eller inte",
        "Den som har fattat beslutet: VPC eller din förvaltning.",
        "Så att rätt personer räknas.",
        Kept.RESULTS,
        ("target_decision",),
        selects.decisions,
    ),
    Part(
        "Inloggningar",
        "Du själv.",
        "För att skydda ditt konto.",
        Kept.LOGINS,
        ("login_session",),
        selects.logins,
    ),
    Part(
        "Kod för att välja lösenord",
        "Den som har gjort koden.",
        "Så att du kan logga in.",
        Kept.LOGINS,
        ("invitation",),
        selects.invitations,
    ),
)
# Other tables that tell of somebody: ``extract`` reads the first, and nobody can read the others, which are
# hashes with a secret.
BESIDE = {
    "journal_entry": "the journal's entries",
    "login_failure": "keyed hashes, kept for a day",
    "mail_code": "keyed hashes of a code that holds for ten minutes",
}
