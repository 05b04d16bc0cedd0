"""Coverage for reports: a municipality of any size, in a few readable lines, and reports on it."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from elearn.people.models import UnitKind
from elearn.reports.committee_report import Frozen, Origin
from elearn.reports.coverage import Coverage, UnitCoverage
from tests.builders import unit_coverage

ON = dt.date(2026, 12, 31)
ORIGIN = Origin("Botkyrka kommun", "Våldspreventivt center (VPC)", dt.date(2027, 1, 8))
MEASURED = replace(ORIGIN, frozen=Frozen("Årsuppföljning 2026", dt.date(2027, 1, 7), "5f" * 32))


def department(
    code: str, name: str, committee: str | None, target: int, trained: int, *below: UnitCoverage
) -> tuple[UnitCoverage, ...]:
    top = unit_coverage(code, target, trained, UnitKind.DEPARTMENT)
    return (replace(top, name=name, committee=committee), *below)


def unit(code: str, name: str, target: int, trained: int, parent: str, depth: int = 1) -> UnitCoverage:
    return replace(unit_coverage(code, target, trained, parent=parent, depth=depth), name=name)


def division(code: str, name: str, target: int, trained: int, parent: str) -> UnitCoverage:
    return replace(unit_coverage(code, target, trained, UnitKind.DIVISION, parent, 1), name=name)


def coverage(*departments: tuple[UnitCoverage, ...], threshold: Fraction = Fraction(9, 10)) -> Coverage:
    return Coverage(ON, threshold, is_forecast=False, rows=tuple(row for rows in departments for row in rows))


def small() -> Coverage:
    """Three departments of two nämnder, one without a target group, and an external."""
    return coverage(
        department(
            "K", "Kulturförvaltningen", "Kultur- och fritidsnämnden", 20, 18,
            unit("K1", "Biblioteket", 10, 9, "K"),
            unit("K2", "Teatern", 10, 9, "K"),
        ),
        department(
            "F", "Fritidsförvaltningen", "kultur- och fritidsnämnden ", 30, 12,
            division("FO", "Hallar", 20, 8, "F"),
            unit("FO1", "Simhallen", 12, 4, "FO", 2),
            unit("FO2", "Ishallen", 8, 4, "FO", 2),
            unit("F1", "Förrådet", 0, 0, "F"),
            unit("F2", "Gården", 10, 4, "F"),
        ),
        department("L", "Ledningen", "Kommunstyrelsen", 0, 0, unit("L1", "Kansliet", 0, 0, "L")),
        (replace(unit_coverage("X", 0, 0, UnitKind.EXTERNAL), employees=3, external=3, name="Jouren"),),
    )  # fmt: skip


def large(units: int, departments: int = 1, secured_every: int = 4) -> Coverage:
    """So many units shared out among the departments; each ``secured_every``:th has secured the knowledge."""
    tops = []
    for d in range(departments):
        below = [
            unit(
                f"D{d}E{n}",
                f"Enhet {n} i förvaltning {d}",
                10 + n % 7,
                10 + n % 7 if n % secured_every == 0 else n % 9,
                f"D{d}",
            )
            for n in range(d, units, departments)
        ]
        target, trained = sum(one.target for one in below), sum(one.trained for one in below)
        tops.append(department(f"D{d}", f"Förvaltning {d}", f"Nämnd {d}", target, trained, *below))
    return coverage(*tops)
