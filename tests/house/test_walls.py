"""What a linter of imports cannot see: where tables point, who owns them, what stands in a page."""

import re
from pathlib import Path

from django.apps import apps

SOURCE = Path(__file__).parents[2] / "src"
FLOORS = ["history", "outbox", "people", "signup", "loops", "matching"]  # lowest first
DOORS = ["web", "operate"]


def test_foreign_keys_point_down_only() -> None:
    upward = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in FLOORS:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or target._meta.app_label not in FLOORS:
                continue
            if FLOORS.index(target._meta.app_label) > FLOORS.index(room):
                upward.append(f"{model.__name__}.{field.name}")
    assert upward == []


def test_the_cellar_holds_no_foreign_keys_to_other_rooms() -> None:
    crossing = [
        f"{model.__name__}.{field.name}"
        for room in ("history", "outbox")
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model._meta.app_label != room
    ]
    assert crossing == []


def test_doors_own_no_tables() -> None:
    assert [model for door in DOORS for model in apps.get_app_config(door).get_models()] == []


def test_no_room_has_a_junk_drawer() -> None:
    banned = {"utils", "helpers", "common", "core", "base", "services", "managers", "misc"}
    found = [str(path) for path in SOURCE.rglob("*.py") if path.stem in banned]
    assert found == []


def test_pages_hold_nothing_inline() -> None:
    """The content security policy would refuse it, and the page would be broken."""
    inline = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)|javascript:")
    found = [
        f"{path.relative_to(SOURCE)}: {match[0].strip()}"
        for path in SOURCE.rglob("templates/**/*.html")
        for match in inline.finditer(path.read_text())
    ]
    # A letter is no page of ours, and mail programmes know no other way.
    letter = "twoway/outbox/templates/outbox/mail/base.html"
    assert set(found) == {f"{letter}: style=", f"{letter}: <style"}


def test_no_page_names_another_host() -> None:
    """Nothing is fetched from elsewhere: no picture, script, font or style."""
    fetched = re.compile(r"(?:src|href)=\"(?:https?:)?//(?!www\.w3\.org)[^\"]*\"|url\(['\"]?(?:https?:)?//")
    found = [
        f"{path.name}: {match[0]}"
        for ending in ("html", "css", "js", "svg")
        for path in SOURCE.rglob(f"*.{ending}")
        for match in fetched.finditer(path.read_text())
        if 'rel="noopener' not in match.string[match.start() : match.end() + 80]
    ]
    assert found == []
