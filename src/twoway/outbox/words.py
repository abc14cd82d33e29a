"""One letter's words as plain text and as HTML, made from the same source.

Paragraphs are separated by an empty line. A line that is only `[Label](address)` is a button in HTML and
"Label: address" in plain text. Nothing else is markup.
"""

import re

from django.template.loader import render_to_string

BUTTON = re.compile(r"^\[([^\]]+)\]\((https?://\S+)\)$")


def text_of(body: str) -> str:
    """The plain-text part."""
    lines = []
    for line in body.strip().splitlines():
        button = BUTTON.match(line.strip())
        lines.append(f"{button[1]}:\n{button[2]}" if button else line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def html_of(subject: str, body: str) -> str:
    """The HTML part: the same paragraphs in the same order. Text is escaped by the template."""
    blocks = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        button = BUTTON.match(lines[0]) if len(lines) == 1 else None
        blocks.append({"label": button[1], "url": button[2]} if button else {"lines": lines})
    return render_to_string("outbox/mail/base.html", {"subject": subject, "blocks": blocks})
