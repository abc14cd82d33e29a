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


# What the pages of organisations and programmes ask


def may_change_programme(person: Person, programme: Programme) -> bool:
    """Change what a programme is: its coordinators, while it is not archived."""
    return programme.archived_at is None and may_run_programme(person, programme)


def may_give_roles(person: Person, programme: Programme) -> bool:
    """Ask people into the roles of a programme and end these: its coordinators and the organisation's admins."""
    return holds(person, Power.GIVE_ROLES, organisation=programme.organisation, programme=programme)
