"""The frozen measurements, and whether each is what was frozen (measure.md, "Measurements")."""

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import NotFound, Refused
from elearn.journal import queries as journal
from elearn.journal.models import EntryKind
from elearn.people.models import UnitKind
from elearn.reports import suppression
from elearn.reports.coverage import Coverage, Measure, UnitCoverage
from elearn.reports.measurement import ROW, Measurement, read_curriculum
from elearn.reports.models import FrozenMeasurement, FrozenRow

CLOSE_DAYS = 30  # of two measurements of which one alone is given out in the public form


class Dated(Protocol):
    """A measurement, in whichever form it is at hand."""

    @property
    def id(self) -> int: ...
    @property
    def on(self) -> dt.date: ...


DatedOne = TypeVar("DatedOne", bound=Dated)


@dataclass(frozen=True, slots=True)
class Check:
    """A measurement's state. ``faults``: a Swedish sentence each; none when it is whole."""

    id: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A measurement without its rows. ``frozen_by``: the actor as the journal writes it."""

    id: int
    name: str
    on: dt.date
    frozen_at: dt.datetime
    frozen_by: str
    checksum: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement with the measure: as it was frozen, ``threshold`` with it, and with another threshold,
    by which all are compared (``at``)."""

    head: Head
    threshold: Fraction
    frozen: Measure
    at: Measure


def heads(session: Session) -> list[Head]:
    """Every measurement, by its date and then in the order in which they were frozen."""
    columns = (
        FrozenMeasurement.id,
        FrozenMeasurement.name,
        FrozenMeasurement.measured_on,
        FrozenMeasurement.frozen_at,
        FrozenMeasurement.frozen_by,
        FrozenMeasurement.checksum,
    )
    order = (FrozenMeasurement.measured_on, FrozenMeasurement.id)
    return [Head(*row) for row in session.execute(sa.select(*columns).order_by(*order))]


class RememberedMeasures:
    """One worker's memory of what the measurements of one database say, and whether each was what was frozen
    when it was read. They never change, so each is read once; whether one was changed behind the program's
    back since, is found where one is opened (``faults_of``) and by ``elearn measure verify``."""

    def __init__(self) -> None:
        self._known: dict[tuple[Head, Fraction], Measured] = {}
        self._faults: dict[Head, tuple[str, ...]] = {}
        self._told: dict[tuple[Head, int], bool] = {}

    def all(self, session: Session, threshold: Fraction) -> list[Measured]:
        """Every measurement that can be read, by date, also counted with this threshold."""
        return [one for head in heads(session) if (one := self._one(session, head, threshold))]

    def public(self, session: Session, threshold: Fraction, small_group: int) -> list[Measured]:
        """Those whose measure everybody may read: given out, counted with this threshold, and told exactly in
        the public form."""
        out = {head.id for head in given_out(heads(session))}
        every = [one for one in self.all(session, threshold) if one.head.id in out]
        return [
            one for one in every if one.threshold == threshold and self._is_told(session, one, small_group)
        ]

    def _is_told(self, session: Session, one: Measured, small_group: int) -> bool:
        if (one.head, small_group) not in self._told:
            counted = load(session, one.head.id).coverage
            measure = suppression.public_measure(counted, small_group, is_whole=True)
            bounds = (measure.departments, measure.units)
            self._told[one.head, small_group] = all(one.secured is not None for one in bounds)
        return self._told[one.head, small_group]

    def _one(self, session: Session, head: Head, threshold: Fraction) -> Measured | None:
        if (head, threshold) not in self._known:
            try:
                found = load(session, head.id)
            except Refused:
                return None
            counted = found.coverage
            self._faults[head] = _changes(found)
            self._known[head, threshold] = Measured(
                head, counted.threshold, counted.measure, counted.measure_at(threshold)
            )
        return self._known[head, threshold]

    def check(self, session: Session) -> list[Check]:
        """As ``check`` of the module, but of each measurement's rows what was found when they were read. Its
        head, what the journal says and whether it is there are looked up each time."""
        return _check(session, self._changes)

    def faults_of(self, session: Session, id: int) -> tuple[str, ...]:
        """What is wrong with one that is stored: none when it is whole. Its rows are read anew."""
        head = next(head for head in heads(session) if head.id == id)
        self._faults[head] = _read_changes(session, head)
        return self._faults[head] or _misses(head, _noted(session).get(id))

    def _changes(self, session: Session, head: Head) -> tuple[str, ...]:
        if head not in self._faults:
            self._faults[head] = _read_changes(session, head)
        return self._faults[head]


def ids(session: Session) -> list[int]:
    """Of every measurement, by its date and then in the order in which they were frozen."""
    return [head.id for head in heads(session)]


def load(session: Session, id: int) -> Measurement:
    """The measurement as it was frozen; whether it still is, says ``Measurement.is_whole``.

    Raises ``NotFound`` for an id that is none, ``Refused`` when what is stored cannot be read."""
    head = session.execute(_heads().where(FrozenMeasurement.id == id)).first()
    if head is None:
        raise NotFound(f"Det finns ingen mätning {id}.")
    try:
        return _measurement(head, _rows(session, id))
    except (ValueError, TypeError, LookupError, ArithmeticError):
        raise Refused(f"Mätning {id} går inte att läsa: den är ändrad sedan den frystes.") from None


def load_whole(session: Session, id: int) -> Measurement:
    """The measurement, for a report that tells its checksum. Raises as ``load`` does, and ``Refused`` when it
    is no longer what was frozen."""
    measurement = load(session, id)
    if not measurement.is_whole:
        raise Refused(f"Mätning {id} är ändrad sedan den frystes: kontrollsumman stämmer inte.")
    return measurement


def whole_ones(session: Session) -> Iterator[Measurement]:
    """Every measurement that is what was frozen, by its date. One that is not is told by ``check``."""
    for id in ids(session):
        with contextlib.suppress(Refused):
            yield load_whole(session, id)


def refuse_close(session: Session, id: int) -> None:
    """Raises ``Refused`` when the measurement is not given out in the public form."""
    every = heads(session)
    out = given_out(every)
    for head in (one for one in every if one.id == id and one not in out):
        near = next(one for one in out if _is_close(one, head))
        raise Refused(
            f"Mätning {id} lämnas inte ut i den offentliga formen: mätning {near.id}, den {near.on}, ligger "
            f"mindre än {CLOSE_DAYS} dagar ifrån, och skillnaden kan peka ut en person."
        )


def given_out(every: Iterable[DatedOne]) -> list[DatedOne]:
    """Of these measurements, all that there are, those that are given out in the public form, in the order in
    which they were frozen: none that is less than 30 days from an earlier one, since their difference would
    be a person. It goes by what is stored alone, so nobody gets both by asking in another order."""
    out: list[DatedOne] = []
    for one in sorted(every, key=lambda one: one.id):
        if not any(_is_close(one, other) for other in out):
            out.append(one)
    return out


def _is_close(one: Dated, other: Dated) -> bool:
    return abs((one.on - other.on).days) < CLOSE_DAYS


def check(session: Session) -> list[Check]:
    """Every measurement that is stored or that the journal tells of, with what is wrong with it.

    A checksum that was made anew after a change is found too: the journal holds the first one, and its own
    chain (``elearn journal verify``)."""
    return _check(session, _read_changes)


def _check(session: Session, changes: Callable[[Session, Head], tuple[str, ...]]) -> list[Check]:
    noted, stored = _noted(session), heads(session)
    checks = [Check(head.id, changes(session, head) or _misses(head, noted.get(head.id))) for head in stored]
    gone = sorted(noted.keys() - {head.id for head in stored})
    return checks + [
        Check(id, (f"Mätning {id} är borttagen. Journalen säger att den frystes.",)) for id in gone
    ]


def faults_of(session: Session, id: int) -> tuple[str, ...]:
    """What is wrong with one that is stored: none when it is whole. Its rows are read anew."""
    head = next(head for head in heads(session) if head.id == id)
    return _read_changes(session, head) or _misses(head, _noted(session).get(id))


def _read_changes(session: Session, head: Head) -> tuple[str, ...]:
    try:
        return _changes(load(session, head.id))
    except Refused as refusal:
        return (str(refusal),)


def _changes(measurement: Measurement) -> tuple[str, ...]:
    if measurement.is_whole:
        return ()
    return (f"Mätning {measurement.id} är ändrad sedan den frystes: kontrollsumman stämmer inte.",)


def _misses(head: Head, noted: str | None) -> tuple[str, ...]:
    """Whether the journal got another checksum."""
    if noted == head.checksum:
        return ()
    return (f"Mätning {head.id} har en annan kontrollsumma än den som journalen fick när den frystes.",)


def _noted(session: Session) -> dict[int, str]:
    """The checksums that the journal got, by measurement."""
    told = [json.loads(details) for details in journal.details_of(session, EntryKind.FROZE_MEASUREMENT)]
    return {one["measurement"]: one["checksum"] for one in told}


def _heads() -> sa.Select[Any]:
    columns = FrozenMeasurement.__table__.c
    return sa.select(*columns)


def _rows(session: Session, id: int) -> tuple[UnitCoverage, ...]:
    columns = [getattr(FrozenRow, name) for name in ROW]
    of_this = sa.select(*columns).where(FrozenRow.measurement_id == id).order_by(FrozenRow.position)
    found = (dict(zip(ROW, row, strict=True)) for row in session.execute(of_this))
    return tuple(UnitCoverage(**row | {"kind": UnitKind(row["kind"])}) for row in found)


def _measurement(head: sa.Row[Any], rows: tuple[UnitCoverage, ...]) -> Measurement:
    on: dt.date = head.measured_on
    return Measurement(
        id=head.id,
        name=head.name,
        frozen_at=head.frozen_at,
        frozen_by=head.frozen_by,
        curriculum=read_curriculum(head.curriculum),
        coverage=Coverage(on, Fraction(head.threshold), is_forecast=False, rows=rows),
        checksum=head.checksum,
    )
