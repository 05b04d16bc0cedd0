"""The last word on Markdown's tree: boxes, cards, figures and links as ours, each where its page will put its
own address."""

import html as entities
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from elearn.content.prose import (
    Contact,
    ContactRows,
    CourseLink,
    EntryLink,
    Fact,
    FactCard,
    LessonLink,
    Part,
    PictureAddress,
)
from elearn.content.reading.links import Picture, Target
from elearn.content.rendering import boxes
from elearn.content.rendering.notes import BlockNotes

Marked = Callable[[tuple[Part, ...]], Part]  # what stands at a mark, with the text of its link
MARKED = re.compile(
    r'<a (?:class="settled" )?href="part:(?P<link>\d+)"[^>]*>(?P<text>.*?)</a>|part:(?P<address>\d+)(?=")',
    re.DOTALL,
)
SETTLED = "settled"
Resolve = Callable[[str], Target | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: what its links and its pictures (alternative text, address) mean, and what comes
    before it on its page."""

    resolve: Resolve
    entry: Callable[[str], Fact | Contact | None]
    picture: Callable[[str, str], Picture | None]
    box_level: int = 3  # 2 until a second-level heading has come: a box under the title has one itself
    first_note: int = 1
    has_lead: bool = False  # whether its first paragraph is the lesson's own introduction
    has_anchors: bool = True  # whether a link can lead to a heading in the text
    anchors: dict[str, int] = field(default_factory=dict)  # of the headings above, see ``source.numbered``
    told: dict[str, int] = field(default_factory=dict)  # how often each entry is told in the file so far


def parts(html: str, marked: Sequence[Marked]) -> tuple[Part, ...]:
    """The HTML, parted where ``HouseStyle`` has left a number."""
    found_parts: list[Part] = []
    place = 0
    for found in MARKED.finditer(html):
        found_parts.append(html[place : found.start()])
        number = int(found["link"] or found["address"])
        found_parts.append(marked[number](parts(found["text"] or "", marked)))
        place = found.end()
    return tuple(part for part in [*found_parts, html[place:]] if part)


class HouseStyle(Treeprocessor):
    """The last word on the tree: everything that makes the HTML ours."""

    def begin(self, place: Place) -> None:
        self.place, self.marked = place, list[Marked]()
        self.box_level = place.box_level

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            boxes.split_boxes(parent)
        for parent in list(root.iter()):
            for child in list(parent):
                self._change(parent, child)
        if self.place.has_lead and len(root) and root[0].tag == "p":
            root[0].set("class", "lead")
        boxes.pair_lists(root)
        for parent in list(root.iter()):
            self._show_entries(parent)
        for picture in root.iter("img"):
            self._mend_picture(picture)
        self._mend_links(root)

    def _change(self, parent: Element, child: Element) -> None:
        match child.tag:
            case "h2" | "h3" | "h4" | "h5" | "h6":
                self._mend_heading(child)
            case "blockquote":
                self._make_box(child)
            case "table":
                boxes.wrap_table(parent, child)
            case "th":
                child.set("scope", "col")
            case "p":
                boxes.make_figure(child)
            case "li":
                boxes.make_check_box(child)
            case "div" if child.get("class") == "footnote":
                child[1].set("start", str(self.place.first_note))

    def _mend_heading(self, heading: Element) -> None:
        if heading.tag == "h2":
            self.box_level = 3
        if not self.place.has_anchors:
            heading.attrib.pop("id", None)

    def _make_box(self, quote: Element) -> None:
        found = boxes.box_title(quote[0]) if len(quote) else None
        if not found:
            return
        quote.tag = "div"
        quote.set("class", boxes.BOX_CLASSES[found[1].lower()])
        quote.remove(quote[0])
        heading = Element(f"h{self.box_level}")
        heading.text = (found[2] or found[1]).strip()
        quote.insert(0, heading)

    def _show_entries(self, parent: Element) -> None:
        """A link alone in its paragraph is the whole fact, or a row among the contacts that follow on each
        other. A contact that nobody can reach is left out."""
        row: list[Contact] = []
        for child in list(parent):
            match self._only_entry(child):
                case Fact() as fact:
                    self._put(child, _fact_card(fact))
                    row = []
                case Contact(is_reachable=True) as contact if not row:
                    row = [contact]
                    self._put(child, _contact_rows(row))
                case Contact() as contact:
                    parent.remove(child)
                    row += [contact] if contact.is_reachable else []
                case None:
                    row = []

    def _only_entry(self, block: Element) -> Fact | Contact | None:
        if block.tag != "p" or not boxes.is_alone(block, "a"):
            return None
        return self._entry(self.place.resolve(_address(block[0])))

    def _entry(self, target: Target | None) -> Fact | Contact | None:
        return self.place.entry(target.entry) if target and target.entry else None

    def _put(self, block: Element, make: Marked) -> None:
        """What a page will draw stands instead of the block."""
        block.clear()
        block.tag, block.tail = "a", "\n"
        self._mark(block, "href", make)
        block.set("class", SETTLED)

    def _mend_picture(self, image: Element) -> None:
        picture = self.place.picture(image.get("alt", ""), image.get("src", ""))
        image.set("src", "")
        if picture:
            self._mark(image, "src", lambda _text: PictureAddress(picture.path))
        if picture and picture.width and picture.height:
            image.set("width", picture.width)
            image.set("height", picture.height)

    def _mend_links(self, root: Element) -> None:
        """The links of each block, and directly after it the facts and contacts that they lead to. A list and
        the words that lead into it are one block."""
        notes = BlockNotes(self.place.told)
        blocks = list(root)
        for block, following in itertools.zip_longest(blocks, blocks[1:]):
            for link in list(block.iter("a")):
                self._mend_link(link, notes)
            if notes and not boxes.leads_into(block, following):
                told = Element("a")
                self._put(told, notes.part)
                root.insert(list(root).index(block) + 1, told)
                notes = BlockNotes(self.place.told)

    def _mend_link(self, link: Element, notes: BlockNotes) -> None:
        if link.get("class", "").startswith("footnote"):
            self._number_note(link)
            return
        if link.get("class") == SETTLED:
            return
        target = self.place.resolve(_address(link))
        title = link.get("title", "")
        entry = self._entry(target)
        if target is None or (target.entry and (entry is None or _is_out_of_reach(entry))):
            link.tag = "span"
            link.attrib.pop("href", None)
        elif entry:
            id = notes.id_of(entry)
            self._mark(link, "href", lambda text: EntryLink(entry.key, id, title, text))
        elif target.lesson:
            self._mark(link, "href", lambda text: LessonLink(target.lesson, target.anchor, title, text))
        elif target.course:
            self._mark(link, "href", lambda text: CourseLink(target.course, title, text))
        else:
            link.set("href", target.href)
            if target.href.startswith(("http:", "https:")):
                link.set("rel", "noreferrer")

    def _mark(self, element: Element, attribute: str, make: "Marked") -> None:
        """Put a number where a page will put its own: see ``parts``."""
        element.set(attribute, f"part:{len(self.marked)}")
        self.marked.append(make)

    def _number_note(self, link: Element) -> None:
        """Markdown numbers each text from 1; on a page of several texts the numbers go on."""

        def going_on(found: re.Match[str]) -> str:
            return str(int(found[0]) + self.place.first_note - 1)

        link.text = re.sub(r"^\d+$", going_on, link.text or "")
        if title := link.get("title"):
            link.set("title", re.sub(r"\d+", going_on, title))


def _fact_card(fact: Fact) -> Marked:
    return lambda _text: FactCard(fact)


def _contact_rows(row: list[Contact]) -> Marked:
    """Of all the contacts that are in the list when the text is finished."""
    return lambda _text: ContactRows(tuple(row))


def _is_out_of_reach(entry: Fact | Contact) -> bool:
    return isinstance(entry, Contact) and not entry.is_reachable


def _address(link: Element) -> str:
    """Where it leads. An address for mail is written in entities."""
    href = link.get("href", "")
    return entities.unescape(href.replace(AMP_SUBSTITUTE, "&")) if AMP_SUBSTITUTE in href else href
