"""Files that a command gives: which format, where to, and how they are written."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import click

from elearn.errors import Refused

Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]

SPREADSHEET = b"PK"  # how every XLSX begins

output_option: Decorator = click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Filen att skriva till. Utan: standard ut.",
)


def format_option(*formats: str) -> Decorator:
    """``--format`` with these to choose from, the first one if nothing is said."""
    choices = [str(one) for one in formats]  # of an enum, click would take the members' names
    return click.option(
        "--format",
        "file_format",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="Filens format.",
    )


def deliver(data: bytes, output: Path | None) -> None:
    """Write the file, or to standard output. Raises ``Refused`` for a spreadsheet on a screen, which shows no
    bytes, and for a place that cannot be written."""
    if output is not None:
        write(output, data)
    elif data.startswith(SPREADSHEET) and sys.stdout.isatty():
        raise Refused("Ett kalkylark går inte att visa här. Skriv det till en fil med --output.")
    else:
        click.echo(data, nl=False)


def write(output: Path, data: bytes) -> None:
    """Raises ``Refused`` with the machine's reason."""
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Refused(f"{output} går inte att skriva: {error.strerror}.") from None


@contextlib.contextmanager
def private_file(path: Path, advice: str) -> Iterator[BinaryIO]:
    """A new file that nobody but its owner may read. It is removed again when the work fails; ``advice``:
    what to do when it could not be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        raise Refused(f"{path} finns redan. Ange en fil som inte finns, så att inget skrivs över.") from None
    except OSError as error:
        raise Refused(f"{path} går inte att skapa: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refused(f"{path} gick inte att skriva: {error.strerror}. {advice}") from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise
