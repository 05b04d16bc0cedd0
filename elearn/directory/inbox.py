"""The folder where the personnel system leaves its files (``ELEARN_IMPORT_DIR``): which pair is next, and
where it goes when it has been read.

A pair is never read twice and an older one never after a newer: the journal remembers the last one. What is
done is moved at once, so the folder holds what is still to do."""

import contextlib
import datetime as dt
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

from elearn import clock
from elearn.database import Session
from elearn.errors import Refused
from elearn.journal import actions as journal
from elearn.journal import queries as journal_queries
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

QUIET_SECONDS = 60  # a file that has changed within them may still be on its way
MOST_AHEAD = dt.timedelta(days=1)  # of a date in a file's name
STAFF, ORGANISATION = "personal", "organisation"
NAME = re.compile(r"(?P<kind>organisation|personal)(?P<rest>.*)\.(?:csv|txt|xlsx)", re.IGNORECASE)
MOMENT = re.compile(
    r"(?<!\d)(?P<year>20\d\d)-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:[T_ -]?(?P<hour>\d\d)[.:-]?(?P<minute>\d\d)(?:[.:-]?(?P<second>\d\d))?)?(?!\d)"
)
LOCK = ".inlasning.lock"


class Outcome(Enum):
    """What became of a pair: the folder that it is moved to, and the file there that says why."""

    IMPORTED = "inlasta", "resultat.txt"
    REFUSED = "avvisade", "orsak.txt"
    OUTDATED = "inaktuella", "orsak.txt"


class Verdict(Enum):
    """Whether a pair is to be read."""

    NEW = "new"
    SAME = "same"  # it has been read: the run that did it was cut off before it had moved the files
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Pair:
    """The files of one night. ``organisation`` is None where one file holds both. ``named``: the moment in
    the name, else when the newest file was written; ``written``: that in UTC. Both sort as text."""

    staff: Path
    organisation: Path | None
    named: str
    written: str

    @property
    def stamp(self) -> str:
        """What orders pairs, and what the journal keeps of one."""
        return f"{self.named} {self.written}"

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are there."""
        return (self.staff,) if self.organisation is None else (self.organisation, self.staff)

    def state(self) -> tuple[tuple[int, int], ...]:
        """Size and time of each file: another one means that somebody writes to it. Raises ``Refused``."""
        try:
            found = [file.stat() for file in self.files]
        except OSError as error:
            raise Refused(f"{error.filename} går inte att läsa: {error.strerror}.") from None
        return tuple((one.st_size, one.st_mtime_ns) for one in found)

    def digests(self) -> dict[str, str]:
        """The SHA-256 of each file, as the journal has them. Raises ``Refused``."""
        try:
            held = [hashlib.sha256(file.read_bytes()).hexdigest() for file in self.files]
        except OSError as error:
            raise Refused(f"{error.filename} går inte att läsa: {error.strerror}.") from None
        return {"organisation_sha256": held[0], "staff_sha256": held[-1]}


@dataclass(frozen=True, slots=True)
class Found:
    """The complete pairs that nobody writes to, the newest first; and a sentence for each file that waits."""

    pairs: tuple[Pair, ...]
    waiting: tuple[str, ...]


def find(folder: Path, is_flat: bool, now: dt.datetime) -> Found:
    """What the folder holds. ``is_flat``: one file holds both, so a pair is that file alone. Raises
    ``Refused`` when the folder cannot be read."""
    groups = defaultdict[str, dict[str, list[Path]]](lambda: defaultdict(list))
    try:
        for path in sorted(folder.iterdir()):
            if (name := NAME.fullmatch(path.name)) and path.is_file():
                groups[name["rest"].casefold()][name["kind"].lower()].append(path)
    except OSError as error:
        raise Refused(f"ELEARN_IMPORT_DIR: {folder} går inte att läsa: {error.strerror}.") from None
    pairs, waiting = [], []
    for rest, group in groups.items():
        found = _pair(rest, group, is_flat, now)
        if isinstance(found, Pair):
            pairs.append(found)
        else:
            waiting.append(found)
    return Found(tuple(sorted(pairs, key=lambda pair: pair.stamp, reverse=True)), tuple(waiting))


def _pair(rest: str, group: dict[str, list[Path]], is_flat: bool, now: dt.datetime) -> Pair | str:
    """The pair, or why it is left."""
    wanted = (STAFF,) if is_flat else (ORGANISATION, STAFF)
    files = [path for kind in wanted for path in group.get(kind, ())]
    missing = [kind for kind in wanted if not group.get(kind)]
    if missing:
        held = ", ".join(path.name for paths in group.values() for path in paths)
        return f"{held} väntar: {missing[0]}{rest} saknas."
    if len(files) > len(wanted):
        return f"{files[0].name} väntar: det finns två filer av samma slag med samma namn. Ta bort en."
    written = max(path.stat().st_mtime for path in files)
    if now.timestamp() - written < QUIET_SECONDS:
        return f"{files[0].name} väntar: den har ändrats under den senaste minuten."
    moment = dt.datetime.fromtimestamp(written, dt.UTC)
    ahead = now.astimezone(clock.STOCKHOLM).replace(tzinfo=None) + MOST_AHEAD
    if (named := moment_in(rest)) and named > ahead:
        return f"{files[0].name} väntar: datumet i namnet ligger i framtiden. Byt namn på filerna."
    named = named or moment.astimezone(clock.STOCKHOLM).replace(tzinfo=None, microsecond=0)
    return Pair(
        files[-1],
        None if is_flat else files[0],
        named.isoformat(),
        moment.replace(tzinfo=None).isoformat(timespec="microseconds"),
    )


def moment_in(text: str) -> dt.datetime | None:
    """The first date in a file's name, with the time after it if there is one: 2026-12-01, 20261201,
    20261201-0215."""
    for found in MOMENT.finditer(text):
        year, month, day, hour, minute, second = (int(number or 0) for number in found.groups())
        with contextlib.suppress(ValueError):  # 20269999 is no date
            return dt.datetime.combine(dt.date(year, month, day), dt.time(hour, minute, second))
    return None


def verdict(session: Session, pair: Pair) -> Verdict:
    """Whether the pair is to be read, by what the journal says of the last one that was. Asked with imports
    locked."""
    last: dict[str, str] = {}
    for details in journal_queries.details_of(session, EntryKind.IMPORTED_DIRECTORY):
        told = json.loads(details)
        if told.get("inbox", "") > last.get("inbox", ""):
            last = told
    if not last or (pair.stamp > last["inbox"] and not _is_same(pair, last)):
        return Verdict.NEW
    return Verdict.SAME if _is_same(pair, last) else Verdict.OLDER


def _is_same(pair: Pair, last: dict[str, str]) -> bool:
    """The same names and the same content, whenever it was copied."""
    is_named = last["inbox"].startswith(f"{pair.named} ")
    return is_named and all(last.get(name) == digest for name, digest in pair.digests().items())


def record_refusal(session: Session, deed: Deed, pair: Pair, reason: str) -> None:
    """Record that a pair was not read. ``reason``: ``faults``, ``brake`` or ``older``."""
    digests = pair.digests()
    journal.record(session, deed, EntryKind.REFUSED_IMPORT, inbox=pair.stamp, reason=reason, **digests)


def move(folder: Path, pair: Pair, outcome: Outcome, lines: Sequence[str]) -> Path:
    """Move the files to a folder of their own, with what came of them in words; that folder. Raises
    ``Refused`` when it cannot be written."""
    where, name = outcome.value
    try:
        target = _free(folder / where / pair.named.replace(":", ""))
        target.mkdir(mode=0o700, parents=True)
        (target / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
        for file in pair.files:
            file.rename(target / file.name)
    except OSError as error:
        raise Refused(f"Filerna går inte att flytta till {folder / where}: {error.strerror}.") from None
    return target


def _free(target: Path) -> Path:
    count, free = 1, target
    while free.exists():
        count += 1
        free = target.with_name(f"{target.name}-{count}")
    return free


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[bool]:
    """Whether this run is alone with the folder, as long as it lasts. A run that is killed lets go."""
    try:
        file = (folder / LOCK).open("a+")
    except OSError as error:
        raise Refused(f"ELEARN_IMPORT_DIR: {folder} går inte att skriva i: {error.strerror}.") from None
    with file:
        yield _take(file)


def _take(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
