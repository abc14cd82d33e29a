"""What people write to each other, as safe HTML. Markdown, cleaned by an allow-list; no pictures, no raw HTML."""

import re
from collections.abc import Callable, Sequence

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
_allowed = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer")
ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]])")


def html_of(text: str) -> SafeString:
    """A message as HTML."""
    return SafeString(_allowed.clean(_markdown.render(text)))


def excerpt_of(text: str, length: int = 160) -> str:
    """The beginning of a message in plain words, as context for an answer."""
    plain = " ".join(nh3.clean(_markdown.render(text), tags=set()).split())
    for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&")):
        plain = plain.replace(mark, sign)
    return plain if len(plain) <= length else plain[: length - 1].rsplit(" ", 1)[0] + "…"


def _paragraph(inside: str) -> Callable[..., str]:
    def rule(self: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        return inside

    return rule


def _picture(self: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    """A picture from elsewhere would tell its host who reads when; it becomes a link."""
    address = str(tokens[index].attrGet("src") or "")
    return f'<a href="{escape(address)}">{escape(tokens[index].content or address)}</a>'


def _link_bare_addresses(state: StateCore) -> None:
    """An address that somebody pastes is a link, unless it stands in code or in a link already."""
    for block in state.tokens:
        if block.type != "inline" or not block.children:
            continue
        children: list[Token] = []
        inside_link = 0
        for token in block.children:
            inside_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if token.type != "text" or inside_link:
                children.append(token)
                continue
            for part in filter(None, ADDRESS.split(token.content)):
                children += _link(part) if ADDRESS.fullmatch(part) else [_text(part)]
        block.children = children


def _link(address: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": address}), _text(address), Token("link_close", "a", -1)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


# Headings would break the outline of the page they are shown in, so they become strong lines.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
_markdown.add_render_rule("heading_open", _paragraph("<p><strong>"))
_markdown.add_render_rule("heading_close", _paragraph("</strong></p>\n"))
_markdown.add_render_rule("image", _picture)
_markdown.core.ruler.push("bare_addresses", _link_bare_addresses)
