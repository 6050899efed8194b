"""Sleeves drawn by code: flat shapes, few colours, no letters (a machine may lack the fonts).

Each is drawn at twice its size and scaled down, which smooths its edges.
"""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

SIZE = 1_200
_SCALE = 2
_SIDE = SIZE * _SCALE

Draw = ImageDraw.ImageDraw
Point = tuple[float, float]


def cover(name: str) -> bytes:
    """Draw a sleeve of `COVERS` as PNG, 1200 pixels wide and high; the same bytes each time."""
    image = Image.new("RGB", (_SIDE, _SIDE))
    COVERS[name](image)
    out = io.BytesIO()
    image.resize((SIZE, SIZE), Image.Resampling.LANCZOS).quantize(192, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def _at(value: float) -> float:
    """Turn a place between 0 and 1 into pixels."""
    return value * _SIDE


def _fill(draw: Draw, colour: str) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=colour)


def _disc(draw: Draw, x: float, y: float, radius: float, colour: str) -> None:
    draw.ellipse((_at(x - radius), _at(y - radius), _at(x + radius), _at(y + radius)), fill=colour)


def _shape(draw: Draw, points: list[Point], colour: str) -> None:
    draw.polygon([(_at(x), _at(y)) for x, y in points], fill=colour)


def _line(draw: Draw, points: list[Point], colour: str, width: float) -> None:
    draw.line(
        [(_at(x), _at(y)) for x, y in points], fill=colour, width=max(1, round(_at(width))), joint="curve"
    )


def _wave(y: float, height: float, length: float, shift: float, *, steps: int = 160) -> list[Point]:
    places = np.linspace(-0.02, 1.02, steps)
    return [(float(x), float(y + height * np.sin(2 * np.pi * (x / length + shift)))) for x in places]


def _mixed(one: str, other: str, part: float) -> str:
    """Mix two colours, `#rrggbb`."""
    channels = [(int(one[k : k + 2], 16), int(other[k : k + 2], 16)) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in channels)


def _lighthouse(image: Image.Image) -> None:
    """Draw a lighthouse whose lamp has just come round, over nine waves."""
    draw = ImageDraw.Draw(image)
    night, lamp, brick = "#103b44", "#f5e3b0", "#d4502f"
    _fill(draw, night)
    centre = (0.62, 0.335)
    for start, end in ((158, 176), (182, 196), (-24, -10), (-4, 10)):
        far = [
            (centre[0] + 1.3 * np.cos(np.radians(a)), centre[1] - 1.3 * np.sin(np.radians(a)))
            for a in (start, end)
        ]
        _shape(draw, [centre, far[0], far[1]], _mixed(night, lamp, 0.9 if start > 90 else 0.45))
    _shape(draw, [(0.565, 0.78), (0.588, 0.37), (0.652, 0.37), (0.675, 0.78)], "#f3efe4")
    for top in (0.45, 0.61):
        spread = (top - 0.37) / 0.41 * 0.023
        more = 0.08 / 0.41 * 0.023
        _shape(
            draw,
            [
                (0.588 - spread, top),
                (0.652 + spread, top),
                (0.652 + spread + more, top + 0.08),
                (0.588 - spread - more, top + 0.08),
            ],
            brick,
        )
    _shape(draw, [(0.58, 0.37), (0.66, 0.37), (0.66, 0.355), (0.58, 0.355)], night)
    _shape(draw, [(0.594, 0.355), (0.646, 0.355), (0.646, 0.31), (0.594, 0.31)], lamp)
    _shape(draw, [(0.585, 0.31), (0.655, 0.31), (0.62, 0.262)], brick)
    for row in range(9):
        y = 0.775 + row * 0.03
        colour = _mixed("#1b5560", "#0a2a31", row / 8)
        wave = _wave(y, 0.006 + 0.0012 * row, 0.21 + 0.03 * row, row * 0.37)
        _shape(draw, [*wave, (1.02, 1.02), (-0.02, 1.02)], colour)
        _line(draw, wave, _mixed(lamp, colour, 0.35 + 0.06 * row), 0.0018)


def _river(image: Image.Image) -> None:
    """Draw a river of strings under a moon, seen from the fourth floor."""
    draw = ImageDraw.Draw(image)
    top, bottom, moon = "#0e1a40", "#31508f", "#f2e6bf"
    for row in range(240):
        draw.rectangle(
            (0, _SIDE * row / 240, _SIDE, _SIDE * (row + 1) / 240 + 1),
            fill=_mixed(top, bottom, (row // 20) / 11),
        )
    _disc(draw, 0.27, 0.235, 0.1, moon)
    t = np.linspace(-0.03, 1.03, 220)
    bend = 0.6 + 0.17 * np.sin(2.6 * np.pi * t + 0.5) * (0.4 + 0.6 * t)
    for string in range(21):
        place = (string - 10) / 10
        wide = 0.03 + 0.24 * t.clip(0) ** 1.6
        colour = _mixed("#86a3dd", moon, max(0.0, 1 - abs(place) * 1.5))
        _line(draw, list(zip((bend + place * wide).tolist(), t.tolist(), strict=True)), colour, 0.0026)
    _shape(draw, [(0.05, 0.52), (0.21, 0.52), (0.185, 0.548), (0.075, 0.548)], "#0a1230")
    _line(draw, [(0.13, 0.52), (0.13, 0.43)], "#0a1230", 0.005)
    _disc(draw, 0.105, 0.5, 0.011, "#e4572e")


def _weather(image: Image.Image) -> None:
    """Draw lines of equal pressure around two lows, in six lilacs."""
    draw = ImageDraw.Draw(image)
    levels = ("#e8e0f1", "#d3c3e6", "#b9a1d6", "#9a7dc0", "#7b5ca6", "#5a3f84")
    grid = np.linspace(0, 1, 601)
    x, y = np.meshgrid(grid, grid)
    depth = np.exp(-(((x - 0.34) / 0.24) ** 2 + ((y - 0.44) / 0.3) ** 2)) + 0.9 * np.exp(
        -(((x - 0.73) / 0.22) ** 2 + ((y - 0.7) / 0.17) ** 2)
    )
    depth += 0.05 * np.sin(9 * x + 4 * y) + 0.04 * np.cos(11 * y - 3 * x)
    colours = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in levels], dtype=np.uint8)
    # Smooth edges: the field is enlarged before it is cut into bands.
    field = Image.fromarray(depth.astype(np.float32)).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)
    bands = np.clip(((np.asarray(field) + 0.05) * 5.6).astype(int), 0, 5)
    image.paste(Image.fromarray(colours[bands]))
    for index in range(-6, 12):
        _line(draw, [(0.62 + index * 0.05, -0.02), (0.5 + index * 0.05, 0.2)], "#ffffff", 0.0022)
    _disc(draw, 0.34, 0.44, 0.014, "#f4c6d0")
    _disc(draw, 0.73, 0.7, 0.014, "#f4c6d0")


def _umbrellas(image: Image.Image) -> None:
    """Draw two umbrellas from above, one of them shared, on wet stone."""
    draw = ImageDraw.Draw(image)
    _fill(draw, "#b7d2dc")
    rng = np.random.default_rng(12)
    for _ in range(70):
        x, y = rng.uniform(0, 1, 2)
        _line(draw, [(x, y), (x - 0.012, y + 0.045)], "#e6f1f4", 0.0045)
    _parasol(draw, (0.4, 0.44), 0.29, ("#e2543a", "#c63f2b"), 10)
    _parasol(draw, (0.72, 0.75), 0.17, ("#21506b", "#183d54"), 8)
    _disc(draw, 0.4, 0.44, 0.014, "#f6e8c8")
    _disc(draw, 0.72, 0.75, 0.01, "#f6e8c8")


def _parasol(draw: Draw, centre: Point, radius: float, colours: tuple[str, str], ribs: int) -> None:
    x, y = centre
    corners = [
        (x + radius * np.cos(2 * np.pi * k / ribs + 0.2), y + radius * np.sin(2 * np.pi * k / ribs + 0.2))
        for k in range(ribs + 1)
    ]
    for k in range(ribs):
        (x0, y0), (x1, y1) = corners[k], corners[k + 1]
        dip = 0.93  # cloth hangs in between the ribs
        middle = (x + ((x0 + x1) / 2 - x) * dip, y + ((y0 + y1) / 2 - y) * dip)
        _shape(draw, [(x, y), (x0, y0), middle, (x1, y1)], colours[k % 2])


def _amber(image: Image.Image) -> None:
    """Draw a garden of conducting paths growing out of amber earth."""
    draw = ImageDraw.Draw(image)
    amber, ink, light = "#eaa623", "#2c1606", "#fbe6b3"
    _fill(draw, amber)
    _disc(draw, 0.5, 0.36, 0.23, light)
    rng = np.random.default_rng(5)
    for number in range(15):
        x = 0.05 + number * 0.0643
        height = float(rng.uniform(0.2, 0.62))
        bend = float(rng.choice([-1, 1])) * 0.032
        knee = 1 - height * float(rng.uniform(0.45, 0.7))
        path = [(x, 1.02), (x, knee), (x + bend, knee - 0.032), (x + bend, 1 - height)]
        _line(draw, path, ink, 0.0085)
        _disc(draw, x + bend, 1 - height, 0.0185, ink)
        _disc(draw, x + bend, 1 - height, 0.0095, light if number % 4 else "#d8432b")
        if number % 3 == 1:
            leaf = knee + 0.07
            _line(draw, [(x, leaf), (x - bend, leaf - 0.032), (x - bend, leaf - 0.075)], ink, 0.0085)
            _disc(draw, x - bend, leaf - 0.08, 0.013, ink)


def _platform(image: Image.Image) -> None:
    """Draw what the front seat upstairs sees at night: lanes of light around nothing."""
    draw = ImageDraw.Draw(image)
    dark = "#0b100e"
    _fill(draw, dark)
    rng = np.random.default_rng(40)
    colours = ("#c9f06b", "#5e7d40", "#2f4a3b", "#eaf0e6", "#c9f06b", "#2f4a3b")
    for number in range(84):
        angle = float(rng.uniform(0, 2 * np.pi))
        start, end = float(rng.uniform(0.17, 0.34)), float(rng.uniform(0.4, 0.95))
        wide = float(rng.uniform(0.003, 0.011))
        across = (-np.sin(angle), np.cos(angle))
        middle = (0.5 + start * 0.75 * np.cos(angle), 0.46 + start * np.sin(angle))
        far = (0.5 + end * np.cos(angle), 0.46 + end * np.sin(angle))
        _shape(
            draw,
            [
                middle,
                (far[0] + wide * across[0], far[1] + wide * across[1]),
                (far[0] - wide * across[0], far[1] - wide * across[1]),
            ],
            colours[number % 6],
        )
    draw.ellipse((_at(0.405), _at(0.29), _at(0.595), _at(0.63)), outline="#eaf0e6", width=round(_at(0.011)))
    draw.ellipse((_at(0.443), _at(0.345), _at(0.557), _at(0.575)), outline="#eaf0e6", width=round(_at(0.006)))


COVERS: dict[str, Callable[[Image.Image], None]] = {
    "lighthouse": _lighthouse,
    "river": _river,
    "weather": _weather,
    "umbrellas": _umbrellas,
    "amber": _amber,
    "platform": _platform,
}
