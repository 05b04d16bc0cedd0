"""Recording exemptions (R8): each once, however often its file is read."""

from collections.abc import Container

import sqlalchemy as sa

from elearn import csv_in
from elearn.database import Session
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import queries
from elearn.training.exemptions import Exemptions
from elearn.training.models import Exemption

KEY = (Exemption.person_id, Exemption.unit_id, Exemption.starts_on, Exemption.ends_on, Exemption.reason)


def record_exemptions(session: Session, deed: Deed, exemptions: Exemptions) -> int:
    """Record those that are not there already: how many. Who decided is filled in where it was not known.

    Raises ``Invalid`` with every fault, unknown persons and units among them."""
    persons, units = queries.person_ids(session), queries.unit_ids(session)
    _refuse_unknown(exemptions, persons, units)
    there = {
        tuple(key): (id, decided_by)
        for id, decided_by, *key in session.execute(sa.select(Exemption.id, Exemption.decided_by, *KEY))
    }
    new: dict[tuple[object, ...], str | None] = {}
    for row in exemptions.rows:
        key = (
            persons[row.number],
            units[row.unit] if row.unit else None,
            row.starts_on,
            row.ends_on,
            row.reason,
        )
        if key not in there:
            new[key] = row.decided_by or new.get(key)
        elif row.decided_by and there[key][1] is None:
            session.execute(
                sa.update(Exemption).where(Exemption.id == there[key][0]).values(decided_by=row.decided_by)
            )
    names = [column.key for column in KEY]
    values = [
        dict(zip(names, key, strict=True))
        | {"decided_by": decided_by, "recorded_at": deed.now, "recorded_by": str(deed.actor)}
        for key, decided_by in new.items()
    ]
    if values:
        session.execute(sa.insert(Exemption), values)
    journal.record(session, deed, EntryKind.RECORDED_EXEMPTIONS, count=len(new))
    return len(new)


def _refuse_unknown(exemptions: Exemptions, persons: Container[str], units: Container[str]) -> None:
    """Raise ``Invalid`` with every fault of the file when it has one."""
    for row in exemptions.rows:
        if row.number not in persons:
            advice = "Läs in personalen först, eller rätta numret."
            exemptions.faults.add(row.row, f"anställningsnr: {row.number} finns inte. {advice}")
        if row.unit is not None and row.unit not in units:
            advice = "Rätta den, eller lämna tomt för alla enheter."
            exemptions.faults.add(row.row, f"enhetskod: ”{row.unit}” finns inte i organisationen. {advice}")
    csv_in.refuse(exemptions.faults)
