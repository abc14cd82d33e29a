"""The access table: every route, who may open it (GET) and who may act on it (POST). Written by hand.

Whoever is not named gets 404, and whoever is signed out is asked to sign in, unless the route is for EVERYBODY.
A route that is not in the table fails the build. `at` says how its address is made from the world.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.house.relations import RELATIONS, World

EVERYBODY = frozenset(RELATIONS)
SIGNED_IN = EVERYBODY - {"signed_out"}
SELF = frozenset({"self"})
MENTEES = frozenset({"self", "same_programme"})
COORDINATOR = frozenset({"coordinator"})
ADMIN = frozenset({"admin"})
OFFICE = COORDINATOR | ADMIN
MEMBERS = frozenset({"self", "partner", "ended_partner", "same_programme"})
INSIDE = MEMBERS | COORDINATOR | {"safeguarding"}
LOOP = frozenset({"self", "partner"})
PARTNER = frozenset({"partner"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Route:
    name: str
    get: frozenset[str] = NOBODY
    post: frozenset[str] = NOBODY
    at: Callable[[World], dict[str, object]] = field(default=lambda world: {})


def in_organisation(world: World) -> dict[str, object]:
    return {"organisation": world.cast.northwind.slug}


def in_programme(world: World) -> dict[str, object]:
    return {"organisation": world.cast.northwind.slug, "programme": world.cast.grow.slug}


def with_id(
    *names: str, within: Callable[[World], dict[str, object]] | None = None
) -> Callable[[World], dict[str, object]]:
    """The address of one thing: its ids as the world noted them, within an organisation or a programme."""
    return lambda world: {**(within(world) if within else {}), **{name: world.ids[name] for name in names}}


def by_letter(world: World) -> dict[str, object]:
    """The link in a letter of sign-up: whoever holds it may use it."""
    return {"secret": world.ids["letter_secret"]}


def offered(world: World) -> dict[str, object]:
    """The times that Amira offers Ben."""
    return {"loop": world.ids["loop"], "meeting": world.ids["offer"]}


def apart(world: World) -> dict[str, object]:
    """Another loop of the two, no longer sponsored, in which they have not yet told each other what they expect."""
    return {"loop": world.ids["apart_loop"]}


def over(world: World) -> dict[str, object]:
    """A meeting of the two that is over."""
    return {"loop": world.ids["loop"], "meeting": world.ids["over"]}


def step_of_goal(world: World) -> dict[str, object]:
    """A step of a goal that Amira shares with Ben."""
    return {"loop": world.ids["loop"], "goal": world.ids["goal"], "step": world.ids["step_of_goal"]}


def candidate(world: World) -> dict[str, object]:
    return {**in_programme(world), "application_id": world.ids["candidate_id"]}


def draft(world: World) -> dict[str, object]:
    return {**in_programme(world), "proposal_id": world.ids["draft_id"]}


def instead(world: World) -> dict[str, object]:
    return {**draft(world), "mentor_id": world.ids["mentor_id"]}


def left(world: World) -> dict[str, object]:
    """Somebody whom the round left over."""
    return {**with_id("round_id", within=in_programme)(world), "application_id": world.ids["left_id"]}


def left_with(world: World) -> dict[str, object]:
    return {**left(world), "mentor_id": world.ids["mentor_id"]}


def at_roster(name: str = "roster_id", **more: object) -> Callable[[World], dict[str, object]]:
    """The address of a roster, by the name under which the world noted it, or of something in it."""
    return lambda world: {**in_programme(world), "roster_id": world.ids[name], **more}


def rehearsal(world: World) -> dict[str, object]:
    """Other weights tried on a copy of the round."""
    return {**in_programme(world), "round_id": world.ids["round_id"], "rehearsal_id": world.ids["rehearsal_id"]}


ROUTES = (
    # signing in
    Route("people:sign-in", EVERYBODY, EVERYBODY),
    Route("people:code", EVERYBODY, EVERYBODY),
    Route("people:password", EVERYBODY, EVERYBODY),
    Route("people:link", EVERYBODY, EVERYBODY, with_id("secret")),
    Route("people:sign-out", post=EVERYBODY),
    Route("web:favicon", EVERYBODY),
    # oneself
    Route("web:home", SIGNED_IN),
    Route("web:trail", SIGNED_IN),
    Route("people:me", SIGNED_IN),
    Route("people:introduction", SIGNED_IN, SIGNED_IN),
    Route("people:wishes-edit", SIGNED_IN, SIGNED_IN),
    Route("people:password-edit", SIGNED_IN, SIGNED_IN),
    Route("people:password-drop", SIGNED_IN, SIGNED_IN),
    Route("people:devices", SIGNED_IN),
    Route("people:device-end", post=SELF, at=with_id("device")),
    Route("matching:aparts", SIGNED_IN, SIGNED_IN),
    Route("matching:apart-drop", post=SELF, at=with_id("apart_id")),
    Route("people:notifications", SIGNED_IN, SIGNED_IN),
    # getting support
    Route("people:support", EVERYBODY),
    # the organisation
    Route("people:organisation", ADMIN, at=in_organisation),
    Route("people:organisation-edit", ADMIN, ADMIN, in_organisation),
    Route("people:organisation-offices", ADMIN, ADMIN, in_organisation),
    Route("people:organisation-office-end", ADMIN, ADMIN, with_id("admin_id", within=in_organisation)),
    Route("people:organisation-offer-withdraw", post=ADMIN, at=with_id("admin_offer_id", within=in_organisation)),
    Route("people:programme-reopen", post=ADMIN, at=with_id("archived_id", within=in_organisation)),
    Route("signup:programme-new", ADMIN, ADMIN, in_organisation),
    Route("signup:programme-set-up", ADMIN, ADMIN, with_id("set_up_id", "step", within=in_organisation)),
    Route("signup:programme-archive", ADMIN, ADMIN, with_id("programme_id", within=in_organisation)),
    Route("signup:programme-copy", ADMIN, ADMIN, with_id("programme_id", within=in_organisation)),
    # the programme
    Route("people:programme", INSIDE, at=in_programme),
    Route("people:programme-edit", COORDINATOR, COORDINATOR, in_programme),
    Route("people:intakes", COORDINATOR, at=in_programme),
    Route("people:intake-new", COORDINATOR, COORDINATOR, in_programme),
    Route("people:intake-edit", COORDINATOR, COORDINATOR, with_id("intake_id", within=in_programme)),
    Route("people:offices", OFFICE, OFFICE, in_programme),
    Route("people:office-end", OFFICE, OFFICE, with_id("office_id", within=in_programme)),
    Route("people:office-primary", post=OFFICE, at=with_id("office_id", within=in_programme)),
    Route("people:offer-withdraw", post=OFFICE, at=with_id("offer_id", within=in_programme)),
    Route("people:support-lines", COORDINATOR, at=in_programme),
    Route("people:support-line-new", COORDINATOR, COORDINATOR, in_programme),
    Route("people:support-line-edit", COORDINATOR, COORDINATOR, with_id("line_id", within=in_programme)),
    Route("people:support-line-check", post=COORDINATOR, at=with_id("line_id", within=in_programme)),
    Route("people:support-line-drop", post=COORDINATOR, at=with_id("line_id", within=in_programme)),
    # what coordinators work with, and one person's page
    Route("web:desk", COORDINATOR, at=in_programme),
    Route("web:desk-note", post=COORDINATOR, at=in_programme),
    Route("web:people", COORDINATOR, at=in_programme),
    Route("web:people-change", COORDINATOR, COORDINATOR, in_programme),
    Route("web:profile", MEMBERS | COORDINATOR, at=with_id("member_id", within=in_programme)),
    # signing up
    Route("signup:invitation", EVERYBODY, EVERYBODY, by_letter),
    Route("signup:confirmation", EVERYBODY, EVERYBODY, by_letter),
    Route("signup:join", EVERYBODY, EVERYBODY, in_programme),
    Route("signup:join-questions", EVERYBODY, EVERYBODY, with_id("number", within=in_programme)),
    Route("signup:join-capacity", EVERYBODY, EVERYBODY, in_programme),
    Route("signup:join-not-for", EVERYBODY, EVERYBODY, in_programme),
    Route("signup:join-terms", EVERYBODY, EVERYBODY, in_programme),
    Route("signup:join-sent", EVERYBODY, at=in_programme),
    Route("signup:join-answers", EVERYBODY, EVERYBODY, in_programme),
    Route("signup:join-address", EVERYBODY, EVERYBODY, in_programme),
    Route("signup:join-letter", post=EVERYBODY, at=in_programme),
    Route("signup:join-out", EVERYBODY, EVERYBODY, in_programme),
    Route("signup:profile", MEMBERS, MEMBERS, in_programme),
    Route("signup:profile-offer", MEMBERS - SELF, MEMBERS - SELF, in_programme),  # Amira is a mentee
    Route("signup:profile-availability", MEMBERS, MEMBERS, in_programme),
    Route("signup:suggestion", MEMBERS, MEMBERS, in_programme),
    Route("signup:form", COORDINATOR, at=in_programme),
    Route("signup:form-preview", COORDINATOR, at=in_programme),
    Route("signup:question-new", COORDINATOR, COORDINATOR, with_id("kind", within=in_programme)),
    Route("signup:question-edit", COORDINATOR, COORDINATOR, with_id("question_id", within=in_programme)),
    Route("signup:question-place", post=COORDINATOR, at=with_id("question_id", within=in_programme)),
    Route("signup:question-retirement", post=COORDINATOR, at=with_id("question_id", within=in_programme)),
    Route("signup:applications", COORDINATOR, at=in_programme),
    Route("signup:decision", COORDINATOR, COORDINATOR, in_programme),
    Route("signup:application", COORDINATOR, at=with_id("application_id", within=in_programme)),
    Route("signup:application-letter", post=COORDINATOR, at=with_id("application_id", within=in_programme)),
    Route("signup:application-approval", post=COORDINATOR, at=with_id("application_id", within=in_programme)),
    Route("signup:application-address", post=COORDINATOR, at=with_id("application_id", within=in_programme)),
    Route("signup:availability", COORDINATOR, COORDINATOR, in_programme),
    Route("signup:invitations", COORDINATOR, COORDINATOR, in_programme),
    Route("signup:invitation-letters", post=COORDINATOR, at=in_programme),
    Route("signup:invitation-letter", post=COORDINATOR, at=with_id("invitation_id", within=in_programme)),
    Route("signup:rosters", COORDINATOR, COORDINATOR, in_programme),
    Route("signup:roster", COORDINATOR, at=with_id("roster_id", within=in_programme)),
    Route("signup:roster-columns", COORDINATOR, COORDINATOR, with_id("roster_id", within=in_programme)),
    Route("signup:roster-question", COORDINATOR, COORDINATOR, at_roster(number=2)),
    Route("signup:roster-sheet", post=COORDINATOR, at=with_id("roster_id", within=in_programme)),
    Route("signup:roster-row", COORDINATOR, COORDINATOR, at_roster(number=2)),
    Route("signup:roster-words", post=COORDINATOR, at=with_id("roster_id", within=in_programme)),
    Route("signup:roster-keeping", post=COORDINATOR, at=with_id("roster_id", within=in_programme)),
    Route("signup:roster-stop", post=COORDINATOR, at=with_id("roster_id", within=in_programme)),
    Route("signup:roster-invitations", post=COORDINATOR, at=at_roster("kept_roster_id")),
    Route("signup:roster-taking-back", COORDINATOR, COORDINATOR, at_roster("kept_roster_id")),
    Route("signup:invitation-withdrawal", post=COORDINATOR, at=with_id("invitation_id", within=in_programme)),
    # what was done
    Route("web:organisation-trail", ADMIN, at=in_organisation),
    Route("web:programme-trail", COORDINATOR, at=in_programme),
    # matching
    Route("matching:proposal-answer", LOOP, LOOP, with_id("proposal_id")),
    Route("matching:proposal-undo", post=LOOP, at=with_id("proposal_id")),
    Route("matching:proposal-take-back", post=LOOP, at=with_id("proposal_id")),
    Route("matching:wishes", MEMBERS, MENTEES, in_programme),
    Route("matching:wish-time", COORDINATOR, COORDINATOR, in_programme),
    Route("matching:rounds", COORDINATOR, at=in_programme),
    Route("matching:round-new", COORDINATOR, COORDINATOR, in_programme),
    Route("matching:round", COORDINATOR, at=with_id("round_id", within=in_programme)),
    Route("matching:round-cancel", post=COORDINATOR, at=with_id("round_id", within=in_programme)),
    Route("matching:round-again", COORDINATOR, COORDINATOR, with_id("round_id", within=in_programme)),
    Route("matching:round-proof", COORDINATOR, at=with_id("round_id", within=in_programme)),
    Route("matching:round-check", post=COORDINATOR, at=with_id("round_id", within=in_programme)),
    Route("matching:round-fairness", COORDINATOR, at=with_id("round_id", within=in_programme)),
    Route("matching:round-trait", post=COORDINATOR, at=with_id("round_id", within=in_programme)),
    Route("matching:rehearsals", COORDINATOR, COORDINATOR, with_id("round_id", within=in_programme)),
    Route("matching:rehearsal", COORDINATOR, at=rehearsal),
    Route("matching:rehearsal-cancel", post=COORDINATOR, at=rehearsal),
    Route("matching:rehearsal-remove", post=COORDINATOR, at=rehearsal),
    Route("matching:rehearsal-use", post=COORDINATOR, at=rehearsal),
    Route("matching:round-receipt", COORDINATOR, at=with_id("round_id", within=in_programme)),
    Route("matching:round-problem", COORDINATOR, at=with_id("round_id", within=in_programme)),
    Route("matching:proposals", COORDINATOR, at=in_programme),
    Route("matching:publish", COORDINATOR, COORDINATOR, in_programme),
    Route("matching:by-hand", COORDINATOR, at=in_programme),
    Route("matching:by-hand-one", COORDINATOR, COORDINATOR, candidate),
    Route("matching:proposal", COORDINATOR, at=with_id("proposal_id", within=in_programme)),
    Route("matching:proposal-pin", post=COORDINATOR, at=draft),
    Route("matching:proposal-dismiss", post=COORDINATOR, at=draft),
    Route("matching:proposal-restore", post=COORDINATOR, at=draft),
    Route("matching:proposal-swap", post=COORDINATOR, at=draft),
    Route("matching:proposal-instead", COORDINATOR, at=draft),
    Route("matching:proposal-instead-one", COORDINATOR, at=instead),
    Route("matching:left-over", COORDINATOR, at=left),
    Route("matching:left-over-one", COORDINATOR, COORDINATOR, left_with),
    Route("matching:proposal-words", post=COORDINATOR, at=draft),
    Route("matching:proposal-extend", post=COORDINATOR, at=with_id("proposal_id", within=in_programme)),
    Route("matching:proposal-withdraw", COORDINATOR, COORDINATOR, with_id("proposal_id", within=in_programme)),
    Route("matching:proposal-yes", post=COORDINATOR, at=with_id("proposal_id", within=in_programme)),
    # loops
    Route("loops:loops", SIGNED_IN),
    Route("loops:loop", LOOP, at=with_id("loop")),
    Route("loops:conversation", LOOP, at=with_id("loop")),
    Route("loops:messages", LOOP, LOOP, with_id("loop")),
    Route("loops:message-edit", SELF, SELF, with_id("loop", "message")),
    Route("loops:message-withdrawal", SELF, SELF, with_id("loop", "message")),
    Route("loops:agenda", LOOP, SELF, with_id("loop")),
    Route("loops:agenda-sharing", post=SELF, at=with_id("loop")),
    Route("loops:agenda-suggestion", post=PARTNER, at=with_id("loop")),
    Route("loops:agenda-item", SELF, SELF, with_id("loop", "item")),
    Route("loops:agenda-item-state", post=SELF, at=with_id("loop", "item")),
    Route("loops:goals", LOOP, at=with_id("loop")),
    Route("loops:goal-new", SELF, SELF, with_id("loop")),
    Route("loops:goal", LOOP, at=with_id("loop", "goal")),
    Route("loops:goal-edit", SELF, SELF, with_id("loop", "goal")),
    Route("loops:goal-sharing", SELF, SELF, with_id("loop", "goal")),
    Route("loops:goal-state", post=SELF, at=with_id("loop", "goal")),
    Route("loops:goal-steps", post=SELF, at=with_id("loop", "goal")),
    Route("loops:goal-step", post=SELF, at=step_of_goal),
    Route("loops:goal-levels", SELF, SELF, with_id("loop", "goal")),
    Route("loops:goal-level", post=SELF, at=with_id("loop", "goal")),
    Route("loops:goal-comments", post=LOOP, at=with_id("loop", "goal")),
    Route("loops:agreement", LOOP, at=with_id("loop")),
    Route("loops:agreement-apart", LOOP, LOOP, at=apart),
    Route("loops:agreement-version", LOOP, LOOP, with_id("loop")),
    Route("loops:agreement-confirmation", post=LOOP, at=with_id("loop")),
    Route("loops:meetings", LOOP, at=with_id("loop")),
    Route("loops:meeting-new", LOOP, LOOP, with_id("loop")),
    Route("loops:meeting-past", LOOP, LOOP, with_id("loop")),
    Route("loops:meeting", LOOP, at=with_id("loop", "meeting")),
    Route("loops:meeting-times", LOOP, LOOP, at=offered),
    Route("loops:meeting-pick", post=PARTNER, at=offered),
    Route("loops:meeting-move", LOOP, LOOP, with_id("loop", "meeting")),
    Route("loops:meeting-cancellation", LOOP, LOOP, with_id("loop", "meeting")),
    Route("loops:meeting-answer", LOOP, LOOP, at=over),
    Route("loops:meeting-calendar", LOOP, at=with_id("loop", "meeting")),
    Route("loops:programme-loops", COORDINATOR, at=in_programme),
    # the demo's own pages: outside a demo they do not exist
    Route("operate:demo"),
    Route("operate:clock"),
    Route("operate:letters"),
    Route("operate:letter", at=lambda world: {"name": "20261123-100000-0123456789ab"}),
    Route("operate:letter-drawn", at=lambda world: {"name": "20261123-100000-0123456789ab"}),
    Route("operate:removal"),
)
