"""Telephone numbers for contacts that nobody has confirmed, so that the demonstration looks as the real thing
will. They are kept nowhere, and stand marked on the page."""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator

from elearn.content.prose import Contact

NUMBERS = tuple(f"08-465 004 {last:02}" for last in range(100))  # PTS keeps them for fiction: nobody has one


def invent_numbers(contacts: Iterable[Contact]) -> Iterator[Contact]:
    """The same contacts in the same order; an invented number for each that is unconfirmed."""
    numbers = itertools.cycle(NUMBERS)
    for contact in contacts:
        if contact.is_confirmed:
            yield contact
        else:
            yield dataclasses.replace(contact, phone=next(numbers), hours="", web="", is_invented=True)
