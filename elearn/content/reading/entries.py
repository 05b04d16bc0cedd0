"""``fakta.md`` and ``kontakter.md``: every statement of law, figure and telephone number, each once, with its
source and date."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from elearn import clock
from elearn.content import phones
from elearn.content.prose import ContactGroup
from elearn.content.reading import sources
from elearn.content.reading.sources import Source

FACT_KEYS = {"källa", "gäller från", "kontrollerad", "att göra"}
CONTACT_KEYS = FACT_KEYS | {"telefon", "öppet", "webb", "krävs", "grupp"}
SHOWN_AS_SUPPORT = "gemensamt/kontakter.md"  # the contacts of the page of support
GROUPS = {str(group): group for group in ContactGroup}
ENTRY_ITEM = re.compile(r"^[-*+] +(?:\*\*)?([A-ZÅÄÖa-zåäö ]+):(?:\*\*)?\s*(.*)$")


@dataclass(slots=True)
class RawEntry:
    """An entry as it stands in the file."""

    key: str
    anchor: str
    title: str
    line: int
    text: list[str] = field(default_factory=list)
    items: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def is_contact(self) -> bool:
        return self.key.partition("#")[0].endswith("kontakter")

    def value(self, name: str) -> str:
        return self.items.get(name, ("", 0))[0]


def read_entries(source: Source) -> dict[str, RawEntry]:
    """The entries by slug. Faults go to the source."""
    is_contacts = source.path.endswith("kontakter.md")
    found: dict[str, RawEntry] = {}
    for line, title, body in sections(source):
        name = sources.slug(title)
        if name in found:
            source.fault(
                line, "Två uppgifter har samma rubrik. Varje rubrik är ett ankare och ska vara unik."
            )
        entry = RawEntry(f"{source.path.removesuffix('.md')}#{name}", _anchor(source.path, name), title, line)
        read_body(source, entry, body, CONTACT_KEYS if is_contacts else FACT_KEYS)
        check(source, entry)
        if is_contacts:
            _check_group(source, entry)
        found[name] = entry
    return found


def _anchor(path: str, name: str) -> str:
    """The HTML id, the same wherever the entry is shown; a role's own entries carry their folder."""
    folder, _, file = path.removesuffix(".md").rpartition("/")
    parts = (
        "kontakt" if file == "kontakter" else file,
        "" if folder == "gemensamt" else folder,
        sources.folded(name),
    )
    return "-".join(part for part in parts if part)


def sections(source: Source) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
    """Line, title and body of every heading of the second level."""
    heading: tuple[int, str] | None = None
    body: list[tuple[int, str]] = []
    for number, line in source.prose_lines():
        if found := re.match(r"^## +(.*\S)\s*$", line):
            if heading:
                yield *heading, body
            heading, body = (number, found[1]), []
        else:
            body.append((number, line))
    if heading:
        yield *heading, body


def read_body(source: Source, entry: RawEntry, body: list[tuple[int, str]], allowed: set[str]) -> None:
    """The entry's text and the list below it. Faults go to the source."""
    for number, line in body:
        found = ENTRY_ITEM.match(line)
        if not found:
            if entry.items and line.strip():
                source.fault(number, "Efter listan med Källa och Kontrollerad ska inget mer stå i uppgiften.")
            entry.text.append(line)
            continue
        name = found[1].strip().lower()
        if name not in allowed:
            source.fault(number, f"”{found[1]}” finns inte. Välj bland: {', '.join(sorted(allowed))}.")
        elif name in entry.items:
            source.fault(number, f"”{found[1]}” står två gånger.")
        else:
            entry.items[name] = found[2].strip(), number


def check(source: Source, entry: RawEntry) -> None:
    """What every entry must say: its text, its source and when it was checked."""
    for name in ("källa", "kontrollerad"):
        if not entry.value(name):
            source.fault(entry.line, f"Uppgiften saknar raden ”- {name.capitalize()}: …”.")
    if not any(line.strip() for line in entry.text):
        source.fault(entry.line, "Uppgiften saknar text.")
    checked, line = entry.items.get("kontrollerad", ("", entry.line))
    if checked == "nej":
        if not entry.value("att göra"):
            source.fault(line, "”Kontrollerad: nej” kräver en rad ”- Att göra: …” för VPC.")
        if "telefon" in entry.items:
            source.fault(
                entry.items["telefon"][1],
                "Ett nummer som inte är kontrollerat visas inte. Flytta det till ”Att göra”.",
            )
    elif checked and checked_on(checked) is None:
        source.fault(line, "Kontrollerad ska vara ett datum som 2026-11-23, eller nej.")
    if "telefon" in entry.items:
        try:
            phones.dialled(entry.value("telefon"))
        except ValueError as error:
            source.fault(entry.items["telefon"][1], str(error))
    if "webb" in entry.items and not re.match(r"^https?://[^\s<>\"]+$", entry.value("webb")):
        source.fault(entry.items["webb"][1], "Adressen ska börja med https://.")
    if entry.value("krävs") not in ("", "ja", "nej"):
        source.fault(entry.items["krävs"][1], "Krävs ska vara ja eller nej.")


def _check_group(source: Source, entry: RawEntry) -> None:
    group, line = entry.items.get("grupp", ("", entry.line))
    if source.path != SHOWN_AS_SUPPORT:
        if group:
            source.fault(line, f"Grupp hör till {SHOWN_AS_SUPPORT}. Bara de kontakterna visas på sidan Stöd.")
    elif group not in GROUPS:
        what = f"Grupp kan inte vara ”{group}”." if group else "Kontakten saknar raden ”- Grupp: …”."
        source.fault(line, f"{what} Välj var den står på sidan Stöd: {', '.join(GROUPS)}.")


def checked_on(text: str) -> dt.date | None:
    try:
        return clock.parse_date(text)
    except ValueError:
        return None


def group_of(text: str) -> ContactGroup:
    """The group that the author wrote; ``NOWHERE`` for none, or one that does not exist."""
    return GROUPS.get(text, ContactGroup.NOWHERE)
