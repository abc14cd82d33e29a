"""What happens by itself: every clock on one page. `twoway worker` runs it.

Each task finds due rows and calls an action on each; done twice is done once, so any number of workers may run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from twoway.loops.tasks import ask_after_meetings, share_agendas, tell_of_waiting_messages
from twoway.matching.tasks import (
    check_receipts,
    end_refused_proposals,
    lapse_proposals,
    open_settled_proposals,
    put_proposals_forward,
    rehearse_queued,
    remind_of_proposals,
    solve_queued_rounds,
    tell_of_open_wishes,
)
from twoway.outbox.tasks import deliver_pending
from twoway.people.tasks import end_pauses, write_sign_in_letters
from twoway.signup.tasks import empty_old_rosters, work_on_rosters


@dataclass(frozen=True)
class Task:
    every: timedelta
    run: Callable[[datetime], int]


def _deliver(now: datetime) -> int:
    return deliver_pending()


SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

TASKS = (
    Task(SECOND, write_sign_in_letters),
    Task(SECOND, _deliver),
    Task(SECOND, solve_queued_rounds),
    Task(SECOND, rehearse_queued),
    Task(SECOND, check_receipts),
    Task(5 * SECOND, put_proposals_forward),
    Task(5 * SECOND, tell_of_open_wishes),
    Task(5 * MINUTE, open_settled_proposals),
    Task(MINUTE, end_refused_proposals),
    Task(15 * MINUTE, remind_of_proposals),
    Task(15 * MINUTE, lapse_proposals),
    Task(SECOND, work_on_rosters),
    Task(60 * MINUTE, empty_old_rosters),
    Task(15 * MINUTE, end_pauses),
    Task(MINUTE, tell_of_waiting_messages),
    Task(5 * MINUTE, share_agendas),
    Task(15 * MINUTE, ask_after_meetings),
)
