"""The coverage table as a reader sees it."""

import re

ROW = re.compile(r'<tr[^>]* id="([^"]*)">(.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
UNSEEN = re.compile(r'<span class="vh">.*?</span>|<p class="cov-path">.*?</p>|<svg.*?</svg>', re.DOTALL)


def cells_of(page: str) -> dict[str, list[str]]:
    """The text of each row's cells, by the row's code, in the order of the page."""
    return {
        code: [re.sub("<[^>]+>", "", UNSEEN.sub("", cell)).strip() for cell in CELL.findall(row)]
        for code, row in ROW.findall(page)
    }
