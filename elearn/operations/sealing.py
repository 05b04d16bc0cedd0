"""A file in pieces, each sealed: encrypted with a key, or with a checksum when there is none.

The construction is STREAM, as ``age`` has it: a piece's seal holds its place and whether it is the last, so
that a piece that is changed, moved, repeated or missing is found, and a file that was cut off too. Each file
has a key of its own, made of the key and 32 random bytes. Without a key the seal is a checksum: it finds what
a disk or a network broke, not what somebody changed on purpose.
"""

import hashlib
import hmac
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from elearn.errors import Refused

MAGIC = b"elearn backup 1\n"
SQLITE_MAGIC = b"SQLite format 3\0"
PIECE_BYTES = 64 * 1024
KEY_BYTES = 32
SALT_BYTES = 32
MARK_BYTES = 16  # by which the right key is known before anything is read
OPEN_MARK = bytes(MARK_BYTES)
HEADER_BYTES = len(MAGIC) + SALT_BYTES + MARK_BYTES
MAKE_KEY = "Skapa en med: (umask 077; openssl rand -out NYCKELFIL 32)"


class Seal(Protocol):
    """What closes a piece and opens it again."""

    added_bytes: int

    def close(self, place: bytes, piece: bytes) -> bytes:
        """The piece as it stands in the file."""

    def open(self, place: bytes, sealed: bytes) -> bytes | None:
        """The piece again; None when it is not what was closed at this place."""


class Encryption:
    """ChaCha20-Poly1305 with the file's own key."""

    added_bytes = 16

    def __init__(self, key: bytes, header: bytes) -> None:
        self._cipher, self._header = ChaCha20Poly1305(key), header

    def close(self, place: bytes, piece: bytes) -> bytes:
        """The piece as it stands in the file."""
        return self._cipher.encrypt(place, piece, self._header)

    def open(self, place: bytes, sealed: bytes) -> bytes | None:
        """The piece again, or None."""
        try:
            return self._cipher.decrypt(place, sealed, self._header)
        except InvalidTag:
            return None


class Checksum:
    """SHA-256 over the header, the place and the piece."""

    added_bytes = 32

    def __init__(self, header: bytes) -> None:
        self._header = header

    def close(self, place: bytes, piece: bytes) -> bytes:
        """The piece as it stands in the file."""
        return piece + hashlib.sha256(self._header + place + piece).digest()

    def open(self, place: bytes, sealed: bytes) -> bytes | None:
        """The piece again, or None."""
        piece, told = sealed[: -self.added_bytes], sealed[-self.added_bytes :]
        return piece if hashlib.sha256(self._header + place + piece).digest() == told else None


def read_key(path: Path | None) -> bytes | None:
    """The key of a key file: 32 bytes, or the same as 64 hexadecimal digits. None without a file.

    Raises ``Refused`` for a file that holds no such key."""
    if path is None:
        return None
    try:
        found = path.read_bytes()
    except OSError as error:
        raise Refused(f"ELEARN_BACKUP_KEY_FILE: {path} går inte att läsa: {error.strerror}.") from None
    if len(found) != KEY_BYTES:
        try:
            found = bytes.fromhex(found.decode("ascii"))
        except ValueError:
            found = b""
    if len(found) != KEY_BYTES or len(set(found)) < 8:
        raise Refused(f"ELEARN_BACKUP_KEY_FILE: {path} ska vara en nyckel på 32 slumpade byte. {MAKE_KEY}")
    return found


class SealedWriter:
    """Writes what it is given, in sealed pieces; ``close`` ends the file (and leaves it open)."""

    def __init__(self, file: BinaryIO, key: bytes | None) -> None:
        salt = os.urandom(SALT_BYTES)
        header, self._seal = _seal(MAGIC + salt, key)
        self._file, self._waiting, self._number = file, bytearray(), 0
        file.write(header)

    def write(self, data: bytes) -> None:
        """Add to the file."""
        self._waiting += data
        while len(self._waiting) > PIECE_BYTES:  # a whole piece waits: it may be the last
            self._put(bytes(self._waiting[:PIECE_BYTES]), is_last=False)
            del self._waiting[:PIECE_BYTES]

    def close(self) -> None:
        """Write the last piece."""
        self._put(bytes(self._waiting), is_last=True)

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._seal.close(_place(self._number, is_last=is_last), piece))
        self._number += 1


def read_pieces(file: BinaryIO, key: bytes | None) -> Iterator[bytes]:
    """What was written, piece by piece. Each is known to be whole before it is given.

    Raises ``Refused`` for a file that is none of ours, the wrong key, and a file that is not as it was
    written."""
    seal = _known_seal(file.read(HEADER_BYTES), key)
    size = PIECE_BYTES + seal.added_bytes
    number, sealed = 0, file.read(size)
    while True:
        following = file.read(size)
        piece = seal.open(_place(number, is_last=not following), sealed)
        if piece is None:
            raise Refused(
                f"Säkerhetskopian är skadad eller avkortad: bit {number + 1} är inte som den skrevs. "
                "Ingenting är återläst. Ta en annan säkerhetskopia."
            )
        yield piece
        if not following:
            return
        number, sealed = number + 1, following


def is_sealed(path: Path) -> bool:
    """Whether the file begins as ours do."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _place(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def _seal(start: bytes, key: bytes | None) -> tuple[bytes, Seal]:
    """The header that begins so, and the seal of its file."""
    if key is None:
        header = start + OPEN_MARK
        return header, Checksum(header)
    made = HKDF(SHA256(), KEY_BYTES + MARK_BYTES, start[len(MAGIC) :], MAGIC).derive(key)
    header = start + made[KEY_BYTES:]
    return header, Encryption(made[:KEY_BYTES], header)


def _known_seal(header: bytes, key: bytes | None) -> Seal:
    if header.startswith(SQLITE_MAGIC):
        raise Refused(
            "Filen är en kopia av själva databasfilen. En sådan kan sakna rader utan att det syns, och läses "
            "inte in. Ta en fil som elearn backup har gjort."
        )
    if len(header) != HEADER_BYTES or not header.startswith(MAGIC):
        raise Refused("Filen är ingen säkerhetskopia som elearn backup har gjort.")
    start, mark = header[:-MARK_BYTES], header[-MARK_BYTES:]
    if mark == OPEN_MARK:
        if key is not None:
            raise Refused(
                "Säkerhetskopian är inte krypterad, men ELEARN_BACKUP_KEY_FILE är satt. Ingen vet då om den "
                "är äkta. Ta bort inställningen om den ändå ska läsas in."
            )
        return Checksum(header)
    if key is None:
        raise Refused("Säkerhetskopian är krypterad. Sätt ELEARN_BACKUP_KEY_FILE till filen med nyckeln.")
    right, seal = _seal(start, key)
    if not hmac.compare_digest(right, header):
        raise Refused(
            "Nyckeln passar inte. ELEARN_BACKUP_KEY_FILE har en annan nyckel än den som säkerhetskopian "
            "krypterades med, eller så är filens början skadad."
        )
    return seal
