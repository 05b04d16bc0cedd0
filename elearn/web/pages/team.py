"""The manager's page: who is done, who is not, and one action to take. Status and dates only (S5), own units
only (S4)."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from elearn.errors import NotFound
from elearn.people.access import Permission
from elearn.training import curriculum, team
from elearn.training.obligations import Terms
from elearn.training.team import TeamUnit, Totals
from elearn.web.request import catalog, person_id, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("team", __name__)

SHOWN_AT_ONCE = 100  # persons; a larger team opens a unit at a time


@dataclass(frozen=True, slots=True)
class TeamPage:
    """``opened``: the units whose people stand on the page."""

    units: tuple[TeamUnit, ...]
    opened: tuple[TeamUnit, ...]

    @property
    def title(self) -> str:
        return (
            self.units[0].name
            if len(self.units) == 1
            else self.opened[0].name
            if len(self.opened) == 1
            else "Mina enheter"
        )

    @property
    def courses(self) -> list[str]:
        """Slugs of what the jobs of the units on the page ask for."""
        return sorted({slug for unit in self.opened or self.units for slug in unit.courses})

    @property
    def totals(self) -> Totals:
        return team.totals(self.opened or self.units)


@blueprint.get("/min-enhet")
@requires(Permission.SEE_OWN_UNITS)
def own_units() -> str:
    terms = Terms(today(), settings().due_days, settings().renewal_days)
    units = team.managed_team(session(), curriculum.from_catalog(catalog()), person_id(), terms)
    page = page_of(units, request.args.get("enhet"))
    guided = [course for slug in page.courses if (course := catalog().course(slug)) and course.guide]
    return render_template("team/team.html", page=page, guided=guided, threshold=settings().threshold)


@blueprint.get("/min-enhet/apt/<slug>")
@requires(Permission.SEE_OWN_UNITS)
def guide(slug: str) -> str:
    course = catalog().course(slug)
    if course is None or course.guide is None:
        raise NotFound
    return render_template("team/guide.html", course=course, guide=course.guide)


def page_of(units: tuple[TeamUnit, ...], code: str | None) -> TeamPage:
    """The units with the people of the one that was asked for; of all, where there are not too many, or where
    there is one unit and nothing to choose from."""
    if code is not None:
        opened = tuple(unit for unit in units if unit.code == code)
        if not opened:
            raise NotFound
        return TeamPage(units, opened)
    fits = len(units) == 1 or sum(len(unit.members) for unit in units) <= SHOWN_AT_ONCE
    return TeamPage(units, units if fits else ())
