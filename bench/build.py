"""Makes what is measured, on an empty database, in a process with the product's own settings.

Seeded, so that the same size is the same people. What only the record keeps (an event for each act) is left out: no
page that is measured reads it. Prints, as JSON, where to go and with which sessions.
"""

import json
import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django_scopes import scopes_disabled

from bench.conversations import live
from bench.population import Ground, join, keep, lay, tell
from bench.size import Size
from twoway.history.clock import now as clock_now
from twoway.matching.actions.draft import publish_drafts
from twoway.matching.actions.round import queue_round
from twoway.matching.models import Proposal, Round
from twoway.matching.tasks import solve_queued_rounds
from twoway.operate import database
from twoway.people.models import Person

SIGNED_IN = 600  # mentees with a session each; more would only be more of the same
PUBLISHED = 40  # proposals of the round that wait for an answer


def build(size: Size, seed: str = "bench") -> dict[str, Any]:
    """Everybody and everything of a size; says where it is."""
    database.bring_up_to_date()
    now = clock_now()
    with scopes_disabled():
        with transaction.atomic():
            ground = lay(now, seed)
            ground.mentees = join(ground, "mentee", size.loops + size.waiting)
            ground.mentors = join(ground, "mentor", size.full + size.free, full=size.full)
            loops = live(ground, size) if size.loops else []
            tell(ground)
        learn_statistics()
        where = {
            "programme": f"{ground.stage.programme.organisation.slug}/{ground.stage.programme.slug}",
            "round": finish_round(ground) if size.finished_round else "",
            "coordinators": sessions(ground.coordinators),
            "loops": signed_in(ground, loops),
        }
    learn_statistics()
    return where


def learn_statistics() -> None:
    """What PostgreSQL's own housekeeping does a minute after a change; without it, its first plans take minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def finish_round(ground: Ground) -> str:
    """A round of all who wait, worked out by the engine; a few of its proposals are published."""
    chris, intake, now = ground.coordinators[0], ground.stage.intake, clock_now()
    asked = queue_round(
        intake=intake, name="Round 1", objective=Round.Objective.MOST_THEN_BEST, with_expected=False, by=chris, now=now,
        seed="7",
    )  # fmt: skip
    solve_queued_rounds(now)
    asked.refresh_from_db()
    if asked.state != Round.State.DONE:
        raise SystemExit(f"The round ended as {asked.state}: {asked.fault}")
    drafts = list(Proposal.objects.filter(round=asked).order_by("pk"))
    publish_drafts(intake=intake, drafts=drafts[: min(PUBLISHED, len(drafts) // 2)], by=chris, now=now)
    return asked.public_id


def sessions(people: list[Person]) -> list[str]:
    """One session each, as signing in would have made it."""
    store = SessionStore()
    rows = [
        Session(
            session_key=f"bench{one.pk:027d}",
            expire_date=clock_now() + timedelta(days=30),
            session_data=store.encode(
                {
                    SESSION_KEY: str(one.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: one.get_session_auth_hash(),
                }
            ),
        )
        for one in people
    ]
    keep(rows)
    return [row.session_key for row in rows]


def signed_in(ground: Ground, loops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The loop with the longest conversation first, then others by chance, each with its mentee's session."""
    chosen = loops[:1] + ground.draw.sample(loops[1:], min(SIGNED_IN, len(loops) - 1)) if loops else []
    keys = sessions([one.pop("mentee") for one in chosen])
    return [{**one, "session": key} for one, key in zip(chosen, keys, strict=True)]


def main() -> None:
    """The size comes as JSON in the first argument."""
    json.dump(build(Size(**json.loads(sys.argv[1]))), sys.stdout)
