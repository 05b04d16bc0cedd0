"""Which role is in force in each unit, and which units are external, compared with a walk from each unit
upwards."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from elearn.directory import in_force
from elearn.people.models import UnitKind


@dataclass(frozen=True)
class Unit:
    kind: UnitKind
    parent: str | None
    job_role: str | None


codes = st.sampled_from("ABCDEF")
units = st.builds(
    Unit,
    st.sampled_from((UnitKind.UNIT, UnitKind.UNIT, UnitKind.EXTERNAL)),
    st.none() | codes,
    st.none() | st.sampled_from(("skola", "kock")),
)


def upwards(tree: dict[str, Unit], code: str) -> list[Unit]:
    """The unit and every unit above it; in a circle, each once."""
    way: list[str] = []
    while code in tree and code not in way:
        way.append(code)
        code = tree[code].parent or ""
    return [tree[one] for one in way]


@given(st.dictionaries(codes, units))
def test_roles_and_externals_are_those_of_a_walk_upwards(tree: dict[str, Unit]) -> None:
    """Trees with circles and with parents that are not there, too."""
    assert in_force.inherited_roles(tree) == {
        code: next((unit.job_role for unit in upwards(tree, code) if unit.job_role), None) for code in tree
    }
    assert in_force.external_units(tree) == {
        code for code in tree if any(unit.kind == UnitKind.EXTERNAL for unit in upwards(tree, code))
    }


def test_a_deep_tree_is_walked_once() -> None:
    deep = {f"E{depth}": Unit(UnitKind.UNIT, f"E{depth + 1}", None) for depth in range(50_000)}
    deep["E50000"] = Unit(UnitKind.EXTERNAL, None, "kock")
    assert in_force.inherited_roles(deep)["E0"] == "kock"
    assert "E0" in in_force.external_units(deep)
