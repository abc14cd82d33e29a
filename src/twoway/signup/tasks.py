"""What the clock does in sign-up."""

import logging
from datetime import datetime

from django.utils import translation
from django_scopes import scopes_disabled

from twoway.people.tenancy import organisation_scope
from twoway.signup.actions.keeping import empty_left_out_rows, keep_roster
from twoway.signup.actions.roster import (
    MOST_TRIES,
    Stopped,
    check_roster,
    claim_roster,
    give_up_roster,
    read_roster,
)
from twoway.signup.models import Roster
from twoway.signup.queries.roster import rosters_to_empty

log = logging.getLogger("twoway.signup")


def work_on_rosters(now: datetime) -> int:
    """Take one roster a step further: read it, judge its rows, or keep them; how many were taken up."""
    with scopes_disabled():
        roster = claim_roster(now)
    if roster is None:
        return 0
    with organisation_scope(roster.intake.programme.organisation), translation.override(_language(roster)):
        try:
            _work_on(roster, now)
        except Stopped:
            log.info("roster %s was stopped", roster.public_id)
    return 1


def _work_on(roster: Roster, now: datetime) -> None:
    if roster.tries > MOST_TRIES:
        give_up_roster(roster=roster, now=now)
    elif roster.state == Roster.State.READING:
        read_roster(roster=roster, now=now)
    elif roster.state == Roster.State.CHECKING:
        check_roster(roster=roster)
    else:
        keep_roster(roster=roster, now=now)


def _language(roster: Roster) -> str | None:
    return roster.by.language if roster.by else None


def empty_old_rosters(now: datetime) -> int:
    """Forget the words of rows that kept files left out long ago; how many files."""
    with scopes_disabled():
        due = list(rosters_to_empty(now)[:50])
        for roster in due:
            empty_left_out_rows(roster=roster, now=now)
    return len(due)
