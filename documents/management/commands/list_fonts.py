"""Write down which fonts are shipped: their digests, and the characters they can print."""

from hashlib import sha256
from pathlib import Path

from django.core.management.base import BaseCommand
from fontTools.ttLib import TTFont

from ...assets import FONTS, SUMS
from ...coverage import LIST, runs_of


class Command(BaseCommand):
    help = "Write documents/fonts/SHA256SUMS and coverage.txt after fonts have changed."

    def handle(self, **_options: object) -> None:
        fonts = sorted(FONTS.glob("*.ttf"))
        SUMS.write_text("".join(f"{_digest(font)}  {font.name}\n" for font in fonts))
        LIST.write_text(coverage_of(fonts))


def coverage_of(fonts: list[Path]) -> str:
    """The union of the fonts' characters, one run of hexadecimal code points a line."""
    codes = sorted(set().union(*(TTFont(font).getBestCmap() for font in fonts)))
    return "".join(f"{a:X}\n" if a == b else f"{a:X}-{b:X}\n" for a, b in runs_of(codes))


def _digest(font: Path) -> str:
    return sha256(font.read_bytes()).hexdigest()
