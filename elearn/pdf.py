"""Tagged PDF (PDF/UA-1) by Typst, from a template and data. The only module that knows Typst.

What is told goes in as data (JSON), never as a part of a template, so whatever somebody wrote is printed as
it stands; and a template can read no file but those of its own folder. The same data gives the same bytes.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent / "fonts"


def draw(template: Path, told: Mapping[str, Any]) -> bytes:
    """The PDF. The template reads ``told`` as ``json(bytes(sys.inputs.told))``."""
    try:
        return _compiled(template, told, is_strict=True)
    except typst.TypstError:  # a letter of the data that no font has: the standard refuses the empty box
        return _compiled(template, told, is_strict=False)


def _compiled(template: Path, told: Mapping[str, Any], *, is_strict: bool) -> bytes:
    return typst.compile(
        template,
        root=template.parent,
        font_paths=_fonts(),
        sys_inputs={"told": json.dumps(told)},
        format="pdf",
        pdf_standards="ua-1" if is_strict else None,
    )


@functools.cache
def _fonts() -> typst.Fonts:
    """Read once: our own, for letters that it lacks Typst's, and for those that both lack the machine's."""
    return typst.Fonts(font_paths=[FONTS])
