"""`make screenshots`: a picture of every page in every state, and one sheet with all of them.

    .venv/bin/python bench/screenshots.py [FOLDER]

Starts the demonstration with a database of its own in a temporary folder and goes the round of bench/tour.py.
Each state is taken whole at 390 and 1280 px, light and dark, into FOLDER (else var/screenshots), which is
emptied first. FOLDER/index.html shows them beside each other and opens without a server or a network. Needs
Chromium.
"""

import argparse
import html
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from bench import demonstration, tour

LOOKS = tuple(look for look in tour.LOOKS if not look.is_forced)
STYLE = """body { margin: 1.5rem; font: 16px/1.4 system-ui, sans-serif; background: #ddd; color: #111 }
section { margin: 0 0 2rem } h2 { font-size: 1.1rem; margin: 0 0 .5rem }
.row { display: flex; gap: .75rem; align-items: flex-start; flex-wrap: wrap }
figure { margin: 0 } figcaption { font-size: .8rem } a { color: inherit }
.crop { display: block; overflow: hidden; background: #fff; height: 560px } img { display: block }
.n { width: 195px } .w { width: 448px } .crop img { width: 100% }"""


def file_name(name: str, look: tour.Look) -> str:
    """Of a state in one look: "final-test-failed-390-light.png"."""
    return re.sub(r"[^a-z0-9]+", "-", f"{name} {look.name}".lower()).strip("-") + ".png"


def sheet(names: Iterable[str]) -> str:
    """The page of thumbnails: the upper part of each picture, which leads to the whole of it."""
    head = f"<meta charset=utf-8><title>Every page</title><style>{STYLE}</style>"
    rows = "\n".join(
        f"<section><h2>{html.escape(name)}</h2><div class=row>{row(name)}</div></section>" for name in names
    )
    return (
        f"<!doctype html>\n<html lang=en><head>{head}</head>"
        f"<body><h1>Every page in every state</h1>\n{rows}\n</body></html>\n"
    )


def row(name: str) -> str:
    figures = []
    for look in LOOKS:
        file = file_name(name, look)
        size = "n" if look.viewport["width"] < 600 else "w"
        picture = f'<img src="{file}" alt="{html.escape(name)}, {look.name}" loading=lazy>'
        link = f'<a class="crop {size}" href="{file}">{picture}</a>'
        figures.append(f"<figure>{link}<figcaption>{look.name}</figcaption></figure>")
    return "".join(figures)


def main(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = []
    with demonstration.running() as at:
        for stop in tour.stops(at):
            names.append(stop.name)
            for look in LOOKS:
                tour.take(stop.page, look)
                stop.page.screenshot(path=folder / file_name(stop.name, look), full_page=True)
            print(stop.name, file=sys.stderr, flush=True)
    (folder / "index.html").write_text(sheet(names), encoding="utf-8")
    print(folder / "index.html")


if __name__ == "__main__":
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("var", "screenshots"))
    main(parser.parse_args().folder)
