"""A browser in words, read off the line it sends about itself. A guess, good enough to tell one's devices apart."""

from django.utils.translation import gettext as _

BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_in_words(line: str) -> str:
    """ "Chrome on Linux"; the line itself, cut short, where it names neither."""
    browser = next((name for mark, name in BROWSERS if mark in line), "")
    system = next((name for mark, name in SYSTEMS if mark in line), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or line[:40]
