"""{{ programme.welcome|written }}: a coordinator's Markdown as safe HTML."""

from django import template
from django.utils.safestring import SafeString

from twoway.people.written import html_of

register = template.Library()


@register.filter
def written(text: str) -> SafeString:
    return html_of(text)
