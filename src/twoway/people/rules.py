"""Who may do what in the ground room. Each is a question with a yes or a no."""

from twoway.people.models import Organisation, Person, Programme
from twoway.people.queries import holds
from twoway.people.roles import Power


def may_run_organisation(person: Person, organisation: Organisation) -> bool:
    """Programmes, roles and the name of an organisation."""
    return holds(person, Power.RUN_ORGANISATION, organisation=organisation)


def may_run_programme(person: Person, programme: Programme) -> bool:
    """People, sign-up, matching and settings of a programme."""
    return holds(person, Power.RUN_PROGRAMME, organisation=programme.organisation, programme=programme)


def may_see_programme(person: Person, programme: Programme) -> bool:
    """Know a programme from inside: its front page and whom to turn to."""
    return holds(person, Power.SEE_PROGRAMME, organisation=programme.organisation, programme=programme)
