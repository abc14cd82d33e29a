"""Taking the demo out of an installation, in one action."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_scopes import scopes_disabled

from twoway.history.actions import record
from twoway.loops.queries.personal import demo_loops
from twoway.outbox.channels.folder import forget_letters
from twoway.outbox.models import Delivery
from twoway.people.models import Organisation, Person, Programme, Token
from twoway.signup.models import Application


@transaction.atomic
def remove_demo(*, by: Person | None, now: datetime) -> int:
    """Delete every demo organisation and person with all that belongs to them; how many people went.

    What really happened stays written down: events hold plain numbers and are never deleted.
    """
    with scopes_disabled():
        organisations = Organisation.objects.filter(demo=True)
        people = Person.objects.filter(demo=True)
        gone = list(people.values_list("pk", flat=True))
        programmes = list(Programme.objects.filter(organisation__demo=True).values_list("pk", flat=True))
        Delivery.objects.filter(Q(person__in=gone) | Q(programme__in=programmes)).delete()
        demo_loops().delete()
        Token.objects.filter(facts__organisation__in=list(organisations.values_list("pk", flat=True))).delete()
        applications = Application.objects.filter(Q(person__demo=True) | Q(intake__programme__organisation__demo=True))
        Token.objects.filter(facts__application__in=list(applications.values_list("pk", flat=True))).delete()
        # Before the memberships they name: a joined application without its member is refused by the database.
        applications.delete()
        organisations.delete()
        people.delete()
        record("demo.removed", by=by, now=now, people=len(gone))
    if settings.DEMO:
        transaction.on_commit(forget_letters)
    return len(gone)
