"""Every column is classed in its room's personal.py, so that nobody adds one without saying who may see it."""

import importlib

import pytest
from django.apps import apps

CLASSES = {"public", "members", "participants", "owner", "coordinator", "system"}
ROOMS = ["people", "signup", "loops", "matching"]


@pytest.mark.parametrize("room", ROOMS)
def test_every_column_of_a_room_is_classed(room: str) -> None:
    personal = importlib.import_module(f"twoway.{room}.personal")
    columns = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.concrete_fields
    }
    assert set(personal.COLUMNS) == columns
    assert set(personal.COLUMNS.values()) <= CLASSES


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_with_people_in_it_can_hand_over_and_forget(room: str) -> None:
    personal = importlib.import_module(f"twoway.{room}.personal")
    assert callable(personal.data_of)
    assert callable(personal.forget)
