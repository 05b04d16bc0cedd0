"""A learner who knows nothing but what the answer page says: it answers wrongly at first, reads what was
right from the page, and tries again. A test with learning outcomes asks other questions the next time: what
the page has explained of an outcome is then used for them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from playwright.sync_api import Locator, Page

from elearn.content.course import Course, Question, QuestionKind
from tests.browsing import SENDS

MOST_TRIES = 6
# What an answer page tells of each question, by the question's id: the texts of the right choices, the rows
# in their right order, or the right choice of each row.
TOLD = """() => Object.fromEntries([...document.querySelectorAll("section.ans")].map(section => {
  const plain = text => text.replace(/\\s+/g, " ").trim();
  const inline = nodes => {
    let text = "";
    for (const node of nodes) {
      if (node.nodeType === 1 && ["P", "UL", "OL", "DIV", "SPAN"].includes(node.tagName)) break;
      text += node.textContent;
    }
    return plain(text);
  };
  const right = [...section.querySelectorAll("li > div > strong")]
    .filter(strong => /, rätt$|det är rätt$/.test(plain(strong.textContent)))
    .map(strong => inline([...strong.parentElement.childNodes].slice(1)));
  const order = [...section.querySelectorAll(":scope > ol > li")].map(row => inline(row.childNodes));
  const pairs = [...section.querySelectorAll(":scope > dl > dt")].map(term => {
    const lines = term.nextElementSibling.innerHTML.split("<br>").map(line => {
      const holder = document.createElement("i");
      holder.innerHTML = line;
      return plain(holder.textContent);
    });
    return [plain(term.textContent), lines.pop().replace("Det som hör ihop: ", "")];
  });
  return [section.id.slice(2), { right, order, pairs: Object.fromEntries(pairs) }];
}))"""


@dataclass
class Learner:
    """``told``: what the answer pages have said so far; ``learnt``: the outcomes that they have explained."""

    page: Page
    course: Course
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    learnt: set[str] = field(default_factory=set)

    def tries_until_passed(self, address: str) -> int:
        """How many times the final test had to be sent; more than ``MOST_TRIES``: it was given up."""
        for turn in range(1, MOST_TRIES + 1):
            self.page.goto(address)
            for question in self.course.final_test.questions:
                box = self.page.locator(f"fieldset#q-{question.id}")
                if box.count():
                    self.answer(box, question)
            self.page.get_by_role("button", name=SENDS).click()
            self.page.wait_for_url(re.compile("/svar"))
            if self.page.get_by_role("link", name="Visa ditt intyg").count():
                return turn
            self.told |= self.page.evaluate(TOLD)
            questions = self.course.final_test.questions
            self.learnt |= {q.outcome for q in questions if q.id in self.told and q.outcome}
        return MOST_TRIES + 1

    def answer(self, box: Locator, question: Question) -> None:
        """As the answer page said; wrongly where it has said nothing yet."""
        told = self.told.get(question.id, {})
        if not told and question.outcome in self.learnt:
            told = rightly(question)
        match question.kind:
            case QuestionKind.ORDER:
                self.put_in_order(box, told.get("order") or ())
            case QuestionKind.MATCH:
                self.pair(box, question, told.get("pairs") or {})
            case _:
                self.choose(box, question, told.get("right") or ())

    def choose(self, box: Locator, question: Question, right: Collection[str]) -> None:
        wrong = {choice.key for choice in question.choices if not choice.is_right}
        for label in box.locator("label.opt").all():
            control = label.locator("input")
            is_wanted = plain(label.inner_text()) in right
            if not right:
                is_wanted = control.get_attribute("value") in wrong
            if is_wanted or question.kind.takes_several:
                control.set_checked(is_wanted)
            if not right and is_wanted:
                break

    def put_in_order(self, box: Locator, order: Sequence[str]) -> None:
        """Without knowing better: the rows as they stand, which is never the right order."""
        rows = box.locator(".sort li")
        for place, row in enumerate(rows.all(), 1):
            text = plain(row.inner_text()).removeprefix("Plats för: ")
            row.locator("input").fill(str(order.index(text) + 1 if order else place))

    def pair(self, box: Locator, question: Question, pairs: dict[str, str]) -> None:
        """Without knowing better: a choice that is another row's."""
        answers = {f"{question.id}.{row.key}": row.answer for row in question.rows}
        for row in box.locator(".pair").all():
            field = row.locator("select")
            if pairs:
                field.select_option(label=pairs[plain(row.locator("label").inner_text())])
            else:
                mine = answers[field.get_attribute("name") or ""]
                field.select_option(next(c.key for c in question.choices if c.key != mine))


def rightly(question: Question) -> dict[str, Any]:
    """What an answer page would tell of it."""
    texts = {choice.key: unmarked(choice.text) for choice in question.choices}
    return {
        "right": [texts[choice.key] for choice in question.choices if choice.is_right],
        "order": [unmarked(row.text) for row in sorted(question.rows, key=lambda row: row.answer)],
        "pairs": {unmarked(row.text): texts.get(row.answer, "") for row in question.rows},
    }


def unmarked(html: str) -> str:
    """The text that is seen of it."""
    return plain(unescape(re.sub(r"<[^>]+>", "", html)))


def plain(text: str) -> str:
    return " ".join(text.split())
