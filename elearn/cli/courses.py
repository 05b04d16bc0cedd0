"""``courses check`` (every fault with file and line, or every warning), ``format``, ``overview``,
``preview``."""

import socket
from pathlib import Path

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from elearn.cli import context
from elearn.content.advice import formatting, lint, overview
from elearn.content.faults import CourseFaults
from elearn.content.reading import raw_courses, reader
from elearn.content.rendering import builder
from elearn.errors import Refused
from elearn.web import preview

LOOPBACK = "127.0.0.1"


@click.group()
def courses() -> None:
    """Kurserna: kontrollera det som författare skriver."""


@courses.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check_command(folder: Path | None) -> None:
    """Läs alla kurser och visa varje fel (slutkod 1) eller varning (slutkod 0)."""
    settings = context.settings()
    reading = reader.read(folder or settings.courses_dir, as_planned=True)
    today = context.today(settings)
    raw_courses.check_dates(reading.courses, today)
    catalog = builder.build(reading)
    for warning in lint.warnings(reading, today):
        click.echo(f"Varning: {warning}", err=True)
    if unchecked := lint.unchecked(reading, today):
        click.echo("Det här behöver jämföras med sin källa:", err=True)
        click.echo("\n".join(str(warning) for warning in unchecked), err=True)
    for course in catalog.courses.values():
        click.echo(f"{course.slug}: {len(course.lessons)} avsnitt, {course.minutes} minuter", err=True)
    click.echo("Inga fel.", err=True)


@courses.command("format")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def format_command(folder: Path | None) -> None:
    """Skriv namn på frågor som saknar, och rätta indrag och länkar. Allt annat står kvar."""
    reading = reader.read(folder or context.settings().courses_dir)
    if not reading.sources:
        raise CourseFaults(reading.faults)
    changed = formatting.formatted(reading)
    for path, text in changed.items():
        try:
            formatting.write(reading.sources[path].file, text)
        except OSError as error:
            raise Refused(f"{path} går inte att skriva: {error.strerror}.") from None
        click.echo(path)
    click.echo(f"{len(changed)} filer ändrade." if changed else "Inget att ändra.", err=True)


@courses.command("overview")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def overview_command(folder: Path | None) -> None:
    """Visa minuter, ord, LIX och antal frågor för varje kurs och avsnitt, som tabeller i Markdown."""
    click.echo("\n".join(overview.overview(reader.read(folder or context.settings().courses_dir))))


@courses.command("preview")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--port", default=8200, show_default=True, help="Porten att lyssna på. 0: en ledig.")
def preview_command(folder: Path | None, port: int) -> None:
    """Visa kurserna i webbläsaren medan du skriver. Ingen inloggning, ingen databas."""
    settings = context.settings()
    app = preview.create(settings, folder or settings.courses_dir, as_planned=True)
    with listen(port) as listening:
        server = make_server(LOOPBACK, port, app, threaded=True, request_handler=Quiet, fd=listening.fileno())
        click.echo(
            (
                f"Öppna http://{LOOPBACK}:{server.port} i webbläsaren. Sidan laddas om när du "
                "sparar. Avsluta med Ctrl+C."
            ),
            err=True,
        )
        server.serve_forever()


def listen(port: int) -> socket.socket:
    """Listen for this computer alone. Werkzeug's own refusal of a port is English."""
    try:
        return socket.create_server((LOOPBACK, port))
    except (OSError, OverflowError):
        raise Refused(
            f"Port {port} är upptagen eller finns inte. Välj en annan med --port, mellan 1024 och 65535."
        ) from None


class Quiet(WSGIRequestHandler):
    """No line for each request: the page asks every second."""

    def log_request(self, *_: object) -> None:
        pass


COMMANDS: tuple[click.Command, ...] = (courses,)
