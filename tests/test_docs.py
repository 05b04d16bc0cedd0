"""What an operator relies on is written down: every setting, command and permission, and nothing that does
not exist."""

import datetime as dt
import re
import shutil
from pathlib import Path

import click

from elearn.cli import main
from elearn.content import check, reader
from elearn.people.access import Permission
from elearn.settings import Settings, data_dir
from tests.cli import commands

ROOT = Path(__file__).parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_and_no_other() -> None:
    known = {f"ELEARN_{name.upper()}" for name in Settings.model_fields} | {"ELEARN_SETTINGS"}
    assert set(re.findall(r"ELEARN_[A-Z_]+", OPERATIONS)) == known


def test_every_command_is_documented_and_no_other() -> None:
    known = set()
    for name, command in main.commands.items():
        inner = command.commands if isinstance(command, click.Group) else {}
        known |= {f"{name} {sub}" for sub in inner} or {name}
    told = set(re.findall(r"`elearn ([a-z-]+(?: (?:check|format|overview|preview|verify))?)", OPERATIONS))
    assert told == known


def test_every_option_of_every_command_is_documented() -> None:
    for name, command in main.commands.items():
        if name == "revoke":
            continue  # on the line of grant, with the same option
        line = next(line for line in OPERATIONS.splitlines() if line.startswith(f"| `elearn {name}"))
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in line, (name, parameter.opts)


def test_every_permission_is_documented() -> None:
    assert {permission.value for permission in Permission} <= set(re.findall(r"`([a-z-]+)`", OPERATIONS))


def test_links_between_the_papers_lead_somewhere() -> None:
    for paper in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "bench" / "README.md"]:
        for target in re.findall(
            r"\]\((?!https?:|#|\.\./gemensamt|fil)([^)#\s]+)", paper.read_text(encoding="utf-8")
        ):
            if paper.name != "forfattarguide.md":
                assert (paper.parent / target).exists(), (paper.name, target)


def test_the_authors_guide_leads_from_an_empty_folder_to_a_sixth_roles_course(tmp_path: Path) -> None:
    """Every file of chapter 6 as it stands there, then ``format`` and ``check``, as the guide says."""
    guide = (ROOT / "docs" / "forfattarguide.md").read_text(encoding="utf-8")
    chapter = guide.partition("## 6. ")[2].partition("# 7. ")[0]
    files = re.findall(
        r"som `(vard-och-omsorg[a-z-]*/[a-z-]+\.md)`.*?\n```markdown\n(.*?)```", chapter, re.DOTALL
    )
    course = [f"vard-och-omsorg/{name}.md" for name in ("kurs", "agera", "slutprov", "apt")]
    reminder = [f"vard-och-omsorg-infor-lovet/{name}.md" for name in ("kurs", "infor-lovet")]
    assert [name for name, _ in files] == course + reminder
    courses = Path(shutil.copytree(data_dir("courses"), tmp_path / "courses"))
    for name, text in files:
        (courses / name).parent.mkdir(exist_ok=True)
        (courses / name).write_text(text, encoding="utf-8")
    for command in ("format", "check"):
        done = commands.elearn("courses", command, courses, database_url="sqlite://")
        assert done.returncode == 0, commands.words(done)
    catalog = reader.read_catalog(courses)
    assert catalog.required_courses()["vård och omsorg"] == "vard-och-omsorg"
    assert catalog.courses["vard-och-omsorg"].guide is not None
    assert ("vård och omsorg", "vard-och-omsorg-infor-lovet") in catalog.offered_courses()
    mine = [
        fault
        for fault in check.warnings(reader.read(courses), dt.date(2026, 11, 23))
        if fault.path.startswith("vard-och-omsorg")
    ]
    assert mine == []
