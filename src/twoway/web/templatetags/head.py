"""What the head of a page names: our own style sheets and scripts. An installed Twoway's stay as they are."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@cache
def styles(*names: str) -> SafeString:
    """{% styles "tokens" "fonts" %}: a line for each of these style sheets."""
    links = ((static(f"web/css/{name}.css"),) for name in names)
    return format_html_join("\n    ", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag
@cache
def modules(*names: str) -> SafeString:
    """{% modules "menus" "once" %}: a line for each of these scripts."""
    links = ((static(f"web/js/{name}.js"),) for name in names)
    return format_html_join("\n    ", '<script type="module" src="{}"></script>', links)
