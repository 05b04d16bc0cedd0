"""Markdown to HTML that is safe and looks like ours: boxes, cards, tables, figures, links. The only user of
Markdown and nh3 (S18).

One ``Markup`` serves one reading of the files, in one thread.
"""

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.toc import TocExtension
from markdown.inlinepatterns import (
    InlineProcessor,
    Pattern,
    SimpleTagInlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, AtomicString

from elearn.content import tree
from elearn.content.course import Prose
from elearn.content.source import numbered, slug

# A line of nothing but words is its own HTML. Most options and feedback are, and reading all courses takes
# half the time.
BARE_ADDRESS = r"(?<![\w/])((?:https?://|www\.)[^\s<>]*[^\s<>?!.,:;*_~'\")\]])"
BARE_MAIL = r"(?<![\w.+/-])([\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,})"
STRUCK_OUT = r"(?<!~)(~~)(?![\s~])(.+?)(?<![\s~])~~(?!~)"
PUNCTUATION = "!#$%'()*+,-./:;=>?@[\\]^_`{|}~"  # what a backslash makes plain; never < & \", which HTML needs
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
SCHEMES = {"http", "https", "mailto", "tel", "lesson", "course"}


@dataclass(frozen=True, slots=True)
class Target:
    """What a link in a file means: an address, or an entry (``entry`` is its key, ``card`` its ready
    HTML)."""

    href: str
    entry: str = ""
    card: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's file, its address, and its size where the file tells it."""

    file: Path
    address: str
    width: str = ""
    height: str = ""


Resolve = Callable[[str], Target | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: what its links and its pictures (alternative text, address) mean, and what comes
    before it on its page."""

    resolve: Resolve
    picture: Callable[[str, str], Picture | None]
    box_level: int = 3  # 2 until a second-level heading has come: a box under the title has one itself
    first_note: int = 1
    has_anchors: bool = True  # whether a link can lead to a heading in the text
    anchors: dict[str, int] = field(default_factory=dict)  # of the headings above, see ``source.numbered``
    cards: set[str] = field(default_factory=set)  # the entries that already stand whole on the page


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
        self._markdown.ESCAPED_CHARS = list(PUNCTUATION)
        for name, pattern, priority in _viewers_patterns(self._markdown):
            self._markdown.inlinePatterns.register(pattern, name, priority)
        self._house = _HouseStyle(self._markdown)
        self._markdown.treeprocessors.register(self._house, "house", 0)

    def prose(self, lines: list[str], place: Place) -> Prose:
        """Blocks of Markdown."""
        text = "\n".join(lines).strip("\n")
        if not text.strip():
            return Prose("")
        if PLAIN.fullmatch(text):
            return Prose(f"<p>{text}</p>")
        self._house.begin(place)
        html = sanitize(self._markdown.convert(text)).strip()
        self._markdown.reset()
        cards = tuple(dict.fromkeys(self._house.cards))
        return Prose(
            html, tuple(key for key in dict.fromkeys(self._house.entries) if key not in cards), cards
        )

    def _anchor(self, heading: str, _separator: str) -> str:
        return numbered(slug(heading), self._house.place.anchors)

    def text(self, heading: str) -> str:
        """A heading's words, as a page's title shows them: without marks, links and pictures."""
        place = Place(lambda _href: None, lambda _text, _href: None)
        return entities.unescape(TAG.sub("", self.inline(heading, place))).strip()

    def inline(self, text: str, place: Place) -> str:
        """One line of Markdown, without the paragraph round it."""
        html = self.prose([_escape_block(text)], place).html
        return html.removeprefix("<p>").removesuffix("</p>")


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


def _viewers_patterns(markdown: Markdown) -> list[tuple[str, Pattern, float]]:
    """(name, pattern, priority) of what viewers show and plain Markdown does not. Code goes before (190)."""
    return [
        ("line_break", SubstituteTagInlineProcessor(r"\\\n", "br"), 185),
        ("struck_out", SimpleTagInlineProcessor(STRUCK_OUT, "del"), 65),
        ("bare_address", _Address(BARE_ADDRESS, markdown), 110),
        ("bare_mail", _Address(BARE_MAIL, markdown), 105),
    ]


def _escape_block(text: str) -> str:
    """A line that begins as a list, heading or quotation would is text all the same."""
    return re.sub(
        r"^(\s*)([-+*>#]|\d+[.)])(?=\s)",
        lambda found: found[1] + re.sub(r"([-+*>#.)])", r"\\\1", found[2]),
        text,
    )


class _HouseStyle(Treeprocessor):
    """The last word on the tree: everything that makes the HTML ours."""

    def begin(self, place: Place) -> None:
        self.place, self.entries, self.cards = place, list[str](), list[str]()
        self.box_level = place.box_level

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            tree.split_boxes(parent)
        for parent in list(root.iter()):
            for child in list(parent):
                self._change(parent, child)
        for picture in root.iter("img"):
            self._mend_picture(picture)
        for link in list(root.iter("a")):
            self._mend_link(link)

    def _change(self, parent: Element, child: Element) -> None:
        match child.tag:
            case "h2" | "h3" | "h4" | "h5" | "h6":
                self._mend_heading(child)
            case "blockquote":
                self._make_box(child)
            case "table":
                tree.wrap_table(parent, child)
            case "th":
                child.set("scope", "col")
            case "p":
                tree.make_figure(child)
                self._make_card(child)
            case "li":
                tree.make_check_box(child)
            case "div" if child.get("class") == "footnote":
                child[1].set("start", str(self.place.first_note))

    def _mend_heading(self, heading: Element) -> None:
        if heading.tag == "h2":
            self.box_level = 3
        if not self.place.has_anchors:
            heading.attrib.pop("id", None)

    def _make_box(self, quote: Element) -> None:
        found = tree.box_title(quote[0]) if len(quote) else None
        if not found:
            return
        quote.tag = "div"
        quote.set("class", tree.BOXES[found[1].lower()])
        quote.remove(quote[0])
        heading = Element(f"h{self.box_level}")
        heading.text = (found[2] or found[1]).strip()
        quote.insert(0, heading)

    def _make_card(self, paragraph: Element) -> None:
        """A link to a fact or contact alone in a paragraph is the whole entry, the first time on the page."""
        if not tree.is_alone(paragraph, "a"):
            return
        target = self.place.resolve(_address(paragraph[0]))
        if target and target.card and target.entry not in self.place.cards:
            self.place.cards.add(target.entry)
            self.cards.append(target.entry)
            paragraph.clear()
            paragraph.tag = "div"
            paragraph.text = self.md.htmlStash.store(target.card)

    def _mend_picture(self, image: Element) -> None:
        picture = self.place.picture(image.get("alt", ""), image.get("src", ""))
        image.set("src", picture.address if picture else "")
        if picture and picture.width and picture.height:
            image.set("width", picture.width)
            image.set("height", picture.height)

    def _mend_link(self, link: Element) -> None:
        if link.get("class", "").startswith("footnote"):
            self._number_note(link)
            return
        target = self.place.resolve(_address(link))
        if target is None:
            link.tag = "span"
            link.attrib.pop("href", None)
            return
        link.set("href", target.href)
        if target.entry:
            self.entries.append(target.entry)
            link.set("class", "fact-link")
        elif target.href.startswith(("http:", "https:")):
            link.set("rel", "noreferrer")

    def _number_note(self, link: Element) -> None:
        """Markdown numbers each text from 1; on a page of several texts the numbers go on."""

        def going_on(found: re.Match[str]) -> str:
            return str(int(found[0]) + self.place.first_note - 1)

        link.text = re.sub(r"^\d+$", going_on, link.text or "")
        if title := link.get("title"):
            link.set("title", re.sub(r"\d+", going_on, title))


def _address(link: Element) -> str:
    """Where it leads. An address for mail is written in entities."""
    href = link.get("href", "")
    return entities.unescape(href.replace(AMP_SUBSTITUTE, "&")) if AMP_SUBSTITUTE in href else href
