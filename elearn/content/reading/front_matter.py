"""The front matter: ``key: value`` lines between two ``---``. Every value is text, so that ``nej`` and
``08:00`` stay what they are."""

import re
from collections.abc import Collection

from elearn.content.reading.sources import Source

END_LIKE = re.compile(r"[-‐‑–—−_*=]+")


def read(source: Source, required: Collection[str], allowed: Collection[str]) -> None:
    """Put the keys into ``source.front`` and the first line after them into ``source.body``. Faults go to the
    source."""
    if source.lines[0].strip() != "---":
        source.fault(1, "Filen ska börja med ett huvud: ---, en rad för varje nyckel, och --- igen.")
        return
    for number, line in enumerate(source.lines[1 : _find_end(source) - 1], 2):
        if line.strip():
            _read_key(source, number, line, allowed)
    for key in required:
        if key not in source.front:
            source.fault(1, f"Nyckeln ”{key}” saknas i huvudet.")
    for key, (value, number) in source.front.items():
        if not value:
            advice = "" if key in required else " Skriv ett värde eller ta bort raden."
            source.fault(number, f"Nyckeln ”{key}” är tom.{advice}")


def _find_end(source: Source) -> int:
    """The line that ends the front matter. Where none does, it ends before the first heading: the rest is
    read as usual."""
    for number, line in enumerate(source.lines[1:], 2):
        if line.startswith("#"):
            source.fault(number, "Huvudet ovanför har inget slut. Skriv --- på en egen rad före rubriken.")
            source.body = number
            return number
        if END_LIKE.fullmatch(line.strip()):
            if line.strip() != "---":
                source.fault(number, "Huvudet ska sluta med precis tre bindestreck: ---")
            source.body = number + 1
            return number
    source.fault(1, "Huvudet har inget slut. Skriv --- på en egen rad efter nycklarna.")
    return len(source.lines) + 1


def _read_key(source: Source, number: int, line: str, allowed: Collection[str]) -> None:
    key, colon, value = line.partition(":")
    key = " ".join(key.split()).lower()
    if not colon:
        source.fault(number, "Raden i huvudet ska vara nyckel: värde.")
    elif key not in allowed:
        source.fault(number, f"Nyckeln ”{key}” finns inte. Välj bland: {', '.join(sorted(allowed))}.")
    elif key in source.front:
        source.fault(number, f"Nyckeln ”{key}” står två gånger.")
    else:
        source.front[key] = " ".join(value.split()), number
