"""One letter's words as plain text and as HTML, made from the same source.

Paragraphs are separated by an empty line. A line that is only `[Label](address)` with an address of ours is a
button in HTML and "Label: address" in plain text; one that leads elsewhere stays words in both, so that a name
somebody chose cannot dress up as our button. Nothing else is markup.
"""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string

BUTTON = re.compile(r"^\[([^\]]+)\]\((https?://[^\s)]+)\)$")


@dataclass
class Block:
    """A paragraph's lines, or a button."""

    lines: list[str] = field(default_factory=list)
    label: str = ""
    url: str = ""


def blocks_of(body: str) -> list[Block]:
    """What a letter consists of, in order."""
    blocks = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        words = Block()
        for line in filter(None, (line.strip() for line in paragraph.splitlines())):
            button = BUTTON.match(line)
            if button and button[2].startswith(f"{settings.ADDRESS}/"):
                blocks += [words] if words.lines else []
                blocks.append(Block(label=button[1], url=button[2]))
                words = Block()
            else:
                words.lines.append(f"{button[1]}: {button[2]}" if button else line)
        blocks += [words] if words.lines else []
    return blocks


def text_of(body: str) -> str:
    """The plain-text part."""
    parts = [f"{block.label}:\n{block.url}" if block.url else "\n".join(block.lines) for block in blocks_of(body)]
    return "\n\n".join(parts) + "\n"


def html_of(subject: str, body: str) -> str:
    """The HTML part: the same paragraphs in the same order. Text is escaped by the template."""
    return render_to_string("outbox/mail/base.html", {"subject": subject, "blocks": blocks_of(body)})
