"""The five departments of the plan with invented divisions and units, and an external organisation."""

from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Branch:
    """A division and its units: what they are called, how many work there, and as what."""

    code: str
    name: str
    job_role: str
    unit_names: tuple[str, ...]
    staff_count: int
    positions: tuple[str, ...]
    head: str


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    name: str
    committee: str
    branches: tuple[Branch, ...]


EXTERNAL_CODE, EXTERNAL_NAME, EXTERNAL_STAFF_COUNT = "EXT-K", "Kvinnojouren (extern)", 14


def words(name: str) -> list[str]:
    return (DATA / f"{name}.txt").read_text(encoding="utf-8").split()


SCHOOL_TEAMS = ("årskurs F–3", "årskurs 4–6", "årskurs 7–9", "elevhälsan")


def departments() -> tuple[Department, ...]:
    """The five departments of the plan."""
    places = words("places")
    preschools = [f"Förskolan {place}" for place in places[:96]]
    schools = [f"{place}skolan" for place in ("Tall", "Björk", "Ek", "Lind", "Asp", "Ås", "Sjö", "Berga", "Dal", "Hage", "Norr", "Väster", "Öster", "Söder", "Kvarn", "Bro", "Strand", "Ljung", "Lund", "Back", "Sten", "Ång", "Vik", "Näs", "Holm", "Mark", "Park", "Torn", "Fyr", "Ö")]  # fmt: skip
    teams = [f"{school}, {team}" for school in schools for team in SCHOOL_TEAMS]
    preschool = ("Barnskötare", "Förskollärare", "Barnskötare", "Förskollärare", "Pedagog", "Köksansvarig")
    school = ("Lärare", "Lärare", "Fritidslärare", "Elevassistent", "Specialpedagog", "Kurator")
    social = ("Socialsekreterare", "Socialsekreterare", "Familjebehandlare", "Administratör")
    return (
        Department("KLF", "Kommunledningsförvaltningen", "Kommunstyrelsen", (
            Branch("KLF-T", "Trygghet och säkerhet", "", ("Våldspreventivt center", "Säkerhet", "Beredskap"), 24, ("Samordnare", "Utredare"), "Enhetschef"),
            Branch("KLF-S", "Stöd och styrning", "", ("Ekonomi", "Juridik", "Kansliet", "Upphandling", "HR", "Lön", "Digitalisering", "Arkiv"), 150, ("Handläggare", "Controller", "Utredare"), "Enhetschef"),
            Branch("KLF-K", "Kommunikation", "", ("Kontaktcenter", "Press", "Webb", "Tryckeri"), 66, ("Kommunvägledare", "Kommunikatör"), "Enhetschef"),
        )),
        Department("UTB", "Utbildningsförvaltningen", "Utbildningsnämnden", (
            *(Branch(f"UTB-F{n + 1}", f"Förskolor {side}", "förskola", tuple(preschools[n::4]), 470, preschool, "Rektor")
              for n, side in enumerate(("i norr", "i söder", "i väster", "i öster"))),
            *(Branch(f"UTB-G{n + 1}", f"Grundskolor {side}", "skola", tuple(teams[40 * n:40 * n + 40]), 640, school, "Rektor")
              for n, side in enumerate(("i norr", "i söder", "i öster"))),
            Branch("UTB-Y", "Gymnasieskolor", "skola", tuple(f"Gymnasiet {place}, {team}" for place in [*places[96:100], "Höjden", "Torget"] for team in ("teori", "yrke", "introduktion", "elevhälsan")), 520, school, "Rektor"),
        )),
        Department("SOC", "Socialförvaltningen", "Socialnämnden", (
            Branch("SOC-B", "Barn och unga", "socialtjänst", tuple(f"{name} {n}" for name in ("Mottagning barn", "Utredning barn", "Familjehem", "Öppenvård") for n in range(1, 7)), 380, social, "Enhetschef"),
            Branch("SOC-V", "Vuxna", "socialtjänst", tuple(f"{name} {n}" for name in ("Mottagning vuxen", "Ekonomiskt bistånd", "Våld i nära relationer", "Boende") for n in range(1, 6)), 320, social, "Enhetschef"),
            Branch("SOC-S", "Stöd och behandling", "socialtjänst", tuple(f"Stödteam {n}" for n in range(1, 17)), 200, ("Behandlare", "Stödpedagog"), "Enhetschef"),
        )),
        Department("AVUX", "Arbetsmarknads- och vuxenutbildningsförvaltningen", "Arbetsmarknads- och vuxenutbildningsnämnden", (
            Branch("AVUX-S", "Svenska för invandrare", "AVUX", tuple(f"SFI, grupp {n}" for n in range(1, 17)), 130, ("SFI-lärare", "Studievägledare"), "Rektor"),
            Branch("AVUX-K", "Komvux", "AVUX", tuple(f"Komvux, grupp {n}" for n in range(1, 13)), 100, ("Lärare", "Studievägledare"), "Rektor"),
            Branch("AVUX-A", "Arbetsmarknad", "AVUX", (*(f"Jobbteam {n}" for n in range(1, 11)), "Aktivitetsansvaret", "Praktik"), 100, ("Jobbcoach", "Handledare"), "Enhetschef"),
        )),
        Department("KOF", "Kultur- och fritidsförvaltningen", "Kultur- och fritidsnämnden", (
            Branch("KOF-B", "Bibliotek", "fritid", tuple(f"Biblioteket {place}" for place in places[20:28]), 130, ("Bibliotekarie", "Biblioteksassistent"), "Enhetschef"),
            Branch("KOF-F", "Fritidsgårdar", "fritid", tuple(f"Fritidsgården {place}" for place in places[28:44]), 220, ("Fritidsledare", "Fritidsledare", "Värd"), "Enhetschef"),
            Branch("KOF-K", "Kulturskola", "fritid", tuple(f"Kulturskolan, {subject}" for subject in ("dans", "teater", "stråk", "blås", "sång", "bild", "film", "piano")), 110, ("Lärare", "Producent"), "Enhetschef"),
            Branch("KOF-I", "Idrott", "fritid", tuple(f"Idrottsplatsen {place}" for place in places[44:52]), 110, ("Vaktmästare", "Badvärd", "Idrottskonsulent"), "Enhetschef"),
        )),
    )  # fmt: skip
