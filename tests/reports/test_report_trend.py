"""A report's part in earlier measurements: the right ones, counted alike, and in public only what may be
told."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from elearn.reports import committee_report, report_sentences, report_trend
from elearn.reports.committee_report import CommitteeReport, Frozen, Origin
from elearn.reports.coverage import Coverage
from elearn.reports.measurement import Measurement
from tests.reports import reported
from tests.reports.reported import ON

TODAY = Origin("Botkyrka kommun", "Våldspreventivt center (VPC)", ON)
FROZEN = replace(TODAY, frozen=Frozen("Årsuppföljning 2026", ON, "5f" * 32))


def town(secured: int, units: int = 5, code: str = "D", committee: str = "Nämnden") -> Coverage:
    """A department of its own, ``secured`` of whose units have secured the knowledge, and another one of which
    none has."""
    below = [
        reported.unit(f"{code}{n}", f"Enhet {n}", 20, 20 if n < secured else 10, code) for n in range(units)
    ]
    return reported.coverage(
        reported.department(code, "Staben", committee, 20 * units, 10 * (units + secured), *below),
        reported.department("Z", "Annat", "Annan", 20, 10, reported.unit("Z1", "Enhet", 20, 10, "Z")),
    )


def measured(id: int, day: str, coverage: Coverage, threshold: Fraction = Fraction(9, 10)) -> Measurement:
    on = dt.date.fromisoformat(day)
    return Measurement(
        id=id,
        name=f"Mätning {id}",
        frozen_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        frozen_by="operator:anna",
        curriculum=None,  # type: ignore[arg-type]
        coverage=replace(coverage, on=on, threshold=threshold),
        checksum="",
    )


PAST = [
    measured(1, "2023-12-31", town(0)),
    measured(2, "2024-12-31", town(1)),
    measured(3, "2025-12-31", town(2)),
    measured(4, "2026-12-31", town(5)),
    measured(5, "2027-06-30", town(5)),
]


def report(origin: Origin = TODAY, **asked: str) -> CommitteeReport:
    made = committee_report.make(town(3), origin, **(asked or {"department": "D"}))
    return report_trend.with_past(made, reversed(PAST))


def told(sentences: list[str]) -> list[str]:
    return [sentence.replace("\u00a0", " ") for sentence in sentences]


def test_a_frozen_report_looks_back_from_its_day_and_a_live_one_to_it() -> None:
    assert [point.part for point in report(FROZEN).past] == [0, 1, 2]
    assert [point.part for point in report(TODAY).past] == [0, 1, 2, 5]


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ({"department": "D"}, [(0, 5), (1, 5), (2, 5)]),
        ({"committee": "NÄMNDEN"}, [(0, 5), (1, 5), (2, 5)]),
        ({"department": "Z"}, [(0, 1), (0, 1), (0, 1)]),
        ({}, [(0, 8), (1, 8), (2, 8)]),
    ],
)
def test_a_point_is_the_same_part_counted_in_the_same_way(
    asked: dict[str, str], parts: list[tuple[int, int]]
) -> None:
    made = committee_report.make(town(3), FROZEN, **asked)
    found = report_trend.with_past(made, PAST).past
    assert [(point.part, point.whole) for point in found] == parts


def test_a_part_that_was_not_there_or_had_no_target_group_has_no_point() -> None:
    empty = reported.coverage(reported.department("D", "Staben", "Nämnden", 0, 0))
    past = [
        measured(1, "2024-12-31", town(1, code="Q", committee="Annan nämnd")),
        measured(2, "2025-06-30", empty),
        measured(3, "2025-12-31", town(2)),
    ]
    for asked in ({"department": "D"}, {"committee": "Nämnden"}):
        made = committee_report.make(town(3), FROZEN, **asked)
        assert [point.name for point in report_trend.with_past(made, past).past] == ["Mätning 3"]


def test_every_point_is_counted_with_the_report_s_own_threshold() -> None:
    """Else a changed threshold would look as a change of what people know."""
    past = [measured(1, "2025-12-31", town(2), threshold=Fraction(1, 2))]
    made = report_trend.with_past(committee_report.make(town(3), FROZEN, department="D"), past)
    assert [point.part for point in made.past] == [2]


def test_the_changes_are_told_since_the_latest_and_since_two_years_before() -> None:
    assert told(report_trend.changes(report(FROZEN))) == [
        "Sedan den 31 december 2025 har andelen ökat från 40,0 % till 60,0 %.",
        "Sedan den 31 december 2024 har andelen ökat från 20,0 % till 60,0 %.",
    ]
    [only, _] = told(
        report_trend.changes(
            report_trend.with_past(committee_report.make(town(1), FROZEN, department="D"), PAST)
        )
    )
    assert only == "Sedan den 31 december 2025 har andelen minskat från 40,0 % till 20,0 %."
    same = report_trend.with_past(committee_report.make(town(2), FROZEN, department="D"), PAST[2:3])
    assert told(report_trend.changes(same)) == [
        "Sedan den 31 december 2025 har andelen varit oförändrad, 40,0 %."
    ]
    assert report_trend.changes(committee_report.make(town(2), FROZEN, department="D")) == []


def test_today_is_drawn_apart_and_a_measurement_is_not() -> None:
    live, frozen = (report_trend.trend(report(origin), "Andelen") for origin in (TODAY, FROZEN))
    assert live
    assert frozen
    assert live.live
    assert (live.live.point.part, len(live.spots)) == (3, 4)
    assert frozen.live is None
    assert [spot.point.name for spot in frozen.spots][-1] == "Årsuppföljning 2026"
    late = replace(TODAY, made_on=dt.date(2027, 1, 8))
    past_day = report_trend.trend(report(late), "Andelen")
    assert past_day
    assert past_day.live is None


def test_without_measurements_there_is_no_trend() -> None:
    made = committee_report.make(town(3), TODAY, department="D")
    assert report_trend.trend(report_trend.with_past(made, []), report_sentences.subject(made)) is None


def test_in_public_only_exact_points_are_told_and_none_within_30_days_of_another() -> None:
    past = [
        measured(1, "2025-12-31", town(2)),
        measured(2, "2026-09-30", town(3)),
        measured(3, "2026-11-02", town(3)),
        measured(4, "2026-12-01", town(3)),
        measured(5, "2026-12-02", town(3)),
        measured(6, "2026-12-31", town(3)),
    ]
    made = committee_report.in_public(committee_report.make(town(3), TODAY, department="D"), 5)
    found = report_trend.with_past(made, past)
    assert [point.name for point in found.past] == ["Mätning 1", "Mätning 2", "Mätning 3"]
    small = reported.coverage(
        reported.department(
            "D", "Staben", "Nämnden", 100, 60,
            *(reported.unit(f"D{n}", f"Enhet {n}", 20, 19 if n else 10, "D") for n in range(5)),
        )
    )  # fmt: skip
    assert report_trend.with_past(made, [measured(1, "2025-12-31", small)]).past == ()
    full = report_trend.with_past(committee_report.make(town(3), TODAY, department="D"), past)
    assert len(full.past) == 6
    assert committee_report.in_public(full, 5).past == ()
