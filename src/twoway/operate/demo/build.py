"""Making the demo's people and programmes around a moment, all of them or none."""

from datetime import datetime

from django.db import transaction
from django_scopes import scopes_disabled

from twoway.operate.demo import stages
from twoway.operate.demo.cast import gather
from twoway.operate.demo.letters import settle_letters
from twoway.people.models import Organisation


def is_there() -> bool:
    """Whether this database holds a demo."""
    return Organisation.objects.filter(demo=True).exists()


@transaction.atomic
def build(now: datetime) -> None:
    """Two organisations; at the first, three programmes at different stages of life. Twice is once."""
    if is_there():
        return
    with scopes_disabled():
        cast = gather(now)
        stages.running(cast, now)
        stages.ready_to_match(cast, now)
        stages.recruiting(cast, now)
        stages.elsewhere(cast, now)
        settle_letters(now)
