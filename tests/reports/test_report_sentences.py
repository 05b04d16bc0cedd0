"""What a report says in words. Every sentence is true when it is read aloud."""

from dataclasses import replace

import pytest

from elearn.reports import committee_report, report_sentences
from elearn.reports.committee_report import CommitteeReport
from tests.reports import reported
from tests.reports.reported import MEASURED, ORIGIN


def of(**asked: str) -> CommitteeReport:
    return committee_report.make(reported.small(), ORIGIN, **asked)


def told(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {},
            "3 av 7 förvaltningar och enheter i Botkyrka kommun har säkerställt kunskapen: minst 90 % av dem som "
            "ska gå kursen har giltigt intyg.",
        ),
        (
            {"committee": "kultur- och fritidsnämnden"},
            "3 av 7 förvaltningar och enheter under Kultur- och fritidsnämnden har säkerställt kunskapen: minst "
            "90 % av dem som ska gå kursen har giltigt intyg.",
        ),
        (
            {"department": "F"},
            "0 av 3 enheter i Fritidsförvaltningen har säkerställt kunskapen: minst 90 % av dem som ska gå kursen "
            "har giltigt intyg.",
        ),
        (
            {"committee": "kommunstyrelsen"},
            "Ingen i Ledningen ska gå kursen den här dagen. Därför finns det inget mått.",
        ),
    ],
)
def test_the_measure_is_one_sentence_about_what_the_report_is_about(
    asked: dict[str, str], sentence: str
) -> None:
    assert told(report_sentences.measure(of(**asked))) == sentence


def test_a_department_without_units_with_a_target_group_is_told_by_its_own_share() -> None:
    for trained, word in ((9, ""), (8, "inte ")):
        coverage = reported.coverage(reported.department("D", "Staben", None, 10, trained))
        report = committee_report.make(coverage, ORIGIN, department="D")
        assert told(report_sentences.measure(report)) == (
            f"Staben har {word}säkerställt kunskapen: {trained}0,0 % av dem som ska gå kursen har giltigt intyg, "
            "och gränsen är 90 %."
        )
        assert report_sentences.of_single(report) == ""


def test_one_unit_is_one_unit() -> None:
    coverage = reported.coverage(
        reported.department("D", "Staben", None, 10, 9, reported.unit("E", "Enheten", 10, 9, "D"))
    )
    report = committee_report.make(coverage, ORIGIN, department="D")
    assert report_sentences.measure(report).startswith("1 av 1 enhet i Staben har säkerställt")
    assert told(report_sentences.of_single(report)) == "Förvaltningen som helhet har nått gränsen: 90,0 %."


def test_the_other_thresholds_are_told_where_there_is_no_table() -> None:
    assert told(report_sentences.other_limits(of(department="K"))) == (
        "Antalet skulle vara 2 med gränsen 80 % och 0 med gränsen 100 %."
    )
    assert report_sentences.other_limits(of(department="L")) == ""


def test_who_is_outside_is_counted_by_reason() -> None:
    assert report_sentences.outside(of()) == (
        "3 personer räknas inte i målgruppen: 3 arbetar i externa organisationer. Den som arbetar i två "
        "förvaltningar räknas i båda."
    )
    assert report_sentences.outside(of(department="K")) == ""
    top, *below = reported.small().rows[:3]
    several = replace(
        reported.small(), rows=(replace(top, exempt=1, without_course=2, without_role=1400), *below)
    )
    report = committee_report.make(several, ORIGIN, department="K")
    assert told(report_sentences.outside(report)) == (
        "1 403 personer räknas inte i målgruppen: 1 är undantagen, 2 har en yrkesroll utan kurs och 1 400 saknar "
        "yrkesroll."
    )


def test_a_frozen_report_names_its_measurement_and_a_live_one_says_that_it_may_change() -> None:
    frozen = committee_report.make(reported.small(), MEASURED)
    assert told(report_sentences.source(frozen)).startswith(
        "Mätningen ”Årsuppföljning 2026”, fryst den 7 januari 2027."
    )
    assert told(report_sentences.source(of())).startswith("Aktuella siffror, räknade den 8 januari 2027.")


def test_only_a_report_with_units_in_need_explains_what_is_missing() -> None:
    assert "Saknas till gränsen" in dict(report_sentences.definitions(of(department="F")))
    assert "Saknas till gränsen" not in dict(report_sentences.definitions(of(department="K")))
