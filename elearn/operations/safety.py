"""Why an installation may not be served to real people, and which settings and files contradict that."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from elearn import database
from elearn.database import Engine
from elearn.errors import Refused
from elearn.operations import sealing, ways_in
from elearn.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def serving_faults(settings: Settings, engine: Engine, host: str) -> list[str]:
    """Every reason why this may not be served at the host: a Swedish sentence each. ``elearn serve`` refuses
    then."""
    faults = [
        settings.key_fault(),
        address_fault(settings, host),
        database.schema_fault(engine),
        database.safety_fault(engine),
        database.privacy_fault(engine),
        demo_fault(settings, host),
        today_fault(settings),
        *ways_in.faults(settings),
    ]
    return [fault for fault in faults if fault]


def today_fault(settings: Settings) -> str | None:
    """A date that stands still makes nobody overdue."""
    if settings.today and not settings.demo:
        return "ELEARN_TODAY flyttar datum och är bara för demonstration och test. Ta bort den."
    return None


def demo_fault(settings: Settings, host: str) -> str | None:
    """The demonstration shows everybody's password on the login page."""
    if settings.demo and (settings.public_url or host not in LOOPBACK):
        return "ELEARN_DEMO visar lösenord på inloggningssidan och är bara för den egna datorn. Ta bort den."
    return None


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


def file_faults(settings: Settings) -> Iterator[str]:
    """Files and folders that others on the machine can read, that are missing or that stand in the wrong
    place."""
    if settings.secret_key_file:
        yield from _open_to_others("ELEARN_SECRET_KEY_FILE", settings.secret_key_file)
    if settings.trusted_proxies and not settings.public_url:
        yield "ELEARN_TRUSTED_PROXIES är satt utan ELEARN_PUBLIC_URL: adressen som proxyn visar är inte känd."
    if settings.backup_key_file:
        yield from _backup_key_faults(settings.backup_key_file, settings.backup_dir)
    if settings.backup_dir:
        yield from _backup_folder_faults(settings.backup_dir)


def _backup_key_faults(key_file: Path, folder: Path | None) -> Iterator[str]:
    try:
        sealing.read_key(key_file)
    except Refused as refusal:
        yield str(refusal)
        return
    yield from _open_to_others("ELEARN_BACKUP_KEY_FILE", key_file)
    if folder and folder.absolute() in key_file.absolute().parents:
        yield (
            "ELEARN_BACKUP_KEY_FILE ligger i ELEARN_BACKUP_DIR. Den som får säkerhetskopiorna får då också "
            "nyckeln. Flytta den."
        )


def _backup_folder_faults(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        yield f"ELEARN_BACKUP_DIR: mappen {folder} finns inte. Kör: mkdir -m 700 {folder}"
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield f"ELEARN_BACKUP_DIR: mappen {folder} går inte att skriva i."


def _open_to_others(name: str, path: Path) -> Iterator[str]:
    if os.name != "nt" and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield f"{name}: andra användare på datorn kan läsa {path}. Kör: chmod 600 {path}"
