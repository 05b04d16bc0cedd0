"""What an operator relies on is written down: every setting, command and permission, and nothing that does not exist."""

import re
from pathlib import Path

import click

from elearn.cli import main
from elearn.people.access import Permission
from elearn.settings import Settings

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
    told = set(re.findall(r"`elearn ([a-z-]+(?: (?:check|format|overview|preview))?)", OPERATIONS))
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
        for target in re.findall(r"\]\((?!https?:|#|\.\./gemensamt|fil)([^)#\s]+)", paper.read_text(encoding="utf-8")):
            if paper.name != "forfattarguide.md":
                assert (paper.parent / target).exists(), (paper.name, target)
