"""Files that are sent to a page: at one address alone, and never on the disk."""

import io
from typing import IO, Any

import flask
from flask import request

from elearn.people.access import Permission
from elearn.source import SentFile
from elearn.web.request import may
from elearn.web.turns import LARGER

LONGEST_NAME = 100


class Request(flask.Request):
    """A request whose files are kept in memory: Werkzeug would write a large one to the disk, in clear."""

    def _get_file_stream(self, *_size: Any, **_named: Any) -> IO[bytes]:
        return io.BytesIO()


def allow_upload() -> None:
    """Before the form is read: whoever may import may send files where they are received (S21)."""
    if request.path in LARGER and may(Permission.IMPORT_DIRECTORY):
        request.max_content_length = LARGER[request.path]


def sent_file(field: str, otherwise: str) -> SentFile | None:
    """The file of a field; None when none was chosen. ``otherwise``: what it is called when its own name
    tells nothing."""
    file = request.files.get(field)
    if file is None or not file.filename:
        return None
    name = file.filename.replace("\\", "/").rpartition("/")[2].strip()
    return SentFile(name[-LONGEST_NAME:] if name.isprintable() and name else otherwise, file.read())
