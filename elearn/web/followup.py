"""The row of links between the follow-up pages: each that is there and that the visitor may open."""

from dataclasses import dataclass

from flask import current_app, request

from elearn.web.request import may
from elearn.web.security import permission_of

# The page whose permission is asked, the address that its link leads to, and its name. One that is not
# built is left out by itself.
PAGES = (
    ("/tackning", "/tackning", "Täckning"),
    ("/tackning/rapport", "/tackning/rapport", "Rapport"),
    ("/matningar", "/matningar", "Mätningar"),
    ("/malgrupp", "/malgrupp", "Målgrupp"),
    ("/behov", "/behov", "Behov"),
    ("/aktiviteter", "/aktiviteter", "Aktiviteter"),
    ("/kunskap", "/kunskap", "Kunskap"),
    ("/moten", "/moten", "Möten"),
    ("/tackning/export", "/tackning/export", "Export"),
)


@dataclass(frozen=True, slots=True)
class FollowupLink:
    """``current``: what ``aria-current`` says where the visitor is on that page, or on one below it."""

    address: str
    name: str
    current: str | None


def followup_links() -> list[FollowupLink]:
    """In the order of the table. Empty where there is no other page to go to."""
    rules = current_app.url_map.iter_rules()
    endpoints = {rule.rule: rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    links = [
        FollowupLink(address, name, current_in(address))
        for page, address, name in PAGES
        if page in endpoints and (permission := permission_of(endpoints[page])) and may(permission)
    ]
    return links if len(links) > 1 else []


def current_in(address: str) -> str | None:
    if request.path == address:
        return "page"
    below = [other for _page, other, _name in PAGES if f"{request.path}/".startswith(f"{other}/")]
    return "true" if below and address == max(below, key=len) else None
