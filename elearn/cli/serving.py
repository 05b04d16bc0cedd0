"""Running it: ``migrate``, ``serve`` for real, ``demo`` with an invented municipality."""

import contextlib
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from elearn import database, demo, logs
from elearn.cli import context
from elearn.content.rendering import builder
from elearn.errors import Refused
from elearn.operations import safety
from elearn.settings import Settings

APPLICATION = "elearn.app:create_worker_app"
# Threads wait for what is sent slowly; one of them at a time has the application (web/turns.py).
THREADS_PER_WORKER = 32
STOP_SECONDS = 10
RESPAWN_SECONDS = 1
HEADER_SECONDS = 10
DEMO_FOLDER = Path("var")
NO_BACKUPS = "ELEARN_BACKUP_DIR saknas: elearn backup vet inte var säkerhetskopiorna ska ligga."
FIRST_PORT, LAST_PORT = 8000, 8099
TO_FILL_IN = (
    "ska gå att nå innan kursen öppnas. Fyll i Telefon eller Webb, "
    "och i Kontrollerad dagen då du kontrollerade uppgiften."
)


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
    refuse_unfinished(settings)
    for sentence in settings.undecided():
        click.echo(f"Obs: {sentence}", err=True)
    if settings.backup_dir is None:
        click.echo(f"Obs: {NO_BACKUPS}", err=True)
    run(settings, host, port)


def refuse_unsafe(settings: Settings, host: str) -> None:
    """Every reason at once why this may not be served to real people."""
    engine = context.engine(settings)
    found = safety.serving_faults(settings, engine, host)
    engine.dispose()
    if found:
        raise Refused("\n".join(found))


def refuse_unfinished(settings: Settings) -> None:
    """A course that says "ring i dag" does not open without the number to ring. The demonstration invents
    it."""
    missing = builder.read_catalog(settings.courses_dir, as_planned=True).missing_contacts
    required = [contact for contact in missing if contact.is_required]
    if required and not settings.demo:
        raise Refused("\n".join(f"{contact.place}: {contact.title} {TO_FILL_IN}" for contact in required))


class Server(MPServer):
    """Granian, which replaces a worker that dies however often it dies: two quick deaths are no reason to
    leave everybody without an answer."""

    def _respawn_workers(self, workers: list[int], *arguments: Any, **named: Any) -> None:
        time.sleep(RESPAWN_SECONDS)
        super()._respawn_workers(workers, *arguments, **named)
        self.respawned_wrks.clear()


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped. There is no access log: a visit to /stod is recorded nowhere."""
    with reserved(host, port), figures_folder(settings):
        Server(
            APPLICATION,
            factory=True,
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            workers=settings.workers,
            blocking_threads=THREADS_PER_WORKER,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
            log_access=False,
            log_level=LogLevels.error,
            log_dictconfig=logs.configuration(settings.log_format),
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
            websockets=False,
        ).serve()


@contextlib.contextmanager
def figures_folder(settings: Settings) -> Iterator[None]:
    """A folder of this server's own, where its workers put their figures together (web/metrics.py)."""
    if not settings.metrics_token.get_secret_value():
        yield
        return
    with tempfile.TemporaryDirectory(prefix="elearn-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


@contextlib.contextmanager
def reserved(host: str, port: int) -> Iterator[None]:
    """Keep the port for this server alone. Its own workers share it; a second server is refused, which would
    otherwise take half of the requests. Raises ``Refused`` when somebody has it."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        holder = socket.socket(family, kind)
    except OSError:
        raise Refused(f"Adressen {host} finns inte på den här datorn. Välj en annan med --host.") from None
    with holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind(address)
        except OSError as error:
            raise Refused(
                f"Det går inte att lyssna på {host}:{port}: {error.strerror}. "
                "Välj en annan port med --port, eller avsluta den andra servern."
            ) from None
        if sys.platform == "linux":
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        else:
            holder.close()
        yield


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
        "ELEARN_OIDC_ISSUER": "",
        "ELEARN_SMTP_URL": "",
        "ELEARN_PASSWORDS": "all",
    }
    os.environ.update(own, ELEARN_SECRET_KEY=demo.secret_key(path.with_suffix(".key")))
    return context.settings()


def build_demo(settings: Settings, path: Path) -> None:
    catalog = builder.read_catalog(settings.courses_dir)
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
