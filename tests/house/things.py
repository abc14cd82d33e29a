"""One of each thing that has an id in some address, all belonging to Amira, her loop, or her programme."""

from datetime import timedelta

from allauth.usersessions.models import UserSession

from tests.factories import NOW
from tests.house.relations import World
from twoway.people.actions.link import make_link
from twoway.people.actions.person import keep_apart
from twoway.people.models import Token


def put_in(world: World) -> None:
    """Make them and note their ids under the names that addresses use. Call it with scopes disabled."""
    cast = world.cast
    _, link = make_link(kind=Token.Kind.DEMO, lasts=timedelta(hours=1), person=cast.amira, now=NOW)
    session = UserSession.objects.create(user=cast.amira, ip="127.0.0.1", session_key="k" * 32, user_agent="Test")
    apart = keep_apart(owner=cast.amira, organisation=cast.northwind, address="x@y.example", note="", now=NOW)
    world.ids |= {
        "secret": link.rstrip("/").rpartition("/")[2],
        "device": session.pk,
        "apart_id": apart.public_id,
    }
