"""What a report says in words. Every sentence is true when it is read aloud."""

from dataclasses import replace

import pytest

from elearn.reports import committee_report, report_sentences
from elearn.reports.committee_report import CommitteeReport
from elearn.reports.coverage import Coverage
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
    assert told(report_sentences.measure(report)).startswith("1 av 1 enhet i Staben har säkerställt")
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


def public(coverage: Coverage, **asked: str) -> CommitteeReport:
    return committee_report.in_public(committee_report.make(coverage, ORIGIN, **asked), 5)


def with_small_units() -> Coverage:
    """A department of 60, of whom 40 are trained. Of its units one has reached the threshold, one has not, and
    two are too small to show."""
    units = (("D1", 20, 20), ("D2", 30, 14), ("D3", 4, 2), ("D4", 6, 4))
    return reported.coverage(
        reported.department(
            "D",
            "Staben",
            "Nämnden",
            60,
            40,
            *(reported.unit(*unit, parent="D") for unit in map(named, units)),
        ),
        reported.department("E", "Annat", "Nämnden", 20, 16, reported.unit("E1", "Enheten", 20, 16, "E")),
    )


def named(unit: tuple[str, int, int]) -> tuple[str, str, int, int]:
    code, target, trained = unit
    return code, f"Enhet {code}", target, trained


def test_in_public_a_department_is_told_by_its_own_share_and_its_units_as_far_as_they_are_shown() -> None:
    report = public(with_small_units(), department="D")
    assert told(report_sentences.measure(report)) == (
        "Staben har inte säkerställt kunskapen: 66,7 % av dem som ska gå kursen har giltigt intyg, och gränsen är "
        "90 %."
    )
    assert told(report_sentences.of_single(report)) == (
        "Av 4 enheter har 1 nått gränsen och 1 inte. För 2 visas siffrorna inte, för att ingen person ska kunna "
        "pekas ut."
    )
    assert report_sentences.other_limits(report) == ""
    assert report_sentences.form(report).startswith("Offentlig. Där det står ”..” visas siffran inte")


def test_in_public_several_departments_are_told_between_two_counts() -> None:
    assert told(report_sentences.measure(public(with_small_units(), committee="Nämnden"))) == (
        "Mellan 1 och 3 av 7 förvaltningar och enheter under Nämnden har säkerställt kunskapen: minst 90 % av dem "
        "som ska gå kursen har giltigt intyg."
    )


def test_in_public_a_department_that_is_hidden_is_told_without_figures() -> None:
    coverage = reported.coverage(reported.department("D", "Staben", "Nämnden", 4, 1))
    report = public(coverage, department="D")
    assert (
        report_sentences.measure(report)
        == "Siffrorna för Staben visas inte, för att ingen person ska kunna pekas ut."
    )
    assert report_sentences.of_single(report) == ""


def test_in_public_where_nothing_has_to_be_hidden_it_is_told_as_in_the_full_form() -> None:
    coverage = reported.coverage(
        reported.department("D", "Staben", "Nämnden", 40, 30, reported.unit("D1", "Ett", 20, 16, "D"),
                            reported.unit("D2", "Två", 20, 14, "D"))
    )  # fmt: skip
    full = committee_report.make(coverage, ORIGIN, department="D")
    assert report_sentences.measure(public(coverage, department="D")) == report_sentences.measure(full)
