"""What a report says in words: the measure in one sentence that can be read aloud, and where the figures are
from."""

from elearn import clock
from elearn.reports.committee_report import CommitteeReport, Scope
from elearn.reports.coverage import UnitCoverage
from elearn.reports.suppression import Bounds
from elearn.reports.words import NO_BREAK_SPACE, in_a_row, share_in_words, thousands, threshold_in_words
from elearn.training.obligations import Status

HIDDEN = ".."
SUBJECT = "Kunskap om våld i nära relationer, könsstympning och hedersrelaterat våld och förtryck"
KINDS = {
    Scope.WHOLE: "Rapport för hela kommunen",
    Scope.COMMITTEE: "Rapport till nämnden",
    Scope.DEPARTMENT: "Rapport för förvaltningen",
}
OUTSIDE = {  # the reason: of one person, of several
    Status.EXEMPT: ("är undantagen", "är undantagna"),
    Status.EXTERNAL: ("arbetar i en extern organisation", "arbetar i externa organisationer"),
    Status.WITHOUT_COURSE: ("har en yrkesroll utan kurs", "har en yrkesroll utan kurs"),
    Status.WITHOUT_ROLE: ("saknar yrkesroll", "saknar yrkesroll"),
}


def measure(report: CommitteeReport) -> str:
    """The measure in one sentence. A single department whose units are not all told is told by its own
    share."""
    single, tallies = report.single, report.measure
    if not tallies.both.with_target:
        return f"Ingen {_inside(report)} ska gå kursen den här dagen. Därför finns det inget mått."
    limit = threshold_in_words(report.coverage.threshold)
    asked = f"minst {limit} av dem som ska gå kursen har giltigt intyg"
    if single and (not tallies.units.with_target or tallies.units.secured is None):
        return _of_department(report, single)
    if single:
        return f"{of_units(tallies.units)} i {single.name} har säkerställt kunskapen: {asked}."
    both = f"{_read_aloud(tallies.both)} förvaltningar och enheter"
    return f"{both} {_inside(report)} har säkerställt kunskapen: {asked}."


def _of_department(report: CommitteeReport, single: UnitCoverage) -> str:
    if report.is_hidden(single):
        return f"Siffrorna för {single.name} visas inte, för att ingen person ska kunna pekas ut."
    limit, own = threshold_in_words(report.coverage.threshold), share_in_words(single.share)
    return (
        f"{single.name} har {_not(single, report)}säkerställt kunskapen: {own} av dem som ska gå kursen har "
        f"giltigt intyg, och gränsen är {limit}."
    )


def of_single(report: CommitteeReport) -> str:
    """What the measure's sentence does not say of the only department: how it stands as a whole, or how many
    of its units are told. Empty where there is no more to say, or several departments."""
    single, units = report.single, report.measure.units
    if not single or not units.with_target:
        return ""
    if units.secured is None:
        told = (units.with_target, units.least, units.with_target - units.most, units.most - units.least)
        among, reached, not_reached, hidden = map(thousands, told)
        if units.with_target == 1:
            return "Siffrorna för den enda enheten visas inte, för att ingen person ska kunna pekas ut."
        return (
            f"Av {among} enheter har {reached} nått gränsen och {not_reached} inte. För {hidden} visas "
            "siffrorna inte, för att ingen person ska kunna pekas ut."
        )
    if report.is_hidden(single) or not single.target:
        return ""
    return f"Förvaltningen som helhet har {_not(single, report)}nått gränsen: {share_in_words(single.share)}."


def subject(report: CommitteeReport) -> str:
    """What the trend is about, as the beginning of a sentence."""
    what = "Andelen enheter" if report.single else "Andelen förvaltningar och enheter"
    return f"{what} {_inside(report)} som har säkerställt kunskapen"


def outside(report: CommitteeReport) -> str:
    """How many are outside the target group, by reason; empty when nobody is."""
    counts = [(Status(reason), count) for reason, count in report.outside.items() if count]
    if not counts:
        return ""
    reasons = [f"{thousands(count)} {OUTSIDE[reason][count > 1]}" for reason, count in counts]
    total = sum(count for _, count in counts)
    persons = "person" if total == 1 else "personer"
    told = f"{thousands(total)} {persons} räknas inte i målgruppen: {in_a_row(reasons)}."
    if len(report.departments) > 1:
        told += " Den som arbetar i två förvaltningar räknas i båda."
    return told


def source(report: CommitteeReport) -> str:
    """Whether the figures are frozen or live."""
    frozen = report.origin.frozen
    if frozen:
        return (
            f"Mätningen ”{frozen.name}”, fryst den {clock.in_words(frozen.frozen_on)}. "
            "Siffrorna ändras inte, även om personer slutar eller enheter flyttar."
        )
    return (
        f"Aktuella siffror, räknade den {clock.in_words(report.origin.made_on)}. De är inte frysta: "
        "samma dag kan få andra siffror när uppgifter om personal kommer in i efterhand."
    )


def form(report: CommitteeReport) -> str:
    """What the form means for who has the report in hand."""
    if report.public:
        return (
            f"Offentlig. Där det står ”{HIDDEN}” visas siffran inte, för att ingen person ska kunna pekas "
            "ut: gruppen är liten, nästan alla eller nästan ingen i den är utbildad, eller så går en sådan "
            "grupp att räkna fram."
        )
    return (
        "Fullständig, för chefer, samordnare och VPC. Också små grupper syns. Den som ska lämna ut rapporten "
        "tar fram den i offentlig form."
    )


def definitions(report: CommitteeReport) -> list[tuple[str, str]]:
    """The words that the report uses, each with its meaning."""
    limit = threshold_in_words(report.coverage.threshold)
    missing = (
        "Saknas till gränsen",
        "Så många fler som behöver ha giltigt intyg för att enheten ska ha säkerställt kunskapen.",
    )
    offered = (
        "Erbjudna",
        "De i målgruppen som har fått veta att kursen finns: genom ett brev eller en kod, eller för att de "
        "har loggat in.",
    )
    return [
        (
            "Måttet",
            "Av de förvaltningar och enheter som har en målgrupp: den andel som har säkerställt kunskapen. "
            "Områden och externa organisationer räknas inte.",
        ),
        (
            "Säkerställt",
            f"Minst {limit} av målgruppen är utbildad. Gränsen jämförs med den exakta andelen: "
            f"89,96{NO_BREAK_SPACE}% visas som 90,0{NO_BREAK_SPACE}% men är under 90{NO_BREAK_SPACE}%.",
        ),
        (
            "Målgrupp",
            "De anställda som ska gå kursen. De har en yrkesroll med en kurs, arbetar inte i en extern "
            "organisation och är inte undantagna.",
        ),
        *([] if report.public else [offered]),
        ("Utbildade", "De i målgruppen som har giltigt intyg för varje jobb som de har där."),
        *([missing] if report.in_need else []),
        (
            "Personer",
            "Varje person räknas en gång i sin enhet och en gång i sin förvaltning. Den som har två jobb "
            "finns i två enheter, så enheternas siffror kan bli fler än förvaltningens.",
        ),
    ]


def other_limits(report: CommitteeReport) -> str:
    """How many would have secured the knowledge at the other thresholds (measure.md, rule 8), where there is
    no room for a table; empty where nobody has a target group and where it is not told exactly."""
    others = []
    for at, tallies in report.sensitivity:
        bounds = report.counted(tallies)
        if at != report.coverage.threshold and bounds.with_target and bounds.secured is not None:
            others.append(f"{thousands(bounds.secured)} med gränsen {threshold_in_words(at)}")
    return f"Antalet skulle vara {in_a_row(others)}." if others else ""


def secured(report: CommitteeReport) -> str:
    """What the threshold asks for, where there is no room for every definition."""
    limit = threshold_in_words(report.coverage.threshold)
    return (
        f"En förvaltning eller enhet har säkerställt kunskapen när minst {limit} av dem som ska gå kursen "
        "har giltigt intyg. Inga personer nämns."
    )


def of_units(bounds: Bounds) -> str:
    """38 av 62 enheter; 1 av 1 enhet"""
    return f"{tally(bounds)} {'enhet' if bounds.with_target == 1 else 'enheter'}"


def tally(bounds: Bounds) -> str:
    """38 av 62; 38–41 av 62 where it is not told exactly. Never broken over two lines."""
    most = "" if bounds.secured is not None else f"–{thousands(bounds.most)}"
    told = f"{thousands(bounds.least)}{most} av {thousands(bounds.with_target)}"
    return told.replace(" ", NO_BREAK_SPACE)


def _read_aloud(bounds: Bounds) -> str:
    least, dash, most = tally(bounds).partition("–")
    return f"Mellan {least} och {most}" if dash else least


def _inside(report: CommitteeReport) -> str:
    if report.single:
        return f"i {report.single.name}"
    return f"under {report.name}" if report.scope == Scope.COMMITTEE else f"i {report.name}"


def _not(row: UnitCoverage, report: CommitteeReport) -> str:
    return "" if row.has_secured(report.coverage.threshold) else "inte "
