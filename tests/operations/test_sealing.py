"""A sealed file: what was written comes back, and nothing else does."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.errors import Refused
from elearn.operations import sealing

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
HEADER, PIECE = 64, 65536
KEYS = pytest.mark.parametrize("key", [None, KEY], ids=["open", "encrypted"])


def sealed(data: bytes, key: bytes | None) -> bytes:
    file = io.BytesIO()
    writer = sealing.SealedWriter(file, key)
    writer.write(data)
    writer.close()
    return file.getvalue()


def opened(data: bytes, key: bytes | None) -> bytes:
    return b"".join(sealing.read_pieces(io.BytesIO(data), key))


@KEYS
@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 200_000])
def test_what_was_written_comes_back(key: bytes | None, size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    assert opened(sealed(data, key), key) == data


@given(parts=st.lists(st.binary(max_size=300)), key=st.sampled_from([None, KEY]))
def test_however_it_is_written(parts: list[bytes], key: bytes | None) -> None:
    file = io.BytesIO()
    writer = sealing.SealedWriter(file, key)
    for part in parts:
        writer.write(part)
    writer.close()
    assert opened(file.getvalue(), key) == b"".join(parts)


@KEYS
def test_every_flipped_byte_is_found(key: bytes | None) -> None:
    whole = sealed(b"Sara Lind", key)
    for place in range(len(whole)):
        broken = bytearray(whole)
        broken[place] ^= 1
        with pytest.raises(Refused):
            opened(bytes(broken), key)


@KEYS
def test_every_cut_is_found(key: bytes | None) -> None:
    whole = sealed(b"x" * (2 * PIECE), key)
    added = 16 if key else 32
    edges = [HEADER + PIECE + added, HEADER + 2 * (PIECE + added)]
    assert edges[1] == len(whole)
    for length in (
        0,
        1,
        HEADER - 1,
        HEADER,
        edges[0] - 1,
        edges[0],
        edges[0] + 1,
        edges[1] - 4096,
        edges[1] - 1,
    ):
        with pytest.raises(Refused):
            opened(whole[:length], key)


@KEYS
def test_pieces_that_changed_places_were_repeated_or_are_missing_are_found(key: bytes | None) -> None:
    whole = sealed(b"a" * PIECE + b"b" * PIECE + b"c" * PIECE + b"d", key)
    size = PIECE + (16 if key else 32)
    head, pieces = whole[:HEADER], [whole[at : at + size] for at in range(HEADER, len(whole), size)]
    assert opened(head + b"".join(pieces), key)[-1:] == b"d"
    first, second, third, last = pieces
    for others in (
        [second, first, third, last],
        [first, first, second, third, last],
        [first, third, last],
        [last],
    ):
        with pytest.raises(Refused, match="skadad eller avkortad"):
            opened(head + b"".join(others), key)


def test_a_piece_of_another_file_with_the_same_key_is_found() -> None:
    one, other = sealed(b"a" * PIECE + b"x", KEY), sealed(b"b" * PIECE + b"x", KEY)
    with pytest.raises(Refused, match="skadad"):
        opened(one[: HEADER + PIECE + 16] + other[HEADER + PIECE + 16 :], KEY)


def test_an_encrypted_file_shows_nothing_and_never_the_same_twice() -> None:
    data = b"Sara Lind " * 1000
    one, other = sealed(data, KEY), sealed(data, KEY)
    assert b"Sara" not in one
    assert one[HEADER:] != other[HEADER:]


@pytest.mark.parametrize(
    ("written_with", "read_with", "sentence"),
    [
        (KEY, OTHER, "Nyckeln passar inte."),
        (KEY, None, "Säkerhetskopian är krypterad. Sätt ELEARN_BACKUP_KEY_FILE"),
        (None, KEY, "Säkerhetskopian är inte krypterad, men ELEARN_BACKUP_KEY_FILE är satt."),
    ],
)
def test_the_wrong_key_is_told(written_with: bytes | None, read_with: bytes | None, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        opened(sealed(b"x", written_with), read_with)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"SQLite format 3\0" + bytes(4080), "kopia av själva databasfilen"),
        (b"", "ingen säkerhetskopia"),
        (b"PGDMP" + bytes(200), "ingen säkerhetskopia"),
        (b"elearn backup 1\n", "ingen säkerhetskopia"),
    ],
)
def test_another_file_is_told(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        opened(data, KEY)


@pytest.mark.parametrize("text", [KEY, KEY.hex().encode(), KEY.hex().upper().encode() + b"\n"])
def test_a_key_file_holds_32_bytes_or_their_digits(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(text)
    assert sealing.read_key(path) == KEY
    assert sealing.read_key(None) is None


@pytest.mark.parametrize("text", [b"", KEY[:31], KEY + b"x", bytes(32), b"zz" * 32, "lösenord".encode()])
def test_another_key_file_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(text)
    with pytest.raises(Refused, match="32 slumpade byte"):
        sealing.read_key(path)


def test_a_key_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="går inte att läsa"):
        sealing.read_key(tmp_path / "key")
