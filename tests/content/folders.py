"""A small course folder without a fault, to break one thing at a time in."""

import itertools
from pathlib import Path

from elearn.content.course import Lesson
from elearn.content.faults import CourseFaults
from elearn.content.prose import (
    ContactRows,
    CourseLink,
    EntryLink,
    EntryNotes,
    FactCard,
    LessonLink,
    Part,
    PictureAddress,
    Prose,
)
from elearn.content.reading import reader
from elearn.content.rendering import builder

FRONT = """---
titel: Basutbildning för förskolan
yrkesroll: förskola
steg: grundutbildning
giltighet: 24 månader
godkänt: 80 %
utgåva: 1
aktivitet: 4.4 Förskola ska genomgå utbildning
ansvarig nämnd: Utbildningsnämnden
---
"""
COURSE = (
    FRONT
    + """# Basutbildning för förskolan

Välkommen. Se [stöd](../gemensamt/kontakter.md#bris).

## Avsnitt

1. [Grunder](../gemensamt/grunder.md)
2. [Slutprov](slutprov.md)
"""
)
LESSON = """---
tid: 10 min
ämne: våld i nära relationer, könsstympning, hedersrelaterat våld och förtryck
del: fakta, upptäcka, agera, stöd, förhindra upprepning
utgåva: 1
---
# Grunder

> **Viktigt: Ett svårt avsnitt**
>
> Läs den korta versionen om du vill.

## Kort version

- Misstanke räcker.

## Mer

Se [plikten](fakta.md#anmälningsskyldigheten).

[Bris](kontakter.md#bris)

### Fråga (måste vara rätt): Vad räcker?
<!-- id: grunder-racker -->

Situationen.

- [ ] Ett bevis.
  > Väntar du på bevis väntar du för länge.
- [x] En misstanke.
  > Ja. Det räcker.

> Du ska inte utreda.

Text efter frågan.

### Ordna: I vilken ordning?
<!-- id: grunder-ordning -->

1. Lyssna.
2. Skriv.
3. Ring.

> Lyssna först.

### Para ihop: Vad hör ihop?
<!-- id: grunder-par -->

| Läge | Gör |
|---|---|
| I dag | Ring 112 |
| Osäker | Fråga om råd |

> Olika lägen.

### Scenario: Vad säger du?
<!-- id: grunder-scenario -->

Pappan frågar.

- [ ] Jag vet inget.
  > Han går.
- [ ] Rektorn svarar.
  > Rektorn tar emot.

### Reflektera: Vem kan du ringa?

Tänk efter.
"""
TEST = """---
tid: 15 min
typ: slutprov
dra: 2
utgåva: 1
---
# Slutprov

### Fråga: Vad gör du?
<!-- id: prov-ett -->

- [x] Jag anmäler.
  > Ja.
- [ ] Jag väntar.
  > Då kan det bli för sent.

### Fråga (flera svar): Vad skriver du?
<!-- id: prov-tva -->

- [x] Barnets ord.
  > Ja.
- [ ] Min gissning.
  > Den leder fel.
- [x] Datum.
  > Ja.
"""
BEFORE_QUESTIONS = LESSON.partition("### Fråga")[0]
FACTS = """# Fakta

## Anmälningsskyldigheten

Misstanke räcker.

- Källa: 19 kap. 1 § socialtjänstlagen (2025:400)
- Gäller från: 2026-01-15
- Kontrollerad: 2026-11-23
"""
CONTACTS = """# Kontakter

## Akut fara

Ring när någon är i fara.

- Grupp: akut
- Telefon: 112
- Källa: polisen.se
- Kontrollerad: 2026-11-23

## Bris

För dig under 18 år.

- Grupp: själv
- Telefon: 116 111
- Öppet: dygnet runt
- Webb: https://www.bris.se
- Källa: bris.se
- Kontrollerad: 2026-11-23

## Socialtjänsten

Här anmäler du.

- Grupp: barn
- Källa: kommunen
- Krävs: ja
- Kontrollerad: nej
- Att göra: VPC hämtar numret.
"""
CONFIRMED = CONTACTS.replace(
    "- Kontrollerad: nej\n- Att göra: VPC hämtar numret.",
    "- Telefon: 08-465 004 07\n- Kontrollerad: 2026-11-23",
)  # what ``serve`` demands
FILES = {
    "forskola/kurs.md": COURSE,
    "forskola/slutprov.md": TEST,
    "gemensamt/grunder.md": LESSON,
    "gemensamt/fakta.md": FACTS,
    "gemensamt/kontakter.md": CONTACTS,
}


def write(root: Path, **changes: str | bytes | None) -> Path:
    """The folder with some files replaced (``None``: left out). Keys are paths with ``/`` and ``.md`` as in
    FILES."""
    for path, text in (FILES | changes).items():
        if text is not None:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


ABOUT = """---
tid: 1 min
ämne: {}
del: fakta
utgåva: 1
---
# {}

Text.
"""
MORE_ABOUT = {
    "gemensamt/heder.md": ABOUT.format("hedersrelaterat våld och förtryck", "Heder"),
    "gemensamt/konsstympning.md": ABOUT.format("könsstympning", "Könsstympning"),
}
MORE_LESSONS = (
    "2. [Könsstympning](../gemensamt/konsstympning.md)\n3. [Heder](../gemensamt/heder.md)\n4. [Slutprov]"
)
MORE_QUESTIONS = "".join(
    f"\n### Fråga: Vad gör du på dag {number}?\n<!-- id: prov-dag-{number} -->\n\n"
    "- [x] Jag anmäler.\n  > Ja.\n- [ ] Jag väntar.\n  > Nej.\n"
    for number in range(6)
)


def introduced(course: str = COURSE) -> str:
    """``kurs.md`` of a course that people are to take from a day."""
    return course.replace("steg: grundutbildning\n", "steg: grundutbildning\ninförd: 2026-01-01\n")


def planned(path: str, text: str) -> str:
    """The file as a base course of the plan has it: with a lesson about each subject, and a final test of
    eight questions."""
    if path.endswith("/kurs.md"):
        return introduced(text).replace("2. [Slutprov]", MORE_LESSONS)
    return text.replace("dra: 2", "dra: 8") + MORE_QUESTIONS if path.endswith("/slutprov.md") else text


def write_planned(root: Path, **changes: str) -> Path:
    """As ``write``: a folder that a real server takes."""
    files = FILES | MORE_ABOUT | changes
    return write(root, **{path: planned(path, text) for path, text in files.items()})


def faults_under(root: Path, body: str) -> list[tuple[int, str]]:
    """(line, message) of every fault in a lesson with this body after its first text; the body's first line
    is 1."""
    found = reader.read(write(root, **{"gemensamt/grunder.md": BEFORE_QUESTIONS + body})).faults
    return [(fault.line - BEFORE_QUESTIONS.count("\n"), fault.message) for fault in sorted(set(found))]


def write_roles(root: Path, **roles: str) -> Path:
    """A folder with a course for each role (slug=role), all on the same shared lesson."""
    files: dict[str, str | bytes | None] = {}
    for slug, role in roles.items():
        files[f"{slug}/kurs.md"] = COURSE.replace("yrkesroll: förskola", f"yrkesroll: {role}")
        files[f"{slug}/slutprov.md"] = TEST.replace("prov-", f"{slug}-prov-")
    return write(root, **files)


def faults(root: Path, **changes: str | bytes | None) -> list[str]:
    """``path:line: message`` of everything that is refused, also what only Markdown meets."""
    try:
        builder.read_catalog(write(root, **changes))
    except CourseFaults as refusal:
        return [f"{fault.path}:{fault.line}: {fault.message}" for fault in refusal.found]
    return []


def texts(lesson: Lesson) -> list[Prose]:
    """The texts between the lesson's questions, each whole, as its author wrote it."""
    runs = itertools.groupby(lesson.blocks, key=lambda block: isinstance(block, Prose))
    return [
        Prose(tuple(part for block in run if isinstance(block, Prose) for part in block.parts))
        for is_text, run in runs
        if is_text
    ]


def shown(prose: Prose) -> str:
    """The HTML of a text, with what a page draws written as it is told: <a lesson=key#anchor>text</a>."""
    return "".join(map(_shown, prose.parts))


def _shown(part: Part) -> str:
    match part:
        case str():
            return part
        case EntryNotes(facts, contacts):
            return "".join(f"<note {id}>" for id, _ in (*facts, *contacts))
        case FactCard(fact):
            return f"<fact {fact.key}>"
        case ContactRows(contacts):
            return f"<contacts {' '.join(contact.key for contact in contacts)}>"
        case PictureAddress(path):
            return path
        case LessonLink(key, anchor, title, text):
            told = f' title="{title}"' if title else ""
            return f"<a lesson={key}{'#' * bool(anchor)}{anchor}{told}>{''.join(map(_shown, text))}</a>"
        case CourseLink(slug, _, text):
            return f"<a course={slug}>{''.join(map(_shown, text))}</a>"
        case EntryLink(_, id, _, text):
            return f"<a note={id}>{''.join(map(_shown, text))}</a>"
        case _:
            return f"<jump {part.value}>"
