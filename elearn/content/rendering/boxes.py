"""Changes to Markdown's tree that need not know where the text stands: boxes, figures, tables, check
boxes."""

import re
from xml.etree.ElementTree import Element, SubElement

from elearn.content.reading.box_kinds import BOX_TITLE

BOX_CLASSES = {
    "viktigt": "box viktigt",
    "exempel": "box exempel",
    "tips": "box",
    "lagen": "box",
    "fundera": "box reflektera",
}


def leads_into(block: Element, following: Element | None) -> bool:
    """Whether this paragraph's sentence goes on in the list after it: ”… det här:”, ”… är brott att”."""
    if block.tag != "p" or following is None or following.tag not in ("ul", "ol"):
        return False
    return "".join(block.itertext()).rstrip()[-1:] not in tuple(".!?…”)")


def is_alone(paragraph: Element, tag: str) -> bool:
    """Whether the paragraph holds one such element and nothing else."""
    return (
        len(paragraph) == 1
        and paragraph[0].tag == tag
        and not (paragraph.text or "").strip()
        and not (paragraph[0].tail or "").strip()
    )


def box_title(paragraph: Element) -> re.Match[str] | None:
    """The kind and heading of a box, when the paragraph is its first: bold, and nothing else."""
    if paragraph.tag != "p" or not is_alone(paragraph, "strong"):
        return None
    return BOX_TITLE.match("".join(paragraph.itertext()).strip())


def split_boxes(parent: Element) -> None:
    """Markdown joins quotations that stand close to each other: every box title begins a box of its own."""
    for quote in [child for child in parent if child.tag == "blockquote"]:
        starts = [place for place, child in enumerate(quote) if place and box_title(child)]
        for start in reversed(starts):
            rest = Element("blockquote")
            for child in list(quote)[start:]:
                quote.remove(child)
                rest.append(child)
            parent.insert(list(parent).index(quote) + 1, rest)


def make_figure(paragraph: Element) -> None:
    """A picture alone in a paragraph."""
    if is_alone(paragraph, "img"):
        paragraph.tag = "figure"


def wrap_table(parent: Element, table: Element) -> None:
    """A table wider than a phone scrolls in its own box, which the keyboard reaches."""
    if parent.get("class") == "scroll":
        return
    place = list(parent).index(table)
    parent.remove(table)
    wrapper = Element("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Tabell"})
    wrapper.tail, table.tail = table.tail, None
    wrapper.append(table)
    parent.insert(place, wrapper)


def pair_lists(root: Element) -> None:
    """Third-level headings with a list each, directly after each other (before and after, children and
    adults): a wide page shows them beside each other."""
    blocks, place = list(root), 0
    while place < len(blocks):
        end = place
        while _is_headed_list(blocks[end : end + 2]):
            end += 2
        if end > place + 2:
            _set_beside(root, blocks[place:end])
        place = max(end, place + 1)


def _is_headed_list(pair: list[Element]) -> bool:
    return len(pair) == 2 and pair[0].tag == "h3" and pair[1].tag in ("ul", "ol")


def _set_beside(root: Element, blocks: list[Element]) -> None:
    pairs = Element("div", {"class": "beside"})
    pairs.tail = "\n"
    root.insert(list(root).index(blocks[0]), pairs)
    for heading, items in zip(blocks[::2], blocks[1::2], strict=True):
        root.remove(heading)
        root.remove(items)
        SubElement(pairs, "div").extend([heading, items])


def make_check_box(item: Element) -> None:
    """An ordinary checklist: a sign, nothing to tick."""
    holder = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
    if found := re.match(r"\s*\[([ xX])\]\s", holder.text or ""):
        text, holder.text = (holder.text or "")[found.end() :], ""
        item.set("class", "check")
        sign = SubElement(holder, "span")
        holder.remove(sign)
        holder.insert(0, sign)
        sign.text, sign.tail = ("☐" if found[1] == " " else "☑"), " " + text
