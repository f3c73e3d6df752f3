"""The shipped files a document may use: our fonts and style sheets, known by name and digest."""

from hashlib import sha256
from pathlib import Path

from .errors import RenderError

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
LOOKS = HERE.parent / "templates" / "documents"
SUMS = FONTS / "SHA256SUMS"
STYLE_SHEETS = ("print", "edition", "acknowledgement", "backing_record", "a4", "letter")


def check_fonts() -> None:
    """Every font is there, byte for byte: a document in another font would be another document."""
    for line in SUMS.read_text().splitlines():
        digest, name = line.split()
        path = FONTS / name
        if not path.is_file():
            raise RenderError(f"The font {name} is missing. Put documents/fonts/ back as shipped.")
        if sha256(path.read_bytes()).hexdigest() != digest:
            raise RenderError(f"The font {name} is damaged. Put documents/fonts/ back as shipped.")


def style_sheets() -> dict[str, str]:
    """The text of each style sheet by name."""
    return {name: _style_sheet(name) for name in STYLE_SHEETS}


def _style_sheet(name: str) -> str:
    try:
        return (LOOKS / f"{name}.css").read_text(encoding="utf-8")
    except OSError as error:
        message = f"The style sheet {name}.css is missing. Put templates/documents/ back."
        raise RenderError(message) from error
