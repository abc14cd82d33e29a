from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django_scopes import scopes_disabled

from twoway.people.models import Intake, Programme, Token
from twoway.people.queries import members_of, members_reached_at
from twoway.people.signin.secrets import digest_of
from twoway.signup.models import Application, Invitation


def takes_the_invited(programme: Programme) -> bool:
    """Whether people can be asked in, and come in by their letter. Sign-up may be closed for others meanwhile."""
    return programme.archived_at is None


def invitations_of(programme: Programme) -> QuerySet[Invitation]:
    """Invitations and suggestions of a programme, the newest of each application first."""
    return (
        Invitation.objects.filter(application__intake__programme=programme)
        .select_related("application__intake", "by", "token")
        .order_by("-made_at", "-pk")
    )


def invitation_with_id(programme: Programme, public_id: str) -> Invitation | None:
    return invitations_of(programme).filter(public_id=public_id).first()


def invitation_of_token(token: Token) -> Invitation | None:
    """The invitation whose link this is, in any organisation; its holder has proved nothing yet."""
    with scopes_disabled():
        return (
            Invitation.objects.filter(token=token)
            .select_related("application__intake__programme__organisation", "by")
            .first()
        )


def application_of_token(token: Token) -> Application | None:
    """The application that a mailed link of this room is about: an invitation, or a sign-up to confirm."""
    with scopes_disabled():
        return (
            Application.objects.filter(pk=token.facts.get("application"), address__iexact=token.address)
            .select_related("intake__programme__organisation")
            .first()
        )


def application_of_letter(secret: str) -> Application | None:
    """The application that a letter's link was about, though the link be over."""
    token = Token.objects.filter(kind=Token.Kind.INVITATION, digest=digest_of(secret)).first()
    if token is None:
        return None
    with scopes_disabled():
        found = Application.objects.filter(pk=token.facts.get("application"))
        return found.select_related("intake__programme__organisation").first()


def open_invitations(programme: Programme, now: datetime) -> QuerySet[Invitation]:
    """Letters that went out, whose link still works, and nobody has followed."""
    return invitations_of(programme).filter(
        sent_at__isnull=False, withdrawn_at=None, accepted_at=None, expires_at__gt=now,
        application__state=Application.State.EXPECTED,
    )  # fmt: skip


def addresses_here(intake: Intake, now: datetime) -> set[str]:
    """In small letters: who is in, waits for a yes, has begun after an invitation, or may still follow one."""
    state = Application.State
    letters = Invitation.objects.filter(application=OuterRef("pk"), sent_at__isnull=False, withdrawn_at=None)
    answered = Q(accepted_at__isnull=False) | Q(expires_at__gt=now)
    asked_in = Q(state=state.EXPECTED) & (Q(person__isnull=False) | Exists(letters.filter(answered)))
    found = Application.objects.filter(Q(state__in=[state.WAITING, state.JOINED]) | asked_in, intake=intake)
    return set(found.annotate(low=Lower("address")).order_by().values_list("low", flat=True))


def members_at(programme: Programme, addresses: Iterable[str]) -> set[str]:
    """Which of some addresses, in small letters, belong to members of a programme, whichever intake they came by.

    Only addresses its coordinators see count: the one a member gets letters at, and the one they joined with.
    """
    wanted = set(addresses)
    joined = Application.objects.filter(state=Application.State.JOINED, membership__in=members_of(programme))
    found = joined.annotate(low=Lower("address")).filter(low__in=wanted).order_by()
    return members_reached_at(programme, wanted) | set(found.values_list("low", flat=True))


def unasked_applications(programme: Programme) -> QuerySet[Application]:
    """People who are expected and have not been written to, such as those of a roster; no mere suggestions."""
    return (
        Application.objects.filter(intake__programme=programme, state=Application.State.EXPECTED, person=None)
        .exclude(Exists(Invitation.objects.filter(application=OuterRef("pk"))))
        .select_related("intake")
        .order_by("pk")
    )
