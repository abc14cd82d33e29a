"""One letter's words as plain text and as HTML, made from the same source.

Paragraphs are separated by an empty line. A line that is only `[Label](address)` with an address of ours is a
button in HTML and "Label: address" in plain text; one that leads elsewhere stays words in both, so that a name
somebody chose cannot dress up as our button. Nothing else is markup.
"""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string

from twoway.outbox.colour import BRAND, INK, dark_colours, srgb_of

BUTTON = re.compile(r"^\[([^\]]+)\]\((https?://[^\s)]+)\)$")


@dataclass
class Block:
    """A paragraph's lines, or a button: the first of a letter is its `main` one."""

    lines: list[str] = field(default_factory=list)
    label: str = ""
    url: str = ""
    main: bool = False


def blocks_of(body: str) -> list[Block]:
    """What a letter consists of, in order."""
    blocks: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        words = Block()
        for line in filter(None, (line.strip() for line in paragraph.splitlines())):
            button = BUTTON.match(line)
            if button and button[2].startswith(f"{settings.ADDRESS}/"):
                blocks += [words] if words.lines else []
                blocks.append(Block(label=button[1], url=button[2], main=not any(block.url for block in blocks)))
                words = Block()
            else:
                words.lines.append(f"{button[1]}: {button[2]}" if button else line)
        blocks += [words] if words.lines else []
    return blocks


def text_of(body: str, foot: str = "") -> str:
    """The plain-text part. The foot stands below the line with which mail marks what is no part of the words."""
    parts = [f"{block.label}:\n{block.url}" if block.url else "\n".join(block.lines) for block in blocks_of(body)]
    return "\n\n".join(parts) + "\n" + (f"\n-- \n{foot}\n" if foot else "")


def html_of(subject: str, body: str, foot: str = "", hue: int | None = None) -> str:
    """The HTML part: the same paragraphs in the same order, in a hue. Text is escaped by the template."""
    words = {"subject": subject, "blocks": blocks_of(body), "foot": foot.splitlines()}
    colours = {"brand": srgb_of(BRAND, hue), "ink": srgb_of(INK, hue)}
    return render_to_string("outbox/mail/base.html", {**words, **colours, "dark": dark_colours(hue)})
