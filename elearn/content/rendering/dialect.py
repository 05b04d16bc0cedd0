"""What every viewer shows and plain Markdown does not: struck-out text, bare addresses, a backslash that
breaks a line."""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import (
    InlineProcessor,
    Pattern,
    SimpleTagInlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.util import AtomicString

BARE_ADDRESS = r"(?<![\w/])((?:https?://|www\.)[^\s<>]*[^\s<>?!.,:;*_~'\")\]])"
BARE_MAIL = r"(?<![\w.+/-])([\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,})"
STRUCK_OUT = r"(?<!~)(~~)(?![\s~])(.+?)(?<![\s~])~~(?!~)"
PUNCTUATION = "!#$%'()*+,-./:;=>?@[\\]^_`{|}~"  # what a backslash makes plain; never < & \", which HTML needs


class _Address(InlineProcessor):
    """An address that stands bare in the text, as every viewer shows it: a link to itself."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], _data: str
    ) -> tuple[Element, int, int]:
        address = m[1]
        link = Element("a")
        link.text = AtomicString(address)
        link.set("href", f"mailto:{address}" if "@" in address and "//" not in address else address)
        if address.startswith("www."):
            link.set("href", f"https://{address}")
        return link, m.start(1), m.end(1)


def patterns(markdown: Markdown) -> list[tuple[str, Pattern, float]]:
    """(name, pattern, priority) of what viewers show and plain Markdown does not. Code goes before (190)."""
    return [
        ("line_break", SubstituteTagInlineProcessor(r"\\\n", "br"), 185),
        ("struck_out", SimpleTagInlineProcessor(STRUCK_OUT, "del"), 65),
        ("bare_address", _Address(BARE_ADDRESS, markdown), 110),
        ("bare_mail", _Address(BARE_MAIL, markdown), 105),
    ]
