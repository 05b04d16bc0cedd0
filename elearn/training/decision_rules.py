"""What a decision about the target group must be like when it is made or ended on the page (measure.md,
"Decisions about the target group"). Pure."""

import datetime as dt
from dataclasses import dataclass, replace

LONGEST_REASON = 100
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewDecision:
    """Whom it covers: a unit and all below it, those there with a position, a person there, or a person
    everywhere (no unit). Both days inclusive; ``ends_on``: None = until it is ended."""

    unit_id: int | None
    person_id: int | None
    position: str | None
    is_included: bool
    job_role: str | None
    starts_on: dt.date
    ends_on: dt.date | None
    reason: str

    def tidied(self) -> "NewDecision":
        """Without what does not go with it: only who is in gets a job role."""
        return replace(
            self,
            job_role=self.job_role if self.is_included else None,
            reason=" ".join(self.reason.split()),
        )


def faults(new: NewDecision, today: dt.date) -> list[tuple[str, str]]:
    """(field, sentence) for each thing that is wrong. No past figure moves: it begins today or later."""
    found = []
    if not new.is_included and not new.reason:
        found.append(("skal", "Skriv varför de undantas."))
    if len(new.reason) > LONGEST_REASON:
        found.append(
            ("skal", f"Skriv skälet med högst {LONGEST_REASON} tecken. Det är {len(new.reason)} nu.")
        )
    if not new.reason.isprintable():
        found.append(("skal", "Skälet har tecken som inte går att läsa. Skriv det för hand."))
    if new.starts_on < today:
        found.append(("fran", f"Första dagen kan vara {today.isoformat()} eller senare."))
    if new.ends_on is not None and new.ends_on < new.starts_on:
        found.append(
            ("till", "Sista dagen ligger före första dagen. Byt plats på dem eller rätta en av dem.")
        )
    return found


def end_fault(last_day: dt.date, ends_on: dt.date | None, today: dt.date) -> str | None:
    """Why a decision that ends on ``ends_on`` cannot be ended with this last day, or None. Yesterday at the
    earliest: no past figure moves."""
    if last_day < today - DAY:
        return f"Sista dagen kan vara {(today - DAY).isoformat()} eller senare."
    if ends_on is not None and last_day >= ends_on:
        return f"Beslutet slutar redan {ends_on.isoformat()}. Skriv en tidigare dag."
    return None
