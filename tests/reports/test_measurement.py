"""What a measurement's checksum is made over, and what it notices."""

import dataclasses
import datetime as dt
import hashlib
import json
from dataclasses import replace
from fractions import Fraction

import pytest

from elearn.people.models import UnitKind
from elearn.reports import measurement
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.measurement import Measurement
from elearn.training.curriculum import Curriculum, RequiredCourse
from tests import builders
from tests.reports.measured import CURRICULUM

ROW = builders.unit_coverage("F1", 10, 9, parent="F", depth=1)
MADE = Measurement(
    id=3,
    name="Årsuppföljning 2026",
    frozen_at=dt.datetime(2026, 12, 31, 9, 30, tzinfo=dt.UTC),
    frozen_by="person:12",
    curriculum=CURRICULUM,
    coverage=Coverage(dt.date(2026, 12, 31), Fraction(9, 10), False, (ROW,)),
    checksum="",
)


def test_the_checksum_is_sha_256_over_canonical_json_written_out_by_hand() -> None:
    """Whoever has the figures can make it again without this program."""
    row = (
        '{"code":"F1","committee":null,"depth":1,"employees":10,"exempt":0,"expired":0,"external":0,"kind":"unit",'
        '"name":"F1","not_started":1,"offered":10,"parent":"F","started":0,"target":10,"trained":9,"unit_id":1,'
        '"without_course":0,"without_role":0}'
    )
    courses = (
        '[{"course":"forskola","introduced_on":"2025-01-01","job_role":"förskola","pass_mark":"4/5",'
        '"renewed_on":[8,31],"validity_months":24},{"course":"skola","introduced_on":null,"job_role":"skola",'
        '"pass_mark":"2/3","renewed_on":null,"validity_months":12}]'
    )
    text = (
        f'{{"curriculum":{courses},"frozen_at":"2026-12-31T09:30:00.000000+00:00","frozen_by":"person:12","id":3,'
        f'"name":"Årsuppföljning 2026","on":"2026-12-31","rows":[{row}],"threshold":"9/10"}}'
    )
    assert measurement.checksum(MADE) == hashlib.sha256(text.encode()).hexdigest()


def test_every_field_of_a_row_is_frozen() -> None:
    """A figure that coverage gets later must be frozen as well, or a measurement would lose it."""
    assert set(measurement.ROW) == {field.name for field in dataclasses.fields(UnitCoverage)}


@pytest.mark.parametrize("name", measurement.ROW)
def test_the_checksum_notices_any_change_of_a_row(name: str) -> None:
    other = {"kind": UnitKind.DIVISION, "parent": None}.get(name, "annat" if name in ("code", "name") else 77)
    changed = replace(MADE, coverage=replace(MADE.coverage, rows=(replace(ROW, **{name: other}),)))
    assert measurement.checksum(changed) != measurement.checksum(MADE)


@pytest.mark.parametrize(
    "changed",
    [
        replace(MADE, id=4),
        replace(MADE, name="Årsuppföljning 2027"),
        replace(MADE, frozen_at=MADE.frozen_at + dt.timedelta(microseconds=1)),
        replace(MADE, frozen_by="person:13"),
        replace(MADE, curriculum=Curriculum(CURRICULUM.required[:1])),
        replace(MADE, curriculum=Curriculum(CURRICULUM.required[::-1])),
        replace(MADE, coverage=replace(MADE.coverage, on=dt.date(2026, 12, 30))),
        replace(MADE, coverage=replace(MADE.coverage, threshold=Fraction(8, 10))),
        replace(MADE, coverage=replace(MADE.coverage, rows=())),
        replace(MADE, coverage=replace(MADE.coverage, rows=(ROW, ROW))),
    ],
)
def test_the_checksum_notices_any_other_change(changed: Measurement) -> None:
    assert measurement.checksum(changed) != measurement.checksum(MADE)


def test_it_is_whole_only_with_its_own_checksum() -> None:
    whole = replace(MADE, checksum=measurement.checksum(MADE))
    assert whole.is_whole
    assert not replace(whole, name="Annat").is_whole


@pytest.mark.parametrize(
    "required",
    [
        RequiredCourse("skola", "skola", 24, Fraction(4, 5)),
        RequiredCourse("skola", "skola", 24, Fraction(2, 3), dt.date(2026, 2, 28), (2, 28)),
    ],
)
def test_a_curriculum_is_read_back_as_it_was_written(required: RequiredCourse) -> None:
    curriculum = Curriculum((required,))
    assert measurement.read_curriculum(measurement.write_curriculum(curriculum)) == curriculum
    assert json.loads(measurement.write_curriculum(curriculum))[0]["job_role"] == "skola"
