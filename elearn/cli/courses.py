"""``courses check`` (every fault with file and line, or every warning), ``format``, ``overview``,
``preview``."""

import contextlib
import socket
from collections.abc import Sequence
from pathlib import Path

import click
import sqlalchemy as sa
from werkzeug.serving import WSGIRequestHandler, make_server

from elearn import database
from elearn.cli import context
from elearn.content.advice import counts, formatting, lint, overview, scope, tics
from elearn.content.faults import CourseFault, CourseFaults
from elearn.content.reading import raw_courses, reader
from elearn.content.rendering import builder
from elearn.errors import Refused
from elearn.people import queries
from elearn.settings import Settings
from elearn.web import preview

LOOPBACK = "127.0.0.1"
LAST_PORT = 65535


@click.group()
def courses() -> None:
    """Kurserna: kontrollera det som författare skriver."""


@courses.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--all", "tells_all", is_flag=True, help="Visa också det som ska jämföras med sin källa.")
def check_command(folder: Path | None, tells_all: bool) -> None:
    """Läs alla kurser och visa varje fel (slutkod 1) eller varning (slutkod 0). Med en kurs: bara den."""
    settings = context.settings()
    root, slug = _asked_for(folder, settings.courses_dir)
    reading, today = reader.read(root, as_planned=True), context.today(settings)
    raw_courses.check_dates(reading.courses, today)
    try:
        catalog = builder.build(reading)
    except CourseFaults as refusal:
        _tell_others(scope.own(reading, slug, refusal.found), refusal)
        return
    warnings = [*lint.warnings(reading, today), *tics.warnings(reading)]
    warnings += [*lint.unknown_roles(reading, known_roles(settings))]
    for warning in scope.own(reading, slug, warnings):
        click.echo(f"Varning: {warning}", err=True)
    if unchecked := scope.own(reading, slug, lint.unchecked(reading, today)):
        _tell_unchecked(unchecked, tells_all)
    for course in catalog.courses.values():
        if slug in ("", course.slug):
            length = f"{len(course.lessons)} avsnitt, {counted(course.minutes, 'minut', 'minuter')}"
            click.echo(f"{course.slug}: {length}", err=True)
    click.echo("Inga fel.", err=True)


def counted(number: int, one: str, several: str) -> str:
    """1 fil, 2 filer."""
    return f"{number} {one if number == 1 else several}"


def _asked_for(folder: Path | None, courses_dir: Path) -> tuple[Path, str]:
    """The folder of courses, and the slug of the course that is asked about, by its folder or its name."""
    if folder is None:
        return courses_dir, ""
    for course in (folder, courses_dir / folder):
        if (course / "kurs.md").is_file():
            return course.absolute().parent, course.absolute().name
    return folder, ""


def _tell_others(own: Sequence[CourseFault], refusal: CourseFaults) -> None:
    """Raises the course's own faults; those of the others are only counted."""
    if own:
        raise CourseFaults([*own])
    others = counted(len(refusal.found), "fel", "fel")
    click.echo(f"Inga fel i kursen. Andra filer har {others}: kör elearn courses check utan mapp.", err=True)


def _tell_unchecked(unchecked: Sequence[CourseFault], tells_all: bool) -> None:
    if tells_all:
        click.echo("Det här behöver jämföras med sin källa:", err=True)
        click.echo("\n".join(str(warning) for warning in unchecked), err=True)
    else:
        what = counted(len(unchecked), "uppgift", "uppgifter")
        click.echo(f"{what} behöver jämföras med sin källa. Visa dem med --all.", err=True)


def known_roles(settings: Settings) -> frozenset[str]:
    """The job roles that units and persons have; none when no database with today's tables is at hand."""
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return frozenset()
    engine = context.engine(settings)
    try:
        if database.schema_fault(engine):
            return frozenset()
        with database.snapshot(database.reading(engine)) as session:
            return queries.job_roles(session)
    except sa.exc.DBAPIError:
        return frozenset()


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
    done = counted(len(changed), "fil ändrad", "filer ändrade")
    click.echo(f"{done}." if changed else "Inget att ändra.", err=True)


@courses.command("overview")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--counts", "tells_counts", is_flag=True, help="Mått på varje grundutbildnings text och frågor."
)
def overview_command(folder: Path | None, tells_counts: bool) -> None:
    """Visa minuter, ord, LIX och antal frågor för varje kurs och avsnitt, som tabeller i Markdown."""
    reading = reader.read(folder or context.settings().courses_dir)
    told = overview.overview(reading)  # refuses a folder with faults
    click.echo("\n".join(counts.counts(reading) if tells_counts else told))


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
    if 0 <= port <= LAST_PORT:
        with contextlib.suppress(OSError):
            return socket.create_server((LOOPBACK, port))
    raise Refused(
        f"Port {port} är upptagen eller finns inte. Välj en annan med --port, mellan 1024 och {LAST_PORT}."
    )


class Quiet(WSGIRequestHandler):
    """No line for each request: the page asks every second."""

    def log_request(self, *_: object) -> None:
        pass


COMMANDS: tuple[click.Command, ...] = (courses,)
