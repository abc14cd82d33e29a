"""Acts on a whole programme that reach down into the ground room: copying it, asking its people in, opening it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from twoway.people.actions.intake import change_intake
from twoway.people.actions.office import ask_into_office, end_office, give_office
from twoway.people.actions.programme import change_programme, copy_programme
from twoway.people.models import Intake, Office, Person, Programme
from twoway.people.queries import offices_in
from twoway.signup.actions.form import copy_form


@transaction.atomic
def copy_as_ticked(
    *,
    source: Programme,
    name: str,
    parts: Iterable[str],
    first_day: date | None,
    run_it: bool,
    by: Person,
    now: datetime,
) -> Programme:
    """A new programme with what was ticked of an old one. Never its people, answers or loops."""
    copy = copy_programme(source=source, name=name, parts=parts, first_day=first_day, by=by, now=now)
    if "form" in parts:
        copy_form(source=source, target=copy, by=by, now=now)
    if run_it:
        _coordinate(copy, by, now)
    return copy


@transaction.atomic
def keep_basics(
    *,
    programme: Programme,
    intake: Intake,
    name: str,
    time_zone: str,
    intake_name: str,
    days: dict[str, date | None],
    set_up: str,
    by: Person,
    now: datetime,
) -> None:
    """Keep name, zone and dates of a programme that is being set up."""
    changes = {"name": name, "time_zone": time_zone, "set_up": set_up}
    change_programme(programme=programme, changes=changes, by=by, now=now)
    change_intake(intake=intake, name=intake_name, days=days, by=by, now=now)


@transaction.atomic
def keep_help(
    *,
    programme: Programme,
    settings: dict[str, Any],
    run_it: bool,
    asked: Sequence[tuple[str, str]],
    set_up: str,
    by: Person,
    now: datetime,
) -> None:
    """Keep the duty of care, and write to those who are asked into a role: (role, address)."""
    change_programme(programme=programme, changes={**settings, "set_up": set_up}, by=by, now=now)
    mine = offices_in(programme.organisation, programme).filter(person=by, role=Office.Role.COORDINATOR).first()
    if run_it and mine is None:
        _coordinate(programme, by, now)
    for role, address in asked:
        ask_into_office(
            address=address, role=role, organisation=programme.organisation, programme=programme, by=by, now=now
        )
    if mine is not None and not run_it:
        end_office(office=mine, by=by, now=now)


def _coordinate(programme: Programme, person: Person, now: datetime) -> None:
    give_office(
        person=person, role=Office.Role.COORDINATOR, organisation=programme.organisation, programme=programme,
        by=person, now=now,
    )  # fmt: skip


@transaction.atomic
def finish_set_up(*, programme: Programme, open_sign_up: bool, by: Person, now: datetime) -> None:
    """End the guided set-up, and open sign-up where that is wished; its dates then decide from when."""
    changes: dict[str, Any] = {"set_up": ""}
    if open_sign_up:
        changes["sign_up_on"] = True
    change_programme(programme=programme, changes=changes, by=by, now=now)
