"""Pictures for posts of the demonstration company, drawn here: nobody's, and of nobody."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SKY, GROUND, RED, GLASS, DARK, SKIN = (
    "#dfeaf2",
    "#c9c4b8",
    "#b3341f",
    "#a9c6d8",
    "#22303a",
    "#d8a77f",
)
COATS = ("#2f6f5e", "#36517a", "#7a4b00", "#5b4a78")


def van_in_the_depot() -> SimpleUploadedFile:
    """Visitors stand around a red electric van."""
    picture, draw = _depot()
    draw.rounded_rectangle((360, 300, 920, 620), 40, fill=RED)
    draw.rounded_rectangle((740, 340, 880, 450), 20, fill=GLASS)
    for left in (440, 760):
        draw.ellipse((left, 560, left + 110, 670), fill=DARK)
    for number, left in enumerate((160, 250, 970, 1060)):
        _person(draw, left, 340, COATS[number], 1)
    return _file(picture, "van.jpg")


def child_with_a_helmet() -> SimpleUploadedFile:
    """A grown-up and a child in front of the door."""
    picture, draw = _depot()
    _person(draw, 500, 300, COATS[1], 1.2)
    _person(draw, 660, 440, COATS[0], 0.8)
    draw.chord((653, 425, 733, 505), 180, 360, fill=RED)
    return _file(picture, "child.jpg")


def _depot() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (1280, 800), SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 600, 1280, 800), fill=GROUND)
    draw.rectangle((90, 120, 1190, 600), fill="#eef1ee")
    for left in range(120, 1160, 175):
        draw.rectangle((left, 160, left + 140, 240), fill=GLASS)
    return picture, draw


def _person(draw: ImageDraw.ImageDraw, left: int, top: int, coat: str, size: float) -> None:
    def place(*sides: int) -> tuple[float, ...]:
        return tuple((left, top)[number % 2] + side * size for number, side in enumerate(sides))

    draw.ellipse(place(10, 0, 70, 60), fill=SKIN)
    draw.rounded_rectangle(place(0, 65, 80, 230), 24, fill=coat)
    draw.rectangle(place(10, 220, 32, 340), fill=DARK)
    draw.rectangle(place(48, 220, 70, 340), fill=DARK)


def _file(picture: Image.Image, name: str) -> SimpleUploadedFile:
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
