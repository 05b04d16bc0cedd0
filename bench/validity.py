"""Whether documents are HTML as it is written down.

html5lib reads each strictly: whether it is well formed. It is not the Nu HTML checker, and does not know
which element may stand where. That one (https://validator.github.io/validator/) is asked too where
`make walk` could install it, which takes Java and npm.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import html5lib

ROOT = Path(__file__).parent.parent
NU = ROOT / ".venv" / "nu" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def has_nu() -> bool:
    return NU.exists() and shutil.which("java") is not None


def checker() -> str:
    return "html5lib and the Nu HTML checker" if has_nu() else "html5lib, which is not the Nu HTML checker"


def faults(documents: Mapping[str, str]) -> list[str]:
    """One line for each fault of each document, by its name."""
    found = [f"{name}: {fault}" for name, text in documents.items() for fault in malformed(text)]
    return found + (list(nu_faults(documents)) if has_nu() else [])


def malformed(text: str) -> list[str]:
    parser = html5lib.HTMLParser()
    parser.parse(text)
    return [f"line {place[0]}: {code} {about}" for place, code, about in parser.errors]


def nu_faults(documents: Mapping[str, str]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        names = {f"{number}.html": name for number, name in enumerate(documents)}
        for file, name in names.items():
            Path(folder, file).write_text(documents[name], encoding="utf-8")
        command = ["java", "-jar", str(NU), "--errors-only", "--format", "json", *names]
        said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stderr
    for message in json.loads(said)["messages"]:
        name = names[message["url"].rpartition("/")[2]]
        yield f"{name}: line {message.get('lastLine')}: {message['message']}"
