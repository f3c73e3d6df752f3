"""Markdown of clauses to safe HTML, and to plain text: bounded, then cleaned by an allow-list. Pure.

Raw HTML is shown as text. What comes out holds paragraphs, lists, quotes, small headings, emphasis and
links, and no attribute but a link's address.
"""

import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

import nh3
from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from .errors import WordingError

LONGEST = 100_000  # bytes
# Python-Markdown is quadratic in what it keeps for later: 16,000 open brackets took 60 s.
MOST_SIGNS = (("[", 500), ("(", 4_000), ("*_", 4_000), ("\\", 20_000), ("&", 20_000))
DEEPEST = 10  # lists and quotes within each other
HEADINGS = ("h4", "h5", "h6")  # a provision's own title is an h3
LINKS = re.compile(r"(?:https?://|mailto:)[^\s]+|#[a-z0-9-]+", re.IGNORECASE)
LEFT_OUT = {
    "preprocessors": ("html_block",),
    "inlinePatterns": ("html", "backtick", "image_link", "image_reference", "short_image_ref"),
}
GAPS = re.compile("[\\s\x1c-\x1f\x85\u2028\u2029]+", re.ASCII)
AS_ENTITY = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "=": "&#61;"}
AS_ENTITY |= {"~": "&#126;", "|": "&#124;"}
SIGNS = re.compile(r"[&<>\"'=~|\\`*_{}\[\]()#+\-.!]")


def escape_markdown(value: str) -> str:
    """The value as Markdown that shows exactly its characters; runs of spaces become one, none at its ends."""
    return SIGNS.sub(
        lambda sign: AS_ENTITY.get(sign[0], f"\\{sign[0]}"), GAPS.sub(" ", value).strip()
    )


def to_html(markdown: str) -> str:
    """Safe HTML. Raises WordingError where the Markdown is larger or deeper than a clause ever is."""
    _refuse_unbounded(markdown)
    try:
        html = _converter().convert(markdown)
    except RecursionError as error:
        raise WordingError(1, "The text", "is nested too deeply. Use fewer levels.") from error
    return CLEANER.clean(html).strip()


def to_text(markdown: str) -> str:
    """The words alone, lists with hyphens or numbers, a link followed by its address."""
    reader = _TextReader()
    reader.feed(to_html(markdown))
    return reader.text()


def _refuse_unbounded(markdown: str) -> None:
    if len(markdown.encode(errors="surrogatepass")) > LONGEST:
        raise WordingError(
            1, "The text", f"is longer than {LONGEST:,} bytes. Split it into clauses."
        )
    for signs, most in MOST_SIGNS:
        if sum(map(markdown.count, signs)) > most:
            raise WordingError(
                1, f"“{signs[0]}”", f"stands more than {most:,} times. Split the text."
            )
    for number, line in enumerate(markdown.split("\n"), start=1):
        start = line[: len(line) - len(line.lstrip(" \t>"))].expandtabs(4)
        if start.count(">") + start.count(" ") // 4 > DEEPEST:
            raise WordingError(number, "A list or quote", f"is more than {DEEPEST} levels deep.")


class _SmallHeadings(Treeprocessor):
    """The page and its provisions own the large headings."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if level := re.fullmatch(r"h([1-6])", str(element.tag)):
                element.tag = HEADINGS[min(int(level[1]), len(HEADINGS)) - 1]


class _ClauseMarkdown(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Python-Markdown's name)
        for registry, names in LEFT_OUT.items():
            for name in names:
                getattr(md, registry).deregister(name)
        for name in ("code", "reference"):
            md.parser.blockprocessors.deregister(name)
        md.treeprocessors.register(_SmallHeadings(md), "small_headings", 5)


def _converter() -> Markdown:
    """A fresh one each time: its state is not safe between threads."""
    return Markdown(extensions=["sane_lists", _ClauseMarkdown()], output_format="html")


def _kept_attribute(tag: str, attribute: str, value: str) -> str | None:
    return value if LINKS.fullmatch(value) else None


CLEANER = nh3.Cleaner(
    tags={"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "hr", *HEADINGS},
    attributes={"a": {"href"}},
    attribute_filter=_kept_attribute,
    url_schemes={"https", "http", "mailto"},
    link_rel=None,
    strip_comments=True,
)


class _TextReader(HTMLParser):
    """Reads our own cleaned HTML, nothing else."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = [""]
        self.lists: list[int | None] = []
        self.href = ""
        self.link_starts = 0
        self.is_fresh = True  # nothing but a list sign stands in this block yet

    def text(self) -> str:
        lines = "\n\n".join(block.strip("\n") for block in self.blocks if block.strip())
        return re.sub(r"[ \t]+\n", "\n", lines).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "ul" | "ol":
                self._begin_block()
                self.lists.append(None if tag == "ul" else 0)
            case "li":
                self._begin_item()
            case "br":
                self.blocks[-1] += "\n"
            case "a":
                self.href, self.link_starts = dict(attrs).get("href") or "", len(self.blocks[-1])
            case "p" | "blockquote" | "h4" | "h5" | "h6" | "hr":
                self._begin_block()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self.lists.pop()
            self._begin_block()
        elif tag == "a":
            self._end_link()
        elif tag == "blockquote" or tag in HEADINGS or (tag == "p" and not self.lists):
            self._begin_block()

    def handle_data(self, data: str) -> None:
        self.blocks[-1] += data.lstrip("\n") if self.is_fresh else data
        self.is_fresh = self.is_fresh and not data.strip()

    def _begin_block(self) -> None:
        """A new block; inside a list it stays with its item."""
        if not self.lists:
            self.blocks.append("")
            self.is_fresh = True

    def _begin_item(self) -> None:
        if self.lists[-1] is not None:
            self.lists[-1] += 1
        sign = "-" if self.lists[-1] is None else f"{self.lists[-1]}."
        indent = "  " * (len(self.lists) - 1)
        self.blocks[-1] = f"{self.blocks[-1].rstrip()}\n{indent}{sign} "
        self.is_fresh = True

    def _end_link(self) -> None:
        address = self.href.removeprefix("mailto:")
        if (
            address
            and not address.startswith("#")
            and address not in self.blocks[-1][self.link_starts :]
        ):
            self.blocks[-1] += f" ({address})"
        self.href = ""
