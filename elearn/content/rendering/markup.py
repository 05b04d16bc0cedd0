"""Markdown to HTML that is safe and looks like ours: boxes, cards, tables, figures, links. The only user of
Markdown and nh3 (S18).

One ``Markup`` serves one reading of the files, in one thread.
"""

import html as entities
import re

import nh3
from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.toc import TocExtension

from elearn.content.prose import NOTHING, Prose
from elearn.content.reading.sources import numbered, slug
from elearn.content.rendering import dialect, house_style
from elearn.content.rendering.house_style import HouseStyle, Place

# A line of nothing but words is its own HTML. Most options and feedback are, and reading all courses takes
# half the time.
PLAIN = re.compile(
    r"(?!.*(?:https?://|www\.))"
    r"[A-Za-zÅÄÖåäöÉé”](?:[A-Za-zÅÄÖåäöÉé0-9 ,.;:?!”–/()%-]*[A-Za-zÅÄÖåäöÉé0-9.?!”)])?"
)
TAG = re.compile(r"<[^>]+>")
SHORT_VERSION = "kort-version"
TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "figcaption",
    "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "section", "span",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "title", "rel"},
    "abbr": {"title"},
    "div": {"tabindex", "role", "aria-label"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "section": {"aria-labelledby"},
    "th": {"scope"},
}
SCHEMES = {"http", "https", "mailto", "tel", "part"}


def sanitize(html: str) -> str:
    """Only what stands in the lists: no script, no style, no event, no address that leaves but as a link."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)


class Markup:
    """Renders one reading's texts."""

    def __init__(self) -> None:
        self._footnotes = FootnoteExtension(
            BACKLINK_TITLE="Tillbaka till fotnot {} i texten", UNIQUE_IDS=True
        )
        contents = TocExtension(slugify=self._anchor)
        self._markdown = Markdown(
            extensions=[self._footnotes, contents, "def_list", "tables", "abbr", "fenced_code", "sane_lists"]
        )
        self._markdown.preprocessors.deregister("html_block")
        self._markdown.inlinePatterns.deregister("html")
        self._markdown.ESCAPED_CHARS = list(dialect.PUNCTUATION)
        for name, pattern, priority in dialect.patterns(self._markdown):
            self._markdown.inlinePatterns.register(pattern, name, priority)
        self._house = HouseStyle(self._markdown)
        self._markdown.treeprocessors.register(self._house, "house", 0)

    def prose(self, lines: list[str], place: Place) -> Prose:
        """Blocks of Markdown."""
        text = "\n".join(lines).strip("\n")
        if not text.strip():
            return NOTHING
        if PLAIN.fullmatch(text) and not place.has_lead:
            return Prose((f"<p>{text}</p>",))
        self._house.begin(place)
        html = sanitize(self._markdown.convert(text)).strip()
        self._markdown.reset()
        return Prose(house_style.parts(html, self._house.marked))

    def _anchor(self, heading: str, _separator: str) -> str:
        return numbered(slug(heading), self._house.place.anchors)

    def text(self, heading: str) -> str:
        """A heading's words, as a page's title shows them: without marks, links and pictures."""
        place = Place(lambda _href: None, lambda _key: None, lambda _text, _href: None)
        return entities.unescape(TAG.sub("", self.inline(heading, place))).strip()

    def inline(self, text: str, place: Place) -> str:
        """One line of Markdown, without the paragraph round it."""
        parts = self.prose([_escape_block(text)], place).parts
        html = "".join(part for part in parts if isinstance(part, str))
        return html.removeprefix("<p>").removesuffix("</p>")


def _escape_block(text: str) -> str:
    """A line that begins as a list, heading or quotation would is text all the same."""
    return re.sub(
        r"^(\s*)([-+*>#]|\d+[.)])(?=\s)",
        lambda found: found[1] + re.sub(r"([-+*>#.)])", r"\\\1", found[2]),
        text,
    )
