"""From OKLCH to what a screen shows, and how well two colours can be told apart (WCAG 2.2)."""

import math
import re

Oklch = tuple[float, float, float]

TOKEN = re.compile(r"--([\w-]+): light-dark\(oklch\(([\d. H]+)\), oklch\(([\d. H]+)\)\);")


def tokens(css: str, hue: float) -> dict[str, dict[str, Oklch]]:
    """The colour tokens of a style sheet as {theme: {name: (lightness, chroma, hue)}}, worn in this hue."""
    found: dict[str, dict[str, Oklch]] = {"light": {}, "dark": {}}
    for name, light, dark in TOKEN.findall(css.replace("var(--hue)", "H").replace("var(--of)", "H")):
        for theme, words in (("light", light), ("dark", dark)):
            lightness, chroma, angle = (hue if word == "H" else float(word) for word in words.split())
            found[theme][name] = (lightness, chroma, angle)
    return found


def srgb_linear(colour: Oklch) -> list[float]:
    """Linear red, green and blue, cut off where a screen ends, as browsers do."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = [
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    ]
    return [min(1.0, max(0.0, part)) for part in rgb]


def contrast(one: Oklch, other: Oklch) -> float:
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (srgb_linear(one), srgb_linear(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)
