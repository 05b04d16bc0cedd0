"""What no module of ours uses: functions that run a text, read objects from bytes, or make a guessable secret.
The same for the pages' scripts: nothing that makes HTML of a text, keeps anything, or hears another window."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "elearn").rglob("*.py"))
SCRIPTS = sorted((ROOT / "static").glob("*.js"))

MODULES_OF_DANGER = {
    "pickle", "marshal", "shelve", "dill", "yaml", "imp", "code", "telnetlib", "ftplib",
    "xml.sax", "xml.dom", "xml.parsers", "lxml", "xmlrpc",
}  # fmt: skip
# Making elements and escaping text parse nothing.
HARMLESS_NAMES = {"Element", "SubElement", "escape", "quoteattr"}
CALLS_OF_DANGER = {
    "eval", "exec", "compile", "__import__", "input",
    "os.system", "os.popen", "os.startfile", "pty.spawn", "tempfile.mktemp",
    "hashlib.md5", "hashlib.sha1", "hashlib.new", "ssl._create_unverified_context",
    "flask.render_template_string", "render_template_string",
}  # fmt: skip
METHODS_OF_DANGER = {"from_string", "fromstring", "iterparse", "tostring_unsafe"}
IN_A_SCRIPT = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|localStorage|"
    r"sessionStorage|indexedDB|document\.cookie|postMessage|addEventListener\(\s*[\"']message|__proto__|"
    r"Object\.assign|https?:"
)


def dangers(source: str, place: str) -> Iterator[str]:
    """Every use of what is forbidden in this source, with its line."""
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            for name in node.names:
                if is_of_danger(name.name, place):
                    yield f"{line}: import {name.name}"
        elif isinstance(node, ast.ImportFrom):
            names = {name.name for name in node.names}
            if is_of_danger(node.module or "", place) and not names <= HARMLESS_NAMES:
                yield f"{line}: from {node.module} import {', '.join(sorted(names))}"
        elif isinstance(node, ast.Call):
            yield from (f"{line}: {found}" for found in calls_of_danger(node))


def is_of_danger(module: str, place: str) -> bool:
    """A child process is for the room of operations, which runs the database's own programs; chance that can
    be repeated is for the demonstration. XML is parsed in one module, which refuses every declaration of a
    document's kind and bounds what it reads."""
    if module == "xml.parsers":
        return place != "directory/workbook_parts.py"
    if module == "subprocess":
        return not place.startswith("operations/")
    if module == "random":
        return not place.startswith("demo/")
    return any(module == name or module.startswith(name + ".") for name in MODULES_OF_DANGER)


def calls_of_danger(call: ast.Call) -> Iterator[str]:
    name = ast.unparse(call.func)
    if name in CALLS_OF_DANGER:
        yield name
    if isinstance(call.func, ast.Attribute):
        of_a_table = ast.unparse(call.func.value).partition(".get(")[0].rpartition(".")[2]
        if call.func.attr in METHODS_OF_DANGER:
            yield name
        if call.func.attr == "format" and not (
            isinstance(call.func.value, ast.Constant) or of_a_table == of_a_table.upper()
        ):
            yield f"{name}: a text that is no constant decides what is formatted"
    for keyword in call.keywords:
        value = ast.unparse(keyword.value)
        if (keyword.arg, value) in {("shell", "True"), ("verify", "False"), ("debug", "True")}:
            yield f"{name}({keyword.arg}={value})"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_runs_a_text_or_reads_objects_from_bytes(path: Path) -> None:
    place = path.relative_to(ROOT / "elearn").as_posix()
    assert list(dangers(path.read_text(encoding="utf-8"), place)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "import xml.dom.minidom",
        "from xml.sax import parse",
        "import subprocess",
        "from random import choice",
        "eval('1')",
        "import os\nos.system('ls')",
        "import hashlib\nhashlib.md5(b'')",
        "run('ls', shell=True)",
        "requests.get(address, verify=False)",
        "text.format(self)",
        "environment.from_string(text)",
    ],
)
def test_each_of_them_is_found(source: str) -> None:
    assert list(dangers(source, "web/pages/x.py"))


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("import subprocess", "operations/backup.py"),
        ("import random", "demo/town.py"),
        ("from xml.etree.ElementTree import Element", "content/x.py"),
        ("from xml.sax.saxutils import escape", "reports/charts.py"),
        ("SENTENCE.format(1)", "web/x.py"),
        ("signs.SENTENCE.format(1)", "web/x.py"),
        ("'{}'.format(1)", "web/x.py"),
    ],
)
def test_what_is_harmless_is_left_alone(source: str, place: str) -> None:
    assert list(dangers(source, place)) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_no_html_of_a_text_and_keeps_nothing(path: Path) -> None:
    assert IN_A_SCRIPT.findall(path.read_text(encoding="utf-8")) == []
