"""What an operator relies on is written down: every setting, command and permission, and nothing that does
not exist. What code and papers refer to can be looked up in docs/."""

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from elearn.cli import main
from elearn.people.access import Permission
from elearn.settings import Settings
from tests.web.test_routes import TABLE

ROOT = Path(__file__).parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PAPERS = {
    path.name: path.read_text(encoding="utf-8")
    for path in [*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md"), ROOT / "bench" / "README.md"]
}
FOLDERS = ("elearn", "tests", "bench", "migrations")
SOURCES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".html"} and path != Path(__file__)
)
# Files of the courses, which docstrings speak of too.
COURSE_FILES = {"kurs.md", "fakta.md", "kontakter.md", "apt.md", "slutprov.md", "kort.md"}
COURSE_FILES |= {"undvik.md", "aktiviteter.md"}
REFERENCE = re.compile(
    r"""(?<![\w/-])(?:docs/)?(?P<paper>[a-zA-Z-]+\.md)(?:'s)?"""
    r"""(?:,?[ ]rules?[ ](?P<rules>\d+(?:(?:-|,[ ]|[ ]and[ ])\d+)*)"""
    r"""|,?[ ](?P<places>"[^"]+"(?:(?:,|,?[ ]and)[ ]"[^"]+")*))?"""
)
CODE = re.compile(r"\b([RS])(\d{1,2})(?:-([RS])?(\d{1,2}))?\b")


def test_every_setting_is_documented_and_no_other() -> None:
    known = {f"ELEARN_{name.upper()}" for name in Settings.model_fields} | {"ELEARN_SETTINGS"}
    assert set(re.findall(r"ELEARN_[A-Z_]+", OPERATIONS)) == known


def test_every_command_is_documented_and_no_other() -> None:
    known, inner_names = set(), set()
    for name, command in main.commands.items():
        inner = command.commands if isinstance(command, click.Group) else {}
        known |= {f"{name} {sub}" for sub in inner} or {name}
        inner_names |= set(inner)
    told = set(re.findall(rf"`elearn ([a-z-]+(?: (?:{'|'.join(sorted(inner_names))}))?)", OPERATIONS))
    assert told == known


def test_every_option_of_every_command_is_documented() -> None:
    for name, command in main.commands.items():
        if name == "revoke":
            continue  # on the line of grant, with the same option
        inner = command.commands.values() if isinstance(command, click.Group) else ()
        lines = [line for line in OPERATIONS.splitlines() if line.startswith(f"| `elearn {name}")]
        line = "\n".join(lines) if inner else lines[0]
        for parameter in [*command.params, *(own for one in inner for own in one.params)]:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in line, (name, parameter.opts)


def test_every_permission_is_documented() -> None:
    assert {permission.value for permission in Permission} <= set(re.findall(r"`([a-z-]+)`", OPERATIONS))


@pytest.mark.parametrize("paper", ["operations.md", "pages.md", "glossary.md", "measure.md"])
def test_each_name_has_one_row(paper: str) -> None:
    """Two rows about one setting, command or address soon say different things."""
    for table in re.split(r"\n(?!\|)", PAPERS[paper]):
        first_cells = re.findall(r"^\|([^|]*)\|", table.replace("\\|", "/"), re.MULTILINE)
        names = [name for cell in first_cells for name in re.findall(r"`([^`…]+)`(?! \(POST)", cell)]
        assert sorted(set(names)) == sorted(names)


def test_links_between_the_papers_lead_somewhere() -> None:
    """Samples of course files, between three marks, are not the papers' own links."""
    for paper in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "bench" / "README.md"]:
        if paper.name != "forfattarguide.md":
            own = re.sub(
                r"^```.*?^```", "", paper.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
            )
            for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", own):
                assert (paper.parent / target).exists(), (paper.name, target)


def remarks(path: Path) -> Iterator[str]:
    """Docstrings and comments, each in one line, so that a reference may stand on two."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        found = re.findall(r"\{#(.*?)#\}", text, re.DOTALL)
    else:
        nodes = ast.walk(ast.parse(text))
        kinds = ast.Module | ast.ClassDef | ast.FunctionDef
        found = [ast.get_docstring(node) or "" for node in nodes if isinstance(node, kinds)]
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        comments = [token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT]
        found.append("\n".join(comments))
    return (" ".join(remark.split()) for remark in found if remark)


def numbers(text: str) -> set[int]:
    """``5-7`` and ``7 and 11`` as numbers."""
    return {
        number
        for first, last in re.findall(r"(\d+)(?:-(\d+))?", text)
        for number in range(int(first), int(last or first) + 1)
    }


def rules_of(paper: str) -> set[int]:
    return {int(number) for number in re.findall(r"^(\d+)\. ", PAPERS[paper], re.MULTILINE)}


def dead_references(text: str) -> list[str]:
    """Every reference in a text that leads to no paper, no rule of it or no place in it."""
    dead = []
    for reference in REFERENCE.finditer(text):
        paper = reference["paper"]
        if paper in COURSE_FILES:
            continue
        if paper not in PAPERS:
            dead.append(f"{paper} is not in docs/")
            continue
        unknown = numbers(reference["rules"] or "") - rules_of(paper)
        dead += [f"{paper} has no rule {number}" for number in sorted(unknown)]
        for place in re.findall(r'"([^"]+)"', reference["places"] or ""):
            if not re.search(rf"^(?:#+ |- |\d+\. )?(?:\*\*)?{re.escape(place)}", PAPERS[paper], re.MULTILINE):
                dead.append(f"{paper} has no place that begins with {place}")
    return dead


def unknown_codes(text: str) -> list[str]:
    """S11, R24, R16-R19: what the two papers of requirements do not have."""
    known = {
        "S": set(map(int, re.findall(r"\*\*S(\d+)\*\*", PAPERS["security-requirements.md"]))),
        "R": set(map(int, re.findall(r"^\| R(\d+) \|", PAPERS["requirements.md"], re.MULTILINE))),
    }
    return [
        f"{letter}{number}"
        for letter, first, _, last in CODE.findall(text)
        for number in sorted(numbers(f"{first}-{last}" if last else first) - known[letter])
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_code_refers_to_can_be_looked_up(path: Path) -> None:
    """A paper, its rule, its place, a requirement's code; and a bare ``rule 6`` is one of measure.md's."""
    for remark in remarks(path):
        assert dead_references(remark) == []
        assert unknown_codes(remark) == []
        bare = re.findall(r"\(rules? (\d+(?:(?:-|, | and )\d+)*)\)", remark)
        assert numbers(" ".join(bare)) <= rules_of("measure.md"), remark


def test_a_reference_that_leads_nowhere_is_found() -> None:
    for wrong in (
        "see interfaces.md",
        "(measure.md, rule 12)",
        "(measure.md, rules 9-12)",
        'docs/architecture.md, "The cellar"',
        'course-format.md\'s "Done" and "Forgotten"',
    ):
        assert len(dead_references(wrong)) == 1, wrong
    for right in ("kurs.md and measure.md, rules 7 and 11", 'course-format.md\'s "Done" and "Edition"'):
        assert dead_references(right) == [], right
    assert unknown_codes("S11, S63, R1-R3, R70-R72") == ["S63", "R72"]


def test_the_papers_refer_to_what_is_there() -> None:
    """And to nothing outside the repository."""
    for name, text in PAPERS.items():
        if name != "forfattarguide.md":
            flat = " ".join(text.split())
            assert unknown_codes(flat) == [], name
            assert not re.search(r"\.\./(?!gemensamt)", flat), name
            plain = re.sub(r"`[^`]*`|\]\([^)]*\)", "", flat)
            assert dead_references(plain) == [], name


def test_every_requirement_of_safety_says_what_holds_it() -> None:
    """S1 to S62, each held by tests that exist, partly held with what is missing, or not built yet."""
    rows = re.findall(
        r"^- \*\*S(\d+)\*\*.*\n(?:  (?!- ).*\n)*  - ((?:.*\n)(?:    .*\n)*)",
        PAPERS["security-requirements.md"],
        re.MULTILINE,
    )
    assert sorted(int(number) for number, _ in rows) == list(range(1, 63))
    for number, state in rows:
        assert state.startswith(("Held by `tests/", "Partly: ", "Not built yet")), number
        for place, name in re.findall(r"`(tests/[\w./]+)::(\w+)`", state):
            assert f"def {name}(" in (ROOT / place).read_text(encoding="utf-8"), (number, name)


def test_the_count_of_what_is_held_is_true() -> None:
    paper = PAPERS["security-requirements.md"]
    held, partly, missing = (
        len(re.findall(rf"^  - {state}", paper, re.MULTILINE))
        for state in ("Held by", "Partly", "Not built yet")
    )
    assert f"{held} are held by a test of their own, {partly} partly, {missing} are not built yet." in paper
    assert f"{held} of {held + partly + missing}" in " ".join(PAPERS["SECURITY.md"].split())


def test_commands_in_the_papers_exist_or_are_said_not_to_be_built() -> None:
    """A section that begins with "Not built yet" may speak of commands to come."""
    for name in ("measure.md", "course-format.md", "architecture.md", "pages.md"):
        for section in re.split(r"^## ", PAPERS[name], flags=re.MULTILINE):
            if not section.partition("\n")[2].lstrip().startswith("Not built yet"):
                told = set(re.findall(r"`elearn ([a-z]+(?:-[a-z]+)*)", section))
                assert told <= set(main.commands), name


def test_every_place_in_architecture_md_exists() -> None:
    """Folders and files of elearn/, or of the repository; those to come stand in a line that says so."""
    for line in PAPERS["architecture.md"].splitlines():
        if "not built yet" not in line and "none of them built" not in line:
            for place in re.findall(r"`([a-z_]+(?:/[\w.]+)*(?:/|\.(?:py|html|md|toml)))`", line):
                assert (ROOT / "elearn" / place).exists() or (ROOT / place).exists(), place


def test_the_newcomers_fifteen_questions_have_their_answers() -> None:
    table = PAPERS["architecture.md"].partition("## Where would a newcomer look for")[2].partition("\n## ")[0]
    answers = re.findall(r"^\| (?!what \||---)[^|]+ \| (.+) \|$", table, re.MULTILINE)
    assert len(answers) == 15
    assert all("`" in answer for answer in answers)


def test_the_order_of_the_rooms_is_the_machines() -> None:
    """What architecture.md draws is what lint-imports checks, from the top."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(one["layers"] for one in contracts["contracts"] if one["type"] == "layers")
    drawing = PAPERS["architecture.md"].partition("```")[2].partition("```")[0]
    rows = [[name.strip().removeprefix("elearn.") for name in layer.split("|")] for layer in layers]
    places = [
        min(drawing.index(found[0]) for name in row if (found := re.search(rf"\b{name}\b.*", drawing)))
        for row in rows
    ]
    assert places == sorted(places)


def test_every_address_is_in_pages_md() -> None:
    told = set(re.findall(r"`(/[a-z_/-]*)", PAPERS["pages.md"]))
    for _, path, _ in TABLE.values():
        path = path.partition("?")[0]
        stem = re.sub(r"/(forskola|1|gemensamt|UF1)\b.*", "/", path)
        assert stem in told or path in told or stem.startswith("/static"), path
