"""The look without a browser: colours, sizes, the shell without a context, the tags the parts draw with."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import Context, Template, loader
from django.utils import translation

from tests.web.contrast import contrast, tokens
from tests.web.specimen_page import SCENES, draw
from twoway.web.templatetags import icons, twoway

WEB = Path(twoway.__file__).resolve().parent.parent
STATIC = WEB / "static" / "web"
CSS = {path.name: path.read_text() for path in sorted((STATIC / "css").glob("*.css"))}
HUES = range(0, 360, twoway.HUE_STEP)

TEXT = [
    *[("ink", ground) for ground in ("paper", "card", "sunk", "tint", "warm-tint", "alarm-tint")],
    *[("soft", ground) for ground in ("paper", "card", "sunk", "tint", "warm-tint", "alarm-tint")],
    *[("brand", ground) for ground in ("paper", "card", "sunk", "tint")],
    *[("warm-ink", ground) for ground in ("paper", "card", "warm-tint")],
    *[("alarm", ground) for ground in ("paper", "card", "alarm-tint")],
    ("brand-deep", "card"),
    ("on-brand", "brand"),
    ("on-brand", "brand-deep"),
    ("paper", "ink"),
    *[("card", cut) for cut in ("brand", "sky", "plum", "soft", "ink", "warm-ink")],
    *[("on-mid", cut) for cut in ("warm", "edge")],
]
DRAWN = [
    *[("edge", ground) for ground in ("paper", "card", "sunk")],
    *[(colour, "card") for colour in ("brand", "sky", "plum", "warm", "soft", "alarm")],
    ("warm", "paper"),
    ("brand", "track"),
]


DARK = [("button-line", ground) for ground in ("paper", "card", "sunk", "tint", "warm-tint")]


def weak_pairs(pairs: list[tuple[str, str]], least: float, hue: float) -> list[tuple[str, str, str, float]]:
    return [
        (theme, colour, ground, round(seen, 2))
        for theme, named in tokens(CSS["tokens.css"], hue).items()
        for colour, ground in pairs
        if (seen := contrast(named[colour], named[ground])) < least
    ]


def test_contrast_agrees_with_the_standard() -> None:
    black, white, grey = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.5, 0.0, 0.0)

    seen = [contrast(black, white), contrast(white, white), contrast(grey, white)]

    assert [round(ratio, 1) for ratio in seen] == [21.0, 1.0, 6.0]


@pytest.mark.row("U-01")
@pytest.mark.parametrize("hue", HUES)
def test_words_can_be_read_in_both_themes_and_any_hue(hue: int) -> None:
    assert weak_pairs(TEXT, 4.5, hue) == []


@pytest.mark.row("U-01")
def test_no_words_are_faded_as_that_would_undo_the_tokens_contrast() -> None:
    faded = [rule for css in CSS.values() for rule in re.findall(r"([^{};]+)\{[^}]*[ ;{]opacity: 0?\.\d", css)]

    assert [rule.strip() for rule in faded] == ['.button:disabled, .button[aria-disabled="true"]']


@pytest.mark.row("U-01")
@pytest.mark.parametrize("hue", HUES)
def test_controls_and_charts_can_be_told_apart_in_both_themes_and_any_hue(hue: int) -> None:
    assert weak_pairs(DRAWN, 3.0, hue) == []


@pytest.mark.row("U-01")
@pytest.mark.parametrize("hue", HUES)
def test_the_border_of_a_button_is_seen_in_the_dark(hue: int) -> None:
    assert [weak for weak in weak_pairs(DARK, 3.0, hue) if weak[0] == "dark"] == []
    assert re.search(r"\.button \{[^}]*border: 1px solid var\(--button-line\)", CSS["controls.css"]) is not None


@pytest.mark.row("U-01")
def test_initials_can_be_read_on_every_avatar_colour() -> None:
    grounds = re.search(r"background: (light-dark\(.*?\)\)\)); color: (light-dark\(.*?\)\)\));", CSS["people.css"])
    assert grounds is not None
    hues = [float(hue) for hue in re.findall(r"--of: (\d+);", CSS["people.css"])]

    named = [tokens(f"--ground: {grounds[1]};\n--words: {grounds[2]};", hue) for hue in hues]

    assert len(hues) == twoway.AVATAR_COLOURS
    assert [
        (theme, seen)
        for colours in named
        for theme in ("light", "dark")
        if (seen := contrast(colours[theme]["ground"], colours[theme]["words"])) < 4.5
    ] == []


def test_every_hue_class_is_there() -> None:
    offered = [int(hue) for hue in re.findall(r"\.hue-(\d+) \{ --hue: \1; \}", CSS["tokens.css"])]

    assert offered == list(HUES)


def test_only_the_tokens_name_colours() -> None:
    elsewhere = {name: text for name, text in CSS.items() if name not in ("tokens.css",)}

    named = {
        name: found
        for name, text in elsewhere.items()
        if (found := re.findall(r"#[0-9a-f]{3,6}\b(?=[;,)\s])|rgba?\([^)]*\)", text.split("@media print")[0]))
    }

    assert named == {}


def test_every_token_used_is_defined() -> None:
    defined = set(re.findall(r"(--[\w-]+):", "".join(CSS.values())))

    used = set(re.findall(r"var\((--[\w-]+)(?=\))", "".join(CSS.values())))

    assert used - defined == set()


def test_the_look_stays_light() -> None:
    sheets = sum(len(gzip.compress(text.encode())) for text in CSS.values())
    fonts = sum(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2"))

    # 22,000: what a page loads is less, as each of the pages of one thing (a loop, a goal, a roster) brings its own.
    assert (sheets < 22_000, fonts < 400_000) == (True, True)


def test_fonts_are_all_there_with_their_licences() -> None:
    named = set(re.findall(r'fonts/([\w-]+\.woff2)"', CSS["fonts.css"]))

    kept = {path.name for path in (STATIC / "fonts").glob("*.woff2")}

    assert named == kept
    assert [
        (STATIC / "fonts" / f"OFL-{name}.txt").read_text().count("SIL Open Font License") > 0
        for name in ("Fraunces", "Inter")
    ] == [True, True]


@pytest.mark.row("U-04")
def test_manifest_names_icons_that_exist() -> None:
    manifest = json.loads((STATIC / "manifest.webmanifest").read_text())

    icons_kept = [(STATIC / entry["src"]).is_file() for entry in manifest["icons"]]

    assert icons_kept == [True] * 4
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/")


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    pages = "\n".join(path.read_text() for path in (WEB / "templates").rglob("*.html"))
    scripts = "\n".join(path.read_text() for path in (STATIC / "js").glob("*.js"))

    assert re.findall(r"\sstyle=|\son\w+=\"|<style|<script(?![^>]*\ssrc=)|https?://(?!www\.w3\.org)", pages) == []
    assert re.findall(r"\beval\(|new Function|innerHTML|https?://|\.style\b", scripts) == []


def test_every_file_a_page_links_to_exists_and_none_is_left_over() -> None:
    words = "\n".join(page.read_text() for page in WEB.parent.glob("*/templates/**/*.html"))

    linked = re.findall(r'\{% static "([^"]+)" %\}', words)
    for tag, kind in (("styles", "css"), ("modules", "js")):
        lists = re.findall(rf"\{{% {tag} (.+?) %\}}", words)
        linked += [f"web/{kind}/{name}.{kind}" for names in lists for name in re.findall(r'"([^"]+)"', names)]

    assert [name for name in linked if finders.find(name) is None] == []
    assert {name for name in linked if name.endswith(".js")} == {
        f"web/js/{path.name}" for path in (STATIC / "js").glob("*.js")
    }
    assert {name for name in linked if name.endswith(".css")} == {
        f"web/css/{path.name}" for path in (STATIC / "css").glob("*.css")
    }


@pytest.mark.row("U-05")
@pytest.mark.parametrize("page", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_are_drawn_without_any_context(page: str) -> None:
    html = loader.get_template(page).render()

    assert html.count("<h1>") == 1
    assert 'href="/support/"' in html
    assert (" data-not-saved" in html.split(">")[1] + html.split(">")[2]) == (page != "404.html")


@pytest.mark.row("H-01")
@pytest.mark.parametrize("more", [{"account": None}, {}])
def test_support_is_in_the_header_signed_in_and_out(more: dict[str, None]) -> None:
    html = draw("home", support_url="/help/", **more)

    header = html[html.index("<header") : html.index("</header>")]

    assert header.count('<a class="support" href="/help/">Get support</a>') == 1


@pytest.mark.row("U-04")
@pytest.mark.parametrize(("count", "inline", "folded"), [(5, 5, 0), (6, 6, 2), (8, 8, 4)])
def test_at_most_five_doors_show_on_a_phone(count: int, inline: int, folded: int) -> None:
    doors = [{"label": f"Door {n}", "url": f"/{n}/", "icon": "home", "current": n == 0} for n in range(count)]

    html = loader.get_template("web/parts/doors.html").render({"items": doors})

    on_a_phone = len(re.findall(r"<li(?! class=\"spare\")", html))
    assert html.split("<details")[0].count("<a ") == inline
    assert html.count("<a ") - inline == folded
    assert on_a_phone <= 5


@pytest.mark.row("X-04")
@pytest.mark.parametrize("symbol", ["half", "full", "open", "eye"])
def test_audience_has_a_drawing_for_each_circle_of_readers(symbol: str) -> None:
    html = loader.get_template("web/parts/audience.html").render({"symbol": symbol, "text": "Only you can see this"})

    assert icons.AUDIENCE_DRAWINGS[symbol] in html
    assert "Only you can see this" in html


def test_parts_escape_what_people_write() -> None:
    html = Template('{% include "web/parts/person.html" with name=name line=name only %}').render(
        Context({"name": "<b>Eve"})
    )

    assert "<b>Eve" not in html
    assert html.count("&lt;b&gt;Eve") == 2


def test_help_written_by_a_coordinator_is_words_and_not_markup() -> None:
    question = forms.Form()
    question.fields["goal"] = forms.CharField(help_text="<script>alert(1)</script>")

    html = loader.get_template("web/parts/field.html").render({"field": question["goal"]})

    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 1


def test_every_part_is_in_the_list_for_page_writers() -> None:
    folder = WEB / "templates" / "web" / "parts"
    listed = (folder / "README.md").read_text()

    assert [path.stem for path in folder.glob("*.html") if f"`{path.stem}`" not in listed] == []


def test_specimen_uses_every_part() -> None:
    used = "\n".join(path.read_text() for path in (Path(__file__).parent / "specimen").glob("*.html"))
    used += "\n".join(path.read_text() for path in (WEB / "templates").rglob("*.html"))

    parts = [path.name for path in (WEB / "templates" / "web" / "parts").glob("*.html")]

    assert [name for name in parts if f"web/parts/{name}" not in used] == []


@pytest.mark.row("U-03")
@pytest.mark.parametrize("scene", SCENES)
def test_pages_turn_round_for_languages_read_from_the_right(scene: str) -> None:
    with translation.override("ar"):
        html = draw(scene, language="ar")

    assert re.findall(r'<html lang="([\w-]+)"\s+dir="(\w+)"', html) == [("ar", "rtl")]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amira Mansour", "AM"),
        ("Ines Ferreira de Vasconcelos", "IV"),
        ("Madonna", "M"),
        ("jean-luc", "JL"),
        ("", "?"),
        ("(Dr) Åsa Öberg", "ÅÖ"),
        ("王 小明", "王小"),
    ],
)
def test_initials_take_the_first_and_last_word(name: str, letters: str) -> None:
    assert twoway.initials(name) == letters


def test_avatar_colour_is_steady_and_spread() -> None:
    colours = [twoway.avatar_colour(key) for key in range(400)]

    assert colours == [twoway.avatar_colour(str(key)) for key in range(400)]
    assert sorted(set(colours)) == [f"of-{n}" for n in range(twoway.AVATAR_COLOURS)]


@pytest.mark.parametrize(
    ("hue", "worn"),
    [(168, "hue-168"), (170, "hue-168"), ("355", "hue-0"), (359.9, "hue-0"), ("green", ""), (None, "")],
)
def test_hue_class_rounds_to_a_hue_we_have(hue: object, worn: str) -> None:
    assert twoway.hue_class(hue) == worn


def test_points_cuts_lie_end_to_end() -> None:
    parts = [{"points": 38}, {"points": 0}, {"points": 12}]

    cuts = twoway.points_cuts(parts, of=100)

    assert [(cut["start"], cut["width"], cut["colour"]) for cut in cuts] == [
        ("0", "37.4", 1),
        ("38", "11.4", 3),
    ]


def test_eight_criteria_have_eight_colours_and_their_numbers() -> None:
    cuts = twoway.points_cuts([{"points": 12}] * 7 + [{"points": 3}], of=100)

    assert [cut["colour"] for cut in cuts] == list(range(1, 9))
    assert [cut["number"] for cut in cuts] == [1, 2, 3, 4, 5, 6, 7, None]  # too narrow: the list beside it says it


def test_points_cuts_of_nothing_is_an_empty_bar() -> None:
    assert twoway.points_cuts([{"points": 0}], of=0) == []


def test_numbers_in_drawings_keep_their_point_in_every_language() -> None:
    with translation.override("de"):
        bar = Template('{% include "web/parts/points.html" with parts=parts total=38 only %}').render(
            Context({"parts": [{"label": "Ziele", "points": 37.5, "of": 40}]})
        )

    assert 'width="36.9%"' in bar


def test_notches_reach_both_ends() -> None:
    marks = twoway.notches(value=3, of=5)

    assert [mark["on"] for mark in marks] == [True, True, True, False, False]
    assert float(str(marks[-1]["start"])) + float(str(marks[-1]["width"])) == pytest.approx(100, abs=0.05)
