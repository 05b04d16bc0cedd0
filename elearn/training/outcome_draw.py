"""Which questions of a final test with learning outcomes an attempt asks (course-format.md, "Learning
outcomes"). Pure.

One question for every outcome, and then others up to ``dra``. Within an outcome's bank a person meets the
questions without replacement, at renewal years later too, and again only when the bank is used up. Nothing is
stored: what the attempts before have asked follows from their numbers.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from elearn.content.course import Lesson, Question

# Names in an order of the person's, the same for every attempt; and in one of this attempt.
Shuffle = Callable[[Sequence[str], str], list[str]]


def banks_of(lesson: Lesson) -> dict[str, tuple[str, ...]]:
    """The graded questions' ids by outcome, in the author's order."""
    banks: dict[str, tuple[str, ...]] = {}
    for question in lesson.questions:
        if question.is_graded:
            banks[question.outcome] = (*banks.get(question.outcome, ()), question.id)
    return banks


def can_ask(lesson: Lesson, asked: Sequence[Question]) -> bool:
    """Whether an attempt could ask exactly these: a question for every outcome, and as many as are drawn."""
    banks = banks_of(lesson)
    return {question.outcome for question in asked} == set(banks) and len(asked) == _wanted(
        banks, lesson.draw
    )


def asked_ids(
    lesson: Lesson, number: int, for_person: Shuffle, for_attempt: Callable[[int], Shuffle]
) -> list[str]:
    """The questions of this person's attempt ``number`` (1…), in the order asked."""
    banks = {name: for_person(ids, f"bank {name}") for name, ids in banks_of(lesson).items()}
    used: Counter[str] = Counter()
    asked: list[str] = []
    for attempt in range(1, number + 1):
        shuffle = for_attempt(attempt)
        counts = _counts(banks, lesson.draw, shuffle)
        asked = [question for name in banks for question in _next(banks[name], used[name], counts[name])]
        used.update(counts)
    return for_attempt(number)(asked, "asked")


def _counts(banks: dict[str, list[str]], draw: int | None, shuffle: Shuffle) -> Counter[str]:
    """How many questions each outcome has in an attempt: one, and the rest of ``dra`` shared out, never more
    than its bank has."""
    counts = Counter(dict.fromkeys(banks, 1))
    wanted = _wanted(banks, draw)
    turns = shuffle(list(banks), "outcomes")
    while counts.total() < wanted:
        for name in turns:
            if counts[name] < len(banks[name]) and counts.total() < wanted:
                counts[name] += 1
    return counts


def _wanted(banks: Mapping[str, Sequence[str]], draw: int | None) -> int:
    total = sum(map(len, banks.values()))
    return total if draw is None else min(draw, total)


def _next(bank: list[str], used_count: int, count: int) -> list[str]:
    """The next questions in the person's order; after the last the first. ``count`` is at most the bank's
    size, so no two are alike."""
    start = used_count % len(bank)
    return [bank[(start + turn) % len(bank)] for turn in range(count)]
