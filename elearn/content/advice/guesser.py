"""How much of a bank a rule without reading gets right: plus for what sounds like a report, minus for what
sounds like the family. A bank that can be guessed measures nothing."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from elearn.content.course import QuestionKind
from elearn.content.reading.questions import RawQuestion

PLUS = re.compile(r"anmäl|socialtjänst|socialjour|112|enrum|ensam|skydd", re.IGNORECASE)
MINUS = re.compile(
    r"mamma|pappa|förälder|föräldrar|vårdnadshavar|släkt|chef|rektor|vänta|lova|brev|sms|mejl", re.IGNORECASE
)


def single_answers(questions: Iterable[RawQuestion]) -> list[RawQuestion]:
    """Those that have one right answer among options."""
    return [question for question in questions if question.kind == QuestionKind.SINGLE and question.options]


def score(option: str) -> int:
    """What the rule gives an option."""
    return len(PLUS.findall(option)) - len(MINUS.findall(option))


def chance(question: RawQuestion) -> Fraction:
    """How likely the rule is to choose the right option: between equals it chooses by chance."""
    scores = [score(option.text) for option in question.options]
    best = [
        option.is_right
        for option, found in zip(question.options, scores, strict=True)
        if found == max(scores)
    ]
    return Fraction(sum(best), len(best))


def share(questions: Sequence[RawQuestion]) -> Fraction:
    """The share of the single-answer questions that the rule gets right; 0 where there are none."""
    asked = single_answers(questions)
    return sum(map(chance, asked), Fraction(0)) / len(asked) if asked else Fraction(0)
