"""A file that was sent is read as one that lies on the disk."""

from pathlib import Path

from elearn.directory import tables
from elearn.source import SentFile


def test_a_file_that_was_sent_is_read_as_one_on_the_disk(tmp_path: Path) -> None:
    content = "namn;ålder\nSara;44\n".encode()
    (tmp_path / "p.csv").write_bytes(content)
    sent = SentFile("p.csv", content)
    assert sent.stat().st_size == 20 == (tmp_path / "p.csv").stat().st_size
    assert tables.read_table(sent, ["namn", "ålder"]) == tables.read_table(
        tmp_path / "p.csv", ["namn", "ålder"]
    )
