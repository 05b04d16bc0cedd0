"""The house stands as docs/architecture.md draws it: budgets, transactions and rooms are counted, not
promised."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "elearn"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = {"cli", "demo", "content", "journal", "people", "directory", "identity", "training", "reports", "web"}
GROUND_FLOOR = {
    "__init__", "__main__", "app", "demo", "settings", "database", "errors", "clock",
    "csv_in", "csv_text", "csv_out", "swedish",
}  # fmt: skip
FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "common"}


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_view(node: ast.FunctionDef) -> bool:
    return any("blueprint" in ast.unparse(decorator) for decorator in node.decorator_list)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_keeps_its_budgets(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for function in functions(path):
        assert length(function) <= 40, f"{path.name}: {function.name}"
        if is_view(function):
            assert length(function) <= 15, f"{path.name}: the view {function.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_imported_inside_a_function(path: Path) -> None:
    for function in functions(path):
        inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not inner, f"{path.name}: {function.name}"


def test_commit_stands_in_the_code_exactly_twice() -> None:
    places = {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8").count(".commit()")
        for path in MODULES
    }
    assert {place: count for place, count in places.items() if count} == {
        "database.py": 1,
        "web/transaction.py": 1,
    }


def test_every_module_stands_in_a_room() -> None:
    for path in MODULES:
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        assert parts[0] in ROOMS | GROUND_FLOOR, path
        assert not FORBIDDEN_NAMES & set(parts), path


def test_tests_mirror_the_rooms() -> None:
    folders = {
        path.name
        for path in (ROOT / "tests").iterdir()
        if path.is_dir() and not path.name.startswith(("_", "."))
    }
    assert folders - {"golden"} <= ROOMS


def test_no_sql_is_built_from_strings() -> None:
    """S22: a formatted string never reaches ``text()`` or ``exec_driver_sql`` outside the ground floor's
    fixed words."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in {"text", "exec_driver_sql", "execute"} and path.name != "database.py":
                assert not any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args), (
                    f"{path}:{node.lineno}"
                )
