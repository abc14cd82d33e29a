"""Who may do what in sign-up, beside running the programme. Each is a question with a yes or a no."""

from twoway.people.models import Person, Programme
from twoway.people.queries import memberships_of


def may_suggest_somebody(person: Person, programme: Programme) -> bool:
    """Members may name somebody whom the coordinators could ask in."""
    return memberships_of(person).filter(programme=programme).exists()
