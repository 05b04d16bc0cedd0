"""``aktiviteter.md``: the plan's activities of education, an entry each, written as facts and contacts are
(R34, R35)."""

import difflib
import re
from collections.abc import Collection, Iterable

from elearn.content.activities import EVERY_COMMITTEE, Organiser
from elearn.content.reading import entries, sources
from elearn.content.reading.entries import RawEntry
from elearn.content.reading.sources import Source
from elearn.swedish import folded

FILE_NAME = "aktiviteter.md"
KEYS = {
    "mål",
    "ansvarig nämnd",
    "medansvariga",
    "tidsplan",
    "kurs",
    "mått",
    "arrangör",
    "källa",
    "kontrollerad",
    "att göra",
}
REQUIRED = ("mål", "ansvarig nämnd", "tidsplan", "mått")
GOAL = re.compile(r"[1-9][0-9]?(?:\.[1-9][0-9]?)*")
NO_LEAD, NO_SCHEDULE, NO_ORGANISER = "inte utpekad", "inte angiven", "inte bestämd"
ORGANISERS = {str(organiser): organiser for organiser in Organiser}


def read(source: Source) -> list[RawEntry]:
    """The entries in their order. Faults go to the source."""
    if "/" in source.path:
        source.fault(1, "aktiviteter.md gäller alla kurser. Lägg den direkt i mappen med kurser.")
    found: dict[str, RawEntry] = {}
    for line, title, body in entries.sections(source):
        name = sources.slug(title)
        if name in found:
            source.fault(line, "Två aktiviteter har samma rubrik. Ge varje aktivitet en egen.")
        entry = RawEntry(f"aktiviteter#{name}", name, title, line)
        entries.read_body(source, entry, body, KEYS)
        entries.check(source, entry)
        _check(source, entry)
        found.setdefault(name, entry)
    return [*found.values()]


def _check(source: Source, entry: RawEntry) -> None:
    for name in REQUIRED:
        if not entry.value(name):
            source.fault(entry.line, f"Aktiviteten saknar raden ”- {name.capitalize()}: …”.")
    goal, line = entry.items.get("mål", ("", entry.line))
    if goal and not GOAL.fullmatch(goal):
        source.fault(line, "Mål ska vara numret i handlingsplanen, till exempel 4.4.")
    if entry.value("ansvarig nämnd") == NO_LEAD and not entry.value("att göra"):
        line = entry.items["ansvarig nämnd"][1]
        source.fault(line, f"”Ansvarig nämnd: {NO_LEAD}” kräver en rad ”- Att göra: …” för VPC.")
    if folded(lead(entry)) == EVERY_COMMITTEE:
        line = entry.items["ansvarig nämnd"][1]
        source.fault(line, f"Skriv ”Ansvarig nämnd: {NO_LEAD}” och ”Medansvariga: {EVERY_COMMITTEE}”.")
    if not lead(entry) and not committees(entry) and entry.value("ansvarig nämnd"):
        line = entry.items["ansvarig nämnd"][1]
        source.fault(
            line, "Utan ansvarig nämnd ska nämnderna stå i ”- Medansvariga: …”, med semikolon emellan."
        )
    names = committees(entry)
    if EVERY_COMMITTEE in names and len(names) > 1:
        line = entry.items["medansvariga"][1]
        source.fault(line, f"Skriv bara ”{EVERY_COMMITTEE}”, eller räkna upp nämnderna.")
    organiser, line = entry.items.get("arrangör", ("", entry.line))
    if organiser and organiser not in (*ORGANISERS, NO_ORGANISER):
        choices = ", ".join((*ORGANISERS, NO_ORGANISER))
        source.fault(line, f"Arrangör kan inte vara ”{organiser}”. Välj bland: {choices}.")


def check_courses(source: Source, found: Iterable[RawEntry], slugs: Collection[str]) -> None:
    """Every course that is named must be there. Faults go to the source."""
    for entry in found:
        for slug in courses(entry):
            if slug not in slugs:
                near = difflib.get_close_matches(slug, slugs, n=1)
                hint = f" Menar du {near[0]}?" if near else " Skriv namnet på kursens mapp."
                source.fault(entry.items["kurs"][1], f"Det finns ingen kurs {slug}.{hint}")


def lead(entry: RawEntry) -> str:
    """The one committee that is to begin it, or ""."""
    value = entry.value("ansvarig nämnd")
    return "" if value == NO_LEAD else value


def committees(entry: RawEntry) -> tuple[str, ...]:
    """The others, in the author's order."""
    names = (name.strip() for name in entry.value("medansvariga").split(";"))
    return tuple(EVERY_COMMITTEE if folded(name) == EVERY_COMMITTEE else name for name in names if name)


def schedule(entry: RawEntry) -> str:
    """When, or "" where the plan does not tell."""
    value = entry.value("tidsplan")
    return "" if value == NO_SCHEDULE else value


def courses(entry: RawEntry) -> tuple[str, ...]:
    """The slugs that it names."""
    return tuple(slug.strip() for slug in entry.value("kurs").split(",") if slug.strip())
