"""Running it: ``migrate``, ``serve`` for real, ``demo`` with an invented municipality."""

import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from elearn import database, demo
from elearn.cli import context
from elearn.content import check, reader
from elearn.errors import Refused
from elearn.settings import Settings

APPLICATION = "elearn.app:create_app"
# Python runs one thread at a time: more of them only make each answer wait (bench/lesson.py). More workers
# help.
THREADS_PER_WORKER = 1
DEMO_FOLDER = Path("var")
FIRST_PORT, LAST_PORT = 8000, 8099
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@click.command()
def migrate() -> None:
    """Gör databasens schema aktuellt. En tom databas får sitt schema."""
    settings = context.settings()
    database.migrate(context.engine(settings))
    click.echo("Databasens schema är aktuellt.", err=True)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adressen att lyssna på.")
@click.option("--port", default=8000, show_default=True, help="Porten att lyssna på.")
def serve(host: str, port: int) -> None:
    """Kör servern på riktigt."""
    settings = context.settings()
    refuse_unsafe(settings, host)
    catalog = reader.read_catalog(settings.courses_dir)
    for sentence in check.unchecked_required(catalog):
        click.echo(f"Obs: {sentence}", err=True)
    run(settings, host, port)


def refuse_unsafe(settings: Settings, host: str) -> None:
    """Every reason at once why this may not be served to real people."""
    engine = context.engine(settings)
    faults = [
        settings.key_fault(),
        address_fault(settings, host),
        database.schema_fault(engine),
        database.safety_fault(engine),
    ]
    if settings.today and not settings.demo:
        faults.append("ELEARN_TODAY flyttar datum och är bara för demonstration och test. Ta bort den.")
    engine.dispose()
    if found := [fault for fault in faults if fault]:
        raise Refused("\n".join(found))


def address_fault(settings: Settings, host: str) -> str | None:
    """Passwords cross the network only by https; plain http is for this machine alone."""
    if (
        settings.public_url
        and not settings.is_https
        and urlsplit(settings.public_url).hostname not in LOOPBACK
    ):
        return "ELEARN_PUBLIC_URL ska börja med https://. Utan https kan andra på nätet läsa lösenord."
    if not settings.public_url and host not in LOOPBACK:
        return f"Servern ska nås från andra datorer ({host}). Sätt då ELEARN_PUBLIC_URL till adressen med https://."
    return None


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped. There is no access log: a visit to /stod is recorded nowhere."""
    Granian(
        APPLICATION,
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=settings.workers,
        blocking_threads=THREADS_PER_WORKER,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()


@click.command("demo")
@click.option("--reset", is_flag=True, help="Börja om med en ny påhittad kommun.")
@click.option(
    "--port", type=int, default=None, help="Porten att lyssna på. Utan: den första lediga från 8000."
)
def demo_command(reset: bool, port: int | None) -> None:
    """Prova med en påhittad kommun. Rör aldrig din egen databas."""
    path = DEMO_FOLDER / "demo.db"
    if reset:
        demo.remove(path)
    settings = demo_settings(path)
    if not path.exists():
        build_demo(settings, path)
    else:
        demo.refuse_foreign(path)
    port = port or free_port()
    announce(port)
    run(settings, "127.0.0.1", port)


def demo_settings(path: Path) -> Settings:
    """The demonstration's own settings, also for the workers, which read the environment."""
    own = {
        "ELEARN_DEMO": "1",
        "ELEARN_DATABASE_URL": f"sqlite:///{path}",
        "ELEARN_PUBLIC_URL": "",
        "ELEARN_TRUSTED_PROXIES": "0",
    }
    os.environ.update(own, ELEARN_SECRET_KEY=demo.secret_key(path.with_suffix(".key")))
    return context.settings()


def build_demo(settings: Settings, path: Path) -> None:
    catalog = reader.read_catalog(settings.courses_dir)
    click.echo("Bygger en påhittad kommun. Det tar en liten stund, men bara första gången.", err=True)
    with click.progressbar(length=demo.STEPS, file=sys.stderr) as bar:
        demo.create(path, catalog, context.today(settings), lambda: bar.update(1))


def free_port() -> int:
    """The first port from 8000 that nobody listens on."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Refused(f"Alla portar från {FIRST_PORT} till {LAST_PORT} är upptagna. Välj en annan med --port.")


def announce(port: int) -> None:
    """The address, and one login per access role."""
    click.echo(f"\nÖppna http://127.0.0.1:{port} i webbläsaren. Avsluta med Ctrl+C.\n")
    click.echo("Logga in som (alla personer är påhittade):")
    for persona in demo.PERSONAS:
        click.echo(f"  {persona.number}  {persona.name:<15} {persona.what}")
    click.echo(f"Lösenord för alla: {demo.PASSWORD}\n")


COMMANDS: tuple[click.Command, ...] = (serve, migrate, demo_command)
