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
