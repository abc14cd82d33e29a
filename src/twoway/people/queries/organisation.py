"""What can be asked about organisations."""

from django_scopes import scopes_disabled

from twoway.people.models import FormerSlug, Membership, Organisation, Person, Programme
from twoway.people.queries.membership import memberships_of
from twoway.people.queries.office import offices_of


def organisation_at(slug: str) -> Organisation | None:
    return Organisation.objects.filter(slug=slug).first()


def renamed_to(organisation: str, programme: str | None) -> Organisation | Programme | None:
    """What used to be at these slugs, if it was renamed."""
    found = Organisation.objects.filter(slug=organisation).first()
    if found is None:
        former = FormerSlug.objects.filter(slug=organisation, programme=None).select_related("organisation").first()
        found = former.organisation if former else None
    if found is None or programme is None:
        return found
    with scopes_disabled():
        present = Programme.objects.filter(organisation=found, slug=programme).select_related("organisation").first()
        if present is not None:
            return present
        row = (
            FormerSlug.objects.filter(organisation=found, slug=programme, programme__isnull=False)
            .select_related("programme__organisation")
            .first()
        )
        return row.programme if row else None


def demo_is_there() -> bool:
    """Whether anything made up is left."""
    return Organisation.objects.filter(demo=True).exists() or Person.objects.filter(demo=True).exists()


def organisations_of(person: Person) -> list[Organisation]:
    """Where a person is a member or holds a role, by name."""
    found = {office.organisation for office in offices_of(person)}
    found |= {membership.programme.organisation for membership in memberships_of(person)}
    return sorted(found, key=lambda organisation: (organisation.name, organisation.pk))


def people_in(organisation: Organisation) -> int:
    """How many different people are members of the organisation's running programmes."""
    running = Membership.objects.filter(
        programme__organisation=organisation, programme__archived_at=None, ended_at=None
    )
    return running.values("person").distinct().count()
