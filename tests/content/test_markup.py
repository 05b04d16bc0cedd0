"""Whatever an author writes, the page holds only what the house permits (S18)."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.reading.links import Target
from elearn.content.rendering import markup
from elearn.content.rendering.house_style import Place
from elearn.content.rendering.markup import Markup
from tests.content import folders

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.se/a.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>1</script></svg>",
    "<iframe src='https://x.se'></iframe>",
    "<style>*{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<form action='https://x.se'><input name=a></form>",
    "<base href='https://x.se/'>",
    "<meta http-equiv=refresh content='0;url=https://x.se'>",
    "<object data=x></object>",
    "<math><mi xlink:href='javascript:1'>x</mi></math>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:1)",
    "[x](file:///etc/passwd)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](y.png)',
    '[x](https://a.se "t\\" onclick=\\"1")',
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[a](b [c](javascript:1))",
    "<!-- <script>1</script> -->",
    "<a href='javascript:1'>x</a>",
    "`<script>1</script>`",
    "```\n<script>1</script>\n```",
    '*[HTML]: " onmouseover="1\n\nHTML',
    "[^1]\n\n[^1]: <script>1</script>",
    "| a |\n|---|\n| <script>1</script> |",
    "&lt;script&gt;1&lt;/script&gt;",
    "x\n: <img onerror=1 src=x>",
    "# <img src=x onerror=1> {onclick=1}",
    "> **Viktigt: <script>1</script>**\n>\n> x",
    "- [x] <input type=text>",
    "\x00<script>\x001</script>",
]
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
PIECES = st.sampled_from(
    [
        *HOSTILE,
        "<",
        ">",
        '"',
        "'",
        "](",
        "![",
        "[",
        "&",
        "#",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "javascript:",
        "onerror=",
        "http://",
        "`",
        "*",
        "|",
    ]
) | st.text(max_size=8)


class Reader(HTMLParser):
    """Every element, attribute and address of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def resolve(target: str) -> Target | None:
    """As permissive as can be: every address is let through to what sanitizes it."""
    return Target(target)


def assert_permitted(html: str) -> None:
    found = Reader(html)
    assert found.others == []
    for tag, attributes in found.elements:
        assert tag in markup.TAGS, tag
        for name, value in attributes.items():
            assert name in markup.ATTRIBUTES["*"] | markup.ATTRIBUTES.get(tag, set()), (tag, name)
            if name in ("href", "src") and (scheme := SCHEME.match(as_a_browser_reads(value or ""))):
                assert scheme[1].lower() in markup.SCHEMES, value
                assert tag != "img", "a picture from elsewhere"


def as_a_browser_reads(address: str) -> str:
    """Without what the URL standard drops: leading control characters and spaces, tabs and line breaks
    anywhere."""
    return re.sub(r"[\t\r\n]", "", address.lstrip("".join(map(chr, range(33)))))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_becomes_nothing_but_text(text: str) -> None:
    """S18."""
    assert_permitted(
        folders.shown(
            Markup().prose(text.split("\n"), Place(resolve, lambda _key: None, lambda _text, _href: None))
        )
    )
    assert_permitted(
        Markup().inline(text.replace("\n", " "), Place(resolve, lambda _key: None, lambda _text, _href: None))
    )


@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_mixture_becomes_nothing_but_text(text: str) -> None:
    """S18."""
    html = folders.shown(
        Markup().prose(text.split("\n"), Place(resolve, lambda _key: None, lambda _text, _href: None))
    )
    assert_permitted(html)
    assert "<script" not in html.lower()


def test_what_authors_write_is_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The list is no wider than needed, and no narrower either."""
    text = "**fet** *kursiv* [länk](https://a.se) ~~\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> **Tips: Så**\n>\n> x\n\n1. ett\n\n- två\n\nFot[^1]\n\n[^1]: not"
    html = folders.shown(
        Markup().prose(text.split("\n"), Place(resolve, lambda _key: None, lambda _text, _href: None))
    )
    for piece in (
        "<strong>fet</strong>",
        "<em>kursiv</em>",
        'rel="noreferrer"',
        'scope="col"',
        'class="box"',
        "<ol>",
        "<ul>",
        "footnote",
        'role="region"',
    ):
        assert piece in html, piece


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ring ~~tre~~ fyra.", "Ring <del>tre</del> fyra."),
        ("~~*tre*~~", "<del><em>tre</em></del>"),
        ("Ungefär ~5 till ~~ 6 ~~.", "Ungefär ~5 till ~~ 6 ~~."),
        ("`~~tre~~`", "<code>~~tre~~</code>"),
        ("ett\\\ntvå", "ett<br>två"),
        (r"\~\~a\~\~ \: \@ \/", "~~a~~ : @ /"),
        (r"C:\mapp", r"C:\mapp"),
        (
            "Se https://www.x.se/a_b_c?d=1&e=2.",
            'Se <a href="https://www.x.se/a_b_c?d=1&amp;e=2">https://www.x.se/a_b_c?d=1&amp;e=2</a>.',
        ),
        ("(https://x.se/)", '(<a href="https://x.se/">https://x.se/</a>)'),
        ("Se www.bris.se, du.", 'Se <a href="https://www.bris.se">www.bris.se</a>, du.'),
        ("Skriv till a.b@x.se.", 'Skriv till <a href="mailto:a.b@x.se">a.b@x.se</a>.'),
        ("[https://x.se](https://y.se)", '<a href="https://y.se">https://x.se</a>'),
        ("<https://x.se>", '<a href="https://x.se">https://x.se</a>'),
        ("`https://x.se`", "<code>https://x.se</code>"),
        ("Mer finns på bris.se och kl. 8:30.", "Mer finns på bris.se och kl. 8:30."),
    ],
)
def test_what_every_viewer_shows_the_page_shows_too(text: str, html: str) -> None:
    place = Place(Target, lambda _key: None, lambda _text, _href: None)
    shown = folders.shown(Markup().prose([text], place)).replace(' rel="noreferrer"', "").replace("\n", "")
    assert shown == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Om *ansvar* och `mallen`", "Om ansvar och mallen"),
        ("Om [Bris](https://bris.se) & **oss**", "Om Bris & oss"),
        (r"Den \*lilla\* skillnaden 1 < 2", "Den *lilla* skillnaden 1 < 2"),
        ("1. Först", "1. Först"),
        ("~~Nej~~ Ja", "Nej Ja"),
    ],
)
def test_a_title_has_no_marks(heading: str, text: str) -> None:
    assert Markup().text(heading) == text
