"""What a report says in words: the measure in one sentence that can be read aloud, and where the figures are
from."""

from elearn import clock
from elearn.reports.committee_report import CommitteeReport, Scope
from elearn.reports.coverage import Tally, UnitCoverage
from elearn.reports.words import NO_BREAK_SPACE, in_a_row, share_in_words, thousands, threshold_in_words
from elearn.training.obligations import Status

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
    """The measure in one sentence."""
    single, tallies = report.single, report.coverage.measure
    limit = threshold_in_words(report.coverage.threshold)
    asked = f"minst {limit} av dem som ska gå kursen har giltigt intyg"
    if not tallies.both.with_target:
        return f"Ingen {_inside(report)} ska gå kursen den här dagen. Därför finns det inget mått."
    if single and not tallies.units.with_target:
        return (
            f"{single.name} har {_not(single, report)}säkerställt kunskapen: {share_in_words(single.share)} "
            f"av dem som ska gå kursen har giltigt intyg, och gränsen är {limit}."
        )
    if single:
        return f"{of_units(tallies.units)} i {single.name} har säkerställt kunskapen: {asked}."
    both = f"{_of(tallies.both)} förvaltningar och enheter"
    return f"{both} {_inside(report)} har säkerställt kunskapen: {asked}."


def of_single(report: CommitteeReport) -> str:
    """How the only department stands as a whole; empty where the measure's sentence says it, or there is
    none."""
    single = report.single
    if not single or not single.target or not report.coverage.measure.units.with_target:
        return ""
    return f"Förvaltningen som helhet har {_not(single, report)}nått gränsen: {share_in_words(single.share)}."


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


def definitions(report: CommitteeReport) -> list[tuple[str, str]]:
    """The words that the report uses, each with its meaning."""
    limit = threshold_in_words(report.coverage.threshold)
    missing = (
        "Saknas till gränsen",
        "Så många fler som behöver ha giltigt intyg för att enheten ska ha säkerställt kunskapen.",
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
        (
            "Erbjudna",
            "De i målgruppen som har fått veta att kursen finns: genom ett brev eller en kod, eller för att "
            "de har loggat in.",
        ),
        ("Utbildade", "De i målgruppen som har giltigt intyg för varje jobb som de har där."),
        *([missing] if report.in_need else []),
        (
            "Personer",
            "Varje person räknas en gång i sin enhet och en gång i sin förvaltning. Den som har två jobb "
            "finns i två enheter, så enheternas siffror kan bli fler än förvaltningens.",
        ),
    ]


def other_limits(report: CommitteeReport) -> str:
    """How many would have secured the knowledge at the other thresholds (rule 8), where there is no room for
    a table; empty where nobody has a target group."""
    if not report.coverage.measure.units.with_target:
        return ""
    others = []
    for at, tallies in report.coverage.sensitivity:
        if at != report.coverage.threshold:
            tally = tallies.units if report.single else tallies.both
            others.append(f"{thousands(tally.secured)} med gränsen {threshold_in_words(at)}")
    return f"Antalet skulle vara {in_a_row(others)}."


def secured(report: CommitteeReport) -> str:
    """What the threshold asks for, where there is no room for every definition."""
    limit = threshold_in_words(report.coverage.threshold)
    return (
        f"En förvaltning eller enhet har säkerställt kunskapen när minst {limit} av dem som ska gå kursen "
        "har giltigt intyg. Inga personer nämns."
    )


def of_units(tally: Tally) -> str:
    """38 av 62 enheter; 1 av 1 enhet"""
    return f"{_of(tally)} {'enhet' if tally.with_target == 1 else 'enheter'}"


def _of(tally: Tally) -> str:
    return f"{thousands(tally.secured)} av {thousands(tally.with_target)}"


def _inside(report: CommitteeReport) -> str:
    if report.single:
        return f"i {report.single.name}"
    return f"under {report.name}" if report.scope == Scope.COMMITTEE else f"i {report.name}"


def _not(row: UnitCoverage, report: CommitteeReport) -> str:
    return "" if row.has_secured(report.coverage.threshold) else "inte "
