"""Who arranges an education: one department, two, and three (R29, R30), and with other limits."""

import pytest

from elearn.content.activities import Organiser
from elearn.training.organising import organiser


@pytest.mark.parametrize(
    ("count", "limits", "expected"),
    [
        (0, (2, 3), Organiser.COMMITTEE),
        (1, (2, 3), Organiser.COMMITTEE),
        (2, (2, 3), Organiser.TOGETHER),
        (3, (2, 3), Organiser.VPC),
        (9, (2, 3), Organiser.VPC),
        (3, (3, 5), Organiser.TOGETHER),
        (2, (3, 5), Organiser.COMMITTEE),
        (4, (3, 5), Organiser.TOGETHER),
        (5, (3, 5), Organiser.VPC),
        (2, (2, 2), Organiser.VPC),
    ],
)
def test_the_rule(count: int, limits: tuple[int, int], expected: Organiser) -> None:
    assert organiser(count, *limits) == expected
