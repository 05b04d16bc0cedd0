"""A file from outside, wherever it lies: on the disk, or as it was sent to a page."""

from dataclasses import dataclass
from typing import Protocol


class Sized(Protocol):
    """How large it is."""

    @property
    def st_size(self) -> int: ...


class Source(Protocol):
    """What a reader of files asks of one. A ``Path`` is one."""

    @property
    def name(self) -> str: ...

    def read_bytes(self) -> bytes: ...

    def stat(self) -> Sized: ...


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that was sent: it is never written to the disk."""

    name: str
    data: bytes

    def read_bytes(self) -> bytes:
        return self.data

    def stat(self) -> Sized:
        return self

    @property
    def st_size(self) -> int:
        return len(self.data)
