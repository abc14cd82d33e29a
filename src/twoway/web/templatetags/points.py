"""A bar of points cut by criterion. Drawn here as the icons are: a list has twenty of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from twoway.web.templatetags.twoway import points_cuts

register = template.Library()


@register.simple_tag
def points_bar(parts: Iterable[Mapping[str, Any]], total: int, of: int, size: str = "") -> SafeString:
    """{% points_bar parts 78 100 "large" %}: the bar, and what it says to those who do not see it."""
    parts = list(parts)
    return format_html(
        '<svg class="points{}" role="img" aria-label="{}: {}">{}</svg>',
        f" {size}" if size else "",
        gettext("%(total)s of %(whole)s points") % {"total": total, "whole": of},
        ", ".join(f"{part['label']} {part['points']}" for part in parts),
        format_html_join("", "{}{}", ((_rect(cut), _number(cut) if size else "") for cut in points_cuts(parts, of))),
    )


def _rect(cut: Mapping[str, Any]) -> SafeString:
    part = cut["part"]
    return format_html(
        '<rect class="cut-{}" x="{}%" width="{}%" height="100%"><title>{}: {}</title></rect>',
        cut["colour"], cut["start"], cut["width"], part["label"], part["points"],
    )  # fmt: skip


def _number(cut: Mapping[str, Any]) -> SafeString | str:
    if not cut["number"]:
        return ""
    return format_html(
        '<text class="over-{}" x="{}%" y="50%" aria-hidden="true">{}</text>',
        cut["colour"], cut["middle"], cut["number"],
    )  # fmt: skip
