"""``make figures``: counts the code and rewrites the table between the two marks in docs/architecture.md.

Only the syntax tree and the text are read; nothing is run. A function's length is from ``def`` to its last
line.
"""

import ast
import re
import statistics
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAPER = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The order of the rooms as lint-imports checks it, from the top.
FLOORS = (
    {"__main__"},
    *(
        {room.strip().removeprefix("elearn.") for room in layer.split("|")}
        for layer in PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    ),
    {"__init__"},
)


def main() -> None:
    paper = PAPER.read_text(encoding="utf-8")
    before, _, rest = paper.partition(BEGIN)
    table = "\n".join(
        ["| what | figure |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in rows())]
    )
    PAPER.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    print(table)


def rows() -> Iterator[tuple[str, str]]:
    """What is counted, and how it came out."""
    modules, tests = code_of("elearn"), code_of("tests")
    lines = {path: text.count("\n") for path, text in modules.items()}
    trees = {path: ast.parse(text) for path, text in modules.items()}
    functions = [(path, node) for path, tree in trees.items() for node in functions_of(tree)]
    lengths = {(path, node.name): length(node) for path, node in functions}
    yield "Python modules / lines in elearn", f"{len(modules)} / {sum(lines.values()):,}".replace(",", " ")
    yield (
        "module, lines: median / p90 / max",
        spread(list(lines.values()), name_of(max(lines, key=lines.__getitem__))),
    )
    longest = max(lengths, key=lengths.__getitem__)
    yield "function, lines: median / p90 / max", spread([length(node) for _, node in functions], longest[1])
    yield (
        "functions / typed",
        f"{len(functions)} / {100 * sum(is_typed(node) for _, node in functions) // len(functions)} %",
    )
    yield "imports inside functions", str(sum(inner_imports(node) for _, node in functions))
    yield "places that commit", str(sum(text.count(".commit()") for text in modules.values()))
    arrows = set(arrows_of(trees))
    upward = sum(floor(low) > floor(high) for low, high in arrows)
    yield "arrows between rooms / upward", f"{len(arrows)} / {upward}"
    silent = [node for tree in trees.values() for node in public(tree) if ast.get_docstring(node) is None]
    yield (
        "public functions without docstring",
        f"{len(silent)} of {sum(1 for tree in trees.values() for _ in public(tree))}",
    )
    deepest = max(functions, key=lambda one: depth(one[1]))
    yield "deepest nesting (elif flat)", f"{depth(deepest[1])} ({deepest[1].name})"
    widest = max(functions, key=lambda one: argument_count(one[1]))
    yield "most arguments", f"{argument_count(widest[1])} ({widest[1].name})"
    every = [line for text in modules.values() for line in text.splitlines()]
    yield (
        "longest line / lines over 110",
        f"{max(map(len, every))} / {sum(len(line) > 110 for line in every)}",
    )
    marks = [
        sum(len(re.findall(mark, line)) for line in every)
        for mark in ("# noqa", "# type: ignore", "# fmt: skip")
    ]
    yield "noqa / type: ignore / fmt: skip", " / ".join(map(str, marks))
    ratio = sum(text.count("\n") for text in tests.values()) / sum(lines.values())
    test_count = sum(text.count("\ndef test_") for text in tests.values())
    yield "tests : source, test functions", f"{ratio:.2f}, {test_count}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned, pinned_tests = pins("requirements.txt"), pins("tests/requirements.txt")
    yield (
        "dependencies: direct / pinned / pinned for tests",
        f"{len(project['dependencies'])} / {pinned} / {pinned_tests}",
    )


def code_of(folder: str) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob("*.py"))}


def pins(name: str) -> int:
    return len(re.findall(r"^[\w.-]+(?:\[\w+\])?==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


def spread(values: list[int], largest: str) -> str:
    middle, most = statistics.median(values), statistics.quantiles(values, n=10)[8]
    return f"{middle:.0f} / {most:.0f} / {max(values)} ({largest})"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "elearn").with_suffix("").as_posix()


def functions_of(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def public(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions and methods of a module's own that another module may call."""
    for holder in (tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))):
        for node in holder.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def arguments(node: ast.FunctionDef) -> list[ast.arg]:
    kinds = node.args
    rest = [one for one in (kinds.vararg, kinds.kwarg) if one]
    return [
        one
        for one in (*kinds.posonlyargs, *kinds.args, *kinds.kwonlyargs, *rest)
        if one.arg not in ("self", "cls")
    ]


def argument_count(node: ast.FunctionDef) -> int:
    return len(arguments(node))


def is_typed(node: ast.FunctionDef) -> bool:
    return node.returns is not None and all(one.annotation for one in arguments(node))


def inner_imports(node: ast.FunctionDef) -> int:
    return sum(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node))


def depth(node: ast.AST) -> int:
    """How deep blocks stand in each other; an ``elif`` stands beside its ``if``."""
    deepest = 0
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.Match):
                is_elif = isinstance(node, ast.If) and name == "orelse" and isinstance(child, ast.If)
                deepest = max(deepest, depth(child) + (not is_elif))
            elif isinstance(child, ast.AST) and not isinstance(child, ast.FunctionDef | ast.ClassDef):
                deepest = max(deepest, depth(child))
    return deepest


def arrows_of(trees: dict[Path, ast.Module]) -> Iterator[tuple[str, str]]:
    """Which room imports which."""
    for path, tree in trees.items():
        room = name_of(path).partition("/")[0]
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("elearn"):
                inner = (node.module or "").split(".")[1:]
                names = inner[:1] or [alias.name for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name.split(".")[1] for alias in node.names if alias.name.startswith("elearn.")]
            yield from ((room, name) for name in names if name != room)


def floor(room: str) -> int:
    """The number of the room's floor, counted from above."""
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), 0)


if __name__ == "__main__":
    main()
