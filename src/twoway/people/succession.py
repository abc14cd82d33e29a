"""Who is left when a role ends: the next in line, whether it can end at all, and what closes with it."""

from django.db.models import QuerySet

from twoway.people.models import Office, Programme


def others_in_role(office: Office) -> QuerySet[Office]:
    """Who else holds the same role in the same place, the longest first: the next in line."""
    return (
        Office.objects.filter(
            organisation=office.organisation, programme=office.programme, role=office.role, ended_at=None
        )
        .exclude(pk=office.pk)
        .select_related("person")
        .order_by("began_at", "pk")
    )


def is_last_one(office: Office) -> bool:
    """Whether it cannot end: an organisation keeps an admin, a programme a coordinator."""
    kept = office.role in (Office.Role.ADMIN, Office.Role.COORDINATOR)
    return kept and not others_in_role(office).exists()


def closes_sign_up(office: Office) -> bool:
    """Whether sign-up, now on, closes with this role: the programme promises a contact and a deputy."""
    programme = office.programme
    if programme is None or not programme.sign_up_on or office.role != Office.Role.SAFEGUARDING:
        return False
    named = programme.duty_of_care == Programme.DutyOfCare.NAMED_CONTACT
    return named and others_in_role(office).count() < 2
