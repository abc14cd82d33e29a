"""A programme's hue as letters need it: plain sRGB, since few mail programmes know any newer colour.

The same lightness and strength as `--brand` and the deep ink of the pages, so that a letter and its page look alike.
"""

from math import cos, radians, sin

OURS = 168  # the hue of pages that belong to no programme
BRAND = (0.44, 0.085)  # lightness and strength; white words on it are readable at every hue
INK = (0.29, 0.035)
# The same in the dark: --paper, --ink and --soft as they are at every hue, then what wears the programme's.
DARK_PAPER, DARK_WORDS, DARK_SOFT = ((0.19, 0.012), 200), ((0.93, 0.008), 90), ((0.74, 0.012), 200)
DARK_BRAND, DARK_ON_BRAND, DARK_INK = (0.78, 0.1), (0.2, 0.03), (0.84, 0.09)

_TO_CONES = (
    (1.0, 0.3963377774, 0.2158037573), (1.0, -0.1055613458, -0.0638541728), (1.0, -0.0894841775, -1.2914855480),
)  # fmt: skip
_TO_LIGHT = (
    (4.0767416621, -3.3077115913, 0.2309699292), (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)  # fmt: skip


def srgb_of(shade: tuple[float, float], hue: int | None) -> str:
    """#rrggbb of a shade in a hue (0 to 359, ours where there is none)."""
    lightness, strength = shade
    angle = radians(OURS if hue is None else hue)
    point = (lightness, strength * cos(angle), strength * sin(angle))
    cones = [sum(a * b for a, b in zip(row, point, strict=True)) ** 3 for row in _TO_CONES]
    light = [sum(a * b for a, b in zip(row, cones, strict=True)) for row in _TO_LIGHT]
    return "#" + "".join(f"{_channel(one):02x}" for one in light)


def dark_colours(hue: int | None) -> dict[str, str]:
    """What a letter wears where its reader likes the dark, by the part it is for."""
    fixed = {"paper": DARK_PAPER, "words": DARK_WORDS, "soft": DARK_SOFT}
    worn = {"brand": DARK_BRAND, "on_brand": DARK_ON_BRAND, "ink": DARK_INK}
    return {name: srgb_of(*shade) for name, shade in fixed.items()} | {
        name: srgb_of(shade, hue) for name, shade in worn.items()
    }


def _channel(light: float) -> int:
    light = min(1.0, max(0.0, light))
    shown = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return round(255 * shown)
