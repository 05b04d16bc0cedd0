"""The refusals of the house. Each carries one Swedish sentence that a person can act on."""


class ElearnError(Exception):
    """A refusal that somebody is told about. ``str(error)`` is Swedish, complete and safe to show."""


class NotFound(ElearnError):
    """What was asked for does not exist, or is out of this person's reach: the two look the same."""


class Forbidden(ElearnError):
    """The person is known but may not do this."""


class Conflict(ElearnError):
    """The world has moved on since the person looked: nothing was changed."""


class Refused(ElearnError):
    """What was asked for cannot be done as things stand: a taken port, a file that cannot be written, a weak
    key. Whoever runs the command can put it right."""


class Invalid(ElearnError):
    """What was given cannot be used. ``faults`` holds every fault at once, one Swedish line each."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
