"""The files of the courses' folder: those that are read, those that a program leaves beside them and that are
passed over, and those whose name is nearly right.

Names are compared in one form (NFC): a Mac writes å as a and a ring.
"""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from elearn.content import materials

# The files with a name of their own: not lessons.
OWN_NAMES = (
    frozenset({"kurs.md", "fakta.md", "kontakter.md", "README.md", "undvik.md", "aktiviteter.md"})
    | materials.FILE_NAMES
)
# Hidden files, a Mac's (._x, .DS_Store), a word processor's lock (~$x), what editors leave (x~, #x#, x.swp).
PASSED_OVER = re.compile(r"[.].*|~\$.*|.*~|#.*#|.*\.sw[a-p]|.*\.tmp", re.DOTALL)
WORD_PROCESSORS = frozenset({".doc", ".docm", ".docx", ".dot", ".dotx", ".odt", ".pages", ".rtf"})
MARKDOWN_LIKE = re.compile(r"(?P<name>.+)\.(?:md\.txt|md|markdown|mdown|mkd)", re.IGNORECASE | re.DOTALL)


def walk(folder: Path, on_error: Callable[[OSError], None] | None = None) -> list[Path]:
    """Every file that belongs to the courses, and folders that are called like one, in alphabetical order.

    A folder that cannot be listed is left out, or told to ``on_error``.
    """
    found = []
    for place, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = [name for name in folders if not PASSED_OVER.fullmatch(name)]
        named = [name for name in folders if name.endswith(".md")]
        found += [Path(place, name) for name in (*names, *named) if not PASSED_OVER.fullmatch(name)]
    return sorted(found)


def _refuse(error: OSError) -> None:
    raise error


def course_files(folder: Path) -> list[Path]:
    """The files to read, those too whose name is nearly right. Raises ``OSError`` for a closed folder."""
    return [file for file in walk(folder, _refuse) if MARKDOWN_LIKE.fullmatch(file.name)]


def place_of(folder: Path, file: Path) -> str:
    """The file's path within the folder, with ``/``, in one form."""
    return unicodedata.normalize("NFC", file.relative_to(folder).as_posix())


def meant_path(path: str) -> str:
    """The path that a name which is nearly right should have had."""
    folder, slash, name = path.rpartition("/")
    if found := MARKDOWN_LIKE.fullmatch(name):
        name = f"{found['name']}.md"
    own = next((own for own in OWN_NAMES if own.casefold() == name.casefold()), name)
    return f"{folder}{slash}{own}"


def stray_files(folder: Path) -> Iterator[tuple[str, str]]:
    """(path, what is wrong) of every file whose name keeps it from being read as it was meant."""
    found = walk(folder)
    places = Counter(place_of(folder, file) for file in found)
    for file in found:
        path = place_of(folder, file)
        meant = meant_path(path)
        name = meant.rpartition("/")[2]
        if file.suffix.lower() in WORD_PROCESSORS:
            yield (
                path,
                (
                    "Det här är en fil från en ordbehandlare, och den kan inte läsas. Spara texten som en "
                    f"vanlig textfil som heter {file.stem}.md, och ta bort filen härifrån."
                ),
            )
        elif meant == path and places[path] == 1:
            continue
        elif places[meant]:
            yield path, f"Här finns redan {name}. Ta bort en av dem."
        elif path.lower().endswith(".txt"):
            yield path, f"Filens namn slutar på .txt. Döp om den till {name}."
        else:
            yield path, f"Filen ska heta {name}. Döp om den."


def word_as_text(path: str) -> str:
    """The path that a word processor's file should have had, or nothing for another file."""
    stem, _, ending = path.rpartition(".")
    return f"{stem}.md" if f".{ending.lower()}" in WORD_PROCESSORS else ""


def find_file(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder, however its name is composed; None when there is none."""
    file = folder / name
    if file.is_symlink() or file.is_file():
        return file
    wanted = unicodedata.normalize("NFC", name)
    return next((at for at in folder.iterdir() if unicodedata.normalize("NFC", at.name) == wanted), None)
