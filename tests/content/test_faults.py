"""What an author has to mend, in words: also when it is the system that refuses."""

from pathlib import Path

import pytest

from elearn.content.faults import UnreadableFile, telling_unreadable


def test_a_file_that_the_system_refuses_is_named_in_an_authors_words(tmp_path: Path) -> None:
    file = tmp_path / "grunder.md"
    with (
        pytest.raises(UnreadableFile, match="Filen går inte att läsa just nu") as refusal,
        telling_unreadable(),
    ):
        file.read_bytes()
    assert [(fault.path, fault.line) for fault in refusal.value.found] == [(str(file), 1)]


def test_a_refusal_without_a_file_still_says_where_to_look() -> None:
    with pytest.raises(UnreadableFile) as refusal, telling_unreadable():
        raise OSError(5, "Input/output error")
    assert refusal.value.found[0].path == "courses"
