from datetime import datetime, timedelta
from typing import Any

import pytest
from django_scopes import scopes_disabled

from tests.cast import Cast
from tests.factories import NOW
from twoway.loops.actions.loop import open_loop
from twoway.loops.actions.meeting import book_meeting
from twoway.loops.models import Loop, Meeting


@pytest.fixture
def loop(cast: Cast) -> Loop:
    """Amira and Ben, since today."""
    with scopes_disabled():
        return open_loop(
            mentee=cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW
        )  # fmt: skip


def booked(loop: Loop, cast: Cast, starts_at: datetime | None = None, **wishes: Any) -> Meeting:
    """A meeting on Thursday at two, unless it is said otherwise."""
    said: dict[str, Any] = {"minutes": 45, "place": "", "by": cast.amira, "now": NOW, **wishes}
    return book_meeting(loop=loop, starts_at=starts_at or NOW + timedelta(days=3, hours=4), **said)
