"""Another mentor instead: what it would cost the round, who would move, and the choice itself."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from matchengine import Move, Price
from twoway.history.clock import now as clock_now
from twoway.matching.actions.draft import Refused, draft_by_hand
from twoway.matching.candidates import fit_by_hand
from twoway.matching.checking import holds_private
from twoway.matching.compare import side_by_side
from twoway.matching.cost_words import closed_words, cost_words, move_words, places_words
from twoway.matching.criteria import rules_among
from twoway.matching.fit import Point, points_of, warnings_of
from twoway.matching.instead import Asked, Cost, cost_of, is_near_best, is_of_this_engine
from twoway.matching.left_over_words import cause_words, lever_words
from twoway.matching.models import Proposal, Round
from twoway.matching.queries.arrangement import is_as_solved, successor_of
from twoway.matching.queries.round import is_mentor_in, left_over_in, mentors_named, names_in, round_kept_whole
from twoway.matching.views.draft import back_to, fit_in_round, found_proposal, refusal_words
from twoway.matching.views.round import at
from twoway.matching.views.round_page import place_of, told_truly
from twoway.matching.wished import WISHED
from twoway.matching.words import in_short, objective_words, parts
from twoway.people.models import Programme
from twoway.people.rules import may_change_programme, may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.models import Application
from twoway.signup.queries import answers_for_viewer, questions_of

AT_ONCE = 20


@require_safe
@programme_page(may_run_programme)
def instead(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    """Any mentor of the round, those who fit best first, to ask what each would cost."""
    return _mentors(request, programme, _of_pair(programme, proposal_id))


@require_safe
@programme_page(may_run_programme)
def instead_one(request: PersonRequest, programme: Programme, proposal_id: str, mentor_id: str) -> HttpResponse:
    """What one mentor would cost."""
    asked = _of_pair(programme, proposal_id)
    return _mentor(request, programme, asked, _mentor_of(programme, asked, mentor_id))


@require_safe
@programme_page(may_run_programme)
def left_over(request: PersonRequest, programme: Programme, round_id: str, application_id: str) -> HttpResponse:
    """Why somebody is left over, and any mentor of the round, to ask what each would cost."""
    return _mentors(request, programme, _of_left(programme, round_id, application_id))


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def left_over_one(
    request: PersonRequest, programme: Programme, round_id: str, application_id: str, mentor_id: str
) -> HttpResponse:
    """What one mentor for somebody left over would cost, and the choice."""
    asked = _of_left(programme, round_id, application_id)
    mentor = _mentor_of(programme, asked, mentor_id)
    if request.method == "POST":
        if not may_change_programme(request.user, programme):
            raise Http404
        return _choose(request, programme, asked, mentor)
    return _mentor(request, programme, asked, mentor)


def _of_pair(programme: Programme, proposal_id: str) -> Asked:
    """A proposal and its round with all that went in; those made by hand have none."""
    proposal = found_proposal(programme, proposal_id)
    round = round_kept_whole(proposal)
    if round is None:
        raise Http404
    proposal.mentee.intake = proposal.intake
    return Asked(proposal.mentee, round, proposal=proposal)


def _of_left(programme: Programme, round_id: str, application_id: str) -> Asked:
    """Somebody left over; with the draft of this round that was made for them since, where there is one."""
    left = left_over_in(programme, round_id, application_id)
    if left is None:
        raise Http404
    draft = Proposal.objects.filter(round=left.round, mentee=left.application, state=Proposal.State.DRAFT).first()
    if draft is not None:
        return _of_pair(programme, draft.public_id)
    return Asked(left.application, left.round, left=left)


def _mentor_of(programme: Programme, asked: Asked, mentor_id: str) -> Application:
    mentor = names_in(programme, [mentor_id]).get(mentor_id)
    if mentor is None or not is_mentor_in(asked.round, mentor):
        raise Http404
    return mentor


def _mentors(request: PersonRequest, programme: Programme, asked: Asked) -> HttpResponse:
    context = _page(request, programme, asked) | _cause(asked)
    context["may_change"] = may_change_programme(request.user, programme)
    return render(request, "matching/instead.html", context)


def _mentor(request: PersonRequest, programme: Programme, asked: Asked, mentor: Application) -> HttpResponse:
    context = _page(request, programme, asked) | {"mentor": mentor, "is_present": asked.has(mentor)}
    if is_of_this_engine(asked.round):
        cost = cost_of(asked, mentor)
        if cost is None:
            raise Http404
        context |= _fits(request, programme, asked, mentor, cost)
        context |= _told(programme, asked, mentor, cost)
        context |= _choice(request, programme, asked, mentor, cost)
    else:
        text = _("Its points may differ from those of today. Run it again, and then ask.")
        context |= {"headline": _("This round was worked out by an earlier version"), "lines": [text]}
    return render(request, "matching/instead_one.html", context)


def _page(request: PersonRequest, programme: Programme, asked: Asked) -> dict[str, Any]:
    """What all these pages show: where one is, and the way to any mentor of the round."""
    place = place_of(request)
    q = request.GET.get("q", "").strip()
    if q:
        named = mentors_named(asked.round, q)
    else:
        names = names_in(programme, [one[0] for one in asked.others])
        named = [(public_id, names[public_id].name) for public_id, *_rest in asked.others if public_id in names]
    scores = {public_id: score for public_id, score, _seats in asked.others}
    return {
        "programme": programme, "mentee": asked.mentee, "present": asked.mentor, "round": asked.round, "place": place,
        "q": q, "keep": [{"name": name, "value": value} for name, value in place.items()],
        "found": [
            {
                "name": name, "key": public_id, "score": scores.get(public_id),
                "url": f"{_address(programme, asked, public_id)}?{urlencode(place)}",
            }
            for public_id, name in named[:AT_ONCE]
        ],
        "more": max(0, len(named) - AT_ONCE),
        "back": _back(programme, asked, place),
    }  # fmt: skip


def _cause(asked: Asked) -> dict[str, Any]:
    """Why she is left over, and what would change it."""
    if asked.left is None:
        return {}
    left = told_truly(asked.left, asked.round)
    return {"cause": cause_words(left.cause, [left.facts]), "lever": lever_words([left.facts])}


def _address(programme: Programme, asked: Asked, mentor: str) -> str:
    if asked.proposal:
        return reverse("matching:proposal-instead-one", args=[*at(programme), asked.proposal.public_id, mentor])
    ids = [asked.round.public_id, asked.mentee.public_id, mentor]
    return reverse("matching:left-over-one", args=[*at(programme), *ids])


def _back(programme: Programme, asked: Asked, place: dict[str, str]) -> str:
    url = reverse("matching:round", args=[*at(programme), asked.round.public_id])
    if asked.proposal:
        return f"{url}?{urlencode({**place, 'pair': asked.proposal.public_id})}#pair"
    return f"{url}?{urlencode(place)}#left"


# --- the two fits -----------------------------------------------------------------------------------


def _fits(
    request: PersonRequest, programme: Programme, asked: Asked, mentor: Application, cost: Cost
) -> dict[str, Any]:
    """The pair as it is and the pair as it would be, side by side; nothing of those who are kept apart."""
    if cost.is_apart or any(bar.code == "self" for bar in cost.bars):
        return {"fits": []}
    hers = answers_for_viewer(asked.mentee, request.user)
    fits, proposal = [], asked.proposal
    if proposal and not asked.has(mentor):
        points, warnings = proposal.points, proposal.warnings
        fits.append((_("Now"), proposal.mentor, proposal.score, points, warnings))
    found = _points(programme, cost)
    label = _("Now") if asked.has(mentor) else _("Instead") if fits else _("Together")
    fits.append((label, mentor, cost.pair.score, *(found or ([], []))))
    return {
        "unknown": found is None,
        "fits": [
            {
                "id": f"fit-{his.public_id}", "label": label, "mentor": his, "score": score, "parts": parts(points),
                "warnings": in_short([], warnings) if warnings else "",
                "both": side_by_side(points, hers, answers_for_viewer(his, request.user)),
                "is_told": found is not None or his.pk != mentor.pk,
            }
            for label, his, score, points, warnings in fits
        ],
    }  # fmt: skip


def _points(programme: Programme, cost: Cost) -> tuple[list[Point], list[dict[str, str]]] | None:
    """The points by criterion; None where the form has lost a question since, and with it the words for it."""
    rules = rules_among(questions_of(programme))
    known = {WISHED, *(rule.name for rule in rules)}
    if {*(reason.criterion for reason in cost.pair.reasons), *cost.pair.nearly} - known:
        return None
    return points_of(cost.pair, rules), warnings_of(replace(cost.pair, bars=()), rules)


# --- the cost ---------------------------------------------------------------------------------------


def _told(programme: Programme, asked: Asked, mentor: Application, cost: Cost) -> dict[str, Any]:
    """The headline, the lines below it, and everybody who would move."""
    round = asked.round
    rules = {rule["id"]: rule for rule in round.settings.get("rules", [])}
    price, lines = cost.price, [_measured(round)]
    if cost.bars:
        return {"headline": _("These two cannot be a pair"), "lines": closed_words(cost.bars, rules)}
    if is_near_best(round):
        return {
            "headline": _("This round stopped short of the best"),
            "lines": [
                _("What a pair costs is measured against the best there could be, and this round did not look for it to"
                  " the end. Run it again, and then ask.")
            ],
        }  # fmt: skip
    if price is None:
        if holds_private(round):
            return {
                "headline": _("This round is too large to work it out on a page"),
                "lines": [_("It would take as long as the round itself took.")],
            }
        command = f"matchengine explain {asked.mentee.public_id} {mentor.public_id}"
        return {
            "headline": _("This round is too large to work it out on a page"),
            "lines": [_("It would take as long as the round itself took. The command line can tell:")],
            "command": f"{command} --receipt receipt.json --problem problem.json",
        }
    if price.full:
        text = _("%(name)s has no seat left: each is kept by a pinned pair.") % {"name": mentor.name}
        return {"headline": _("There is no seat to give"), "lines": [text, *lines]}
    if not price.moves:
        return {"headline": _("They are a pair in the best match of this round"), "lines": lines}
    names = names_in(programme, _people_in(price))
    lost = [_name(names, who) for who in price.left_over]
    won = [_name(names, move.mentee) for move in price.moves if move.before is None]
    return {
        "headline": cost_words(price, round.figures["total"]),
        "lines": [*places_words(lost, won), *lines],
        "moves": [_move(names, move) for move in price.moves],
    }


def _measured(round: Round) -> str:
    facts = {"round": round.name, "aim": objective_words(round.objective)}
    said = _("Measured against the best match of %(round)s, as it was worked out: %(aim)s.") % facts
    if is_as_solved(round):
        return said
    return f"{said} " + _("What was pinned, chosen, dismissed or published since does not count here.")


def _people_in(price: Price) -> list[str]:
    return [who for move in price.moves for who in (move.mentee, move.before, move.after) if who is not None]


def _name(names: dict[str, Application], who: str) -> str:
    return names[who].name if who in names else _("somebody who has left")


def _move(names: dict[str, Application], move: Move) -> dict[str, Any]:
    before, after = (_name(names, who) if who is not None else None for who in (move.before, move.after))
    return {
        "name": _name(names, move.mentee), "before": move_words(before, move.score_before),
        "after": move_words(after, move.score_after), "left": after is None,
    }  # fmt: skip


# --- the choice -------------------------------------------------------------------------------------


def _choice(
    request: PersonRequest, programme: Programme, asked: Asked, mentor: Application, cost: Cost
) -> dict[str, Any]:
    """Whether this mentor can be chosen here, and what comes of it."""
    price, proposal = cost.price, asked.proposal
    if not _is_open(request, programme, asked) or cost.bars or (price is not None and price.full):
        return {}
    again = _("Then run the round again: with this pair pinned it finds the best places that are left for everybody"
              " else. Drafts that are not pinned are made anew; what is published stays.")  # fmt: skip
    moving = price is None or len(price.moves) > 1
    if proposal and asked.has(mentor):
        return {"again": again if proposal.pinned and price is not None and moving else ""}
    facts = {"mentee": asked.mentee.name, "mentor": mentor.name}
    given = _("%(mentee)s is given %(mentor)s, and the pair is pinned. Nobody is told.")
    if asked.mentor:
        facts["present"] = asked.mentor.name
        given = _("%(mentee)s is given %(mentor)s instead of %(present)s, and the pair is pinned. Nobody is told.")
    said = [given % facts]
    if moving:
        said.append(_("Everybody else stays where they are for now."))
    if _is_full(asked.round, mentor):
        said.append(_("%(mentor)s then has more drafts than seats, and one of them cannot go out.") % facts)
    if moving:
        said.append(again)
    return {"choosable": True, "consequences": said, "act": _act(programme, asked, mentor)}


def _is_open(request: PersonRequest, programme: Programme, asked: Asked) -> bool:
    """What she has now can still be changed here: her draft, or, where she has nothing, the round's drafts."""
    if not may_change_programme(request.user, programme):
        return False
    if asked.proposal:
        return asked.proposal.state == Proposal.State.DRAFT
    return successor_of(asked.round) is None


def _act(programme: Programme, asked: Asked, mentor: Application) -> str:
    if asked.proposal:
        return reverse("matching:proposal-swap", args=[*at(programme), asked.proposal.public_id])
    return _address(programme, asked, mentor.public_id)


def _choose(request: PersonRequest, programme: Programme, asked: Asked, mentor: Application) -> HttpResponse:
    """Put somebody left over with this mentor, as a pinned draft of the round."""
    here = redirect(f"{_address(programme, asked, mentor.public_id)}?{urlencode(place_of(request))}")
    if not _is_open(request, programme, asked) or asked.proposal:
        messages.error(request, refusal_words("taken" if asked.proposal else "draft"))
        return here
    others = [one for one in asked.others if one[0] != mentor.public_id]
    now = clock_now()
    fit = fit_in_round(programme, asked.round, asked.mentee, mentor, others)
    if fit is None or fit_by_hand(asked.mentee.intake, asked.mentee, mentor, now) is None:
        messages.error(request, _("A rule closes this pair, or one of the two cannot take part now."))
        return here
    try:
        draft = draft_by_hand(
            intake=asked.mentee.intake, mentee=asked.mentee, mentor=mentor, fit=fit, by=request.user, now=now,
            round=asked.round,
        )  # fmt: skip
    except Refused as no:
        messages.error(request, refusal_words(str(no)))
        return here
    messages.success(request, _("Kept as a pinned draft. Nobody was told."))
    return back_to(request, programme, draft)


def _is_full(round: Round, mentor: Application) -> bool:
    """Every seat that the mentor had in the round is in use by its drafts and proposals now."""
    assert round.receipt is not None
    seats = {seat["mentor"]: seat["seats"] for seat in round.receipt["seats"]}
    held = Proposal.objects.filter(
        round=round, mentor=mentor, state__in=[Proposal.State.DRAFT, Proposal.State.PUBLISHED]
    )
    return held.count() >= seats.get(mentor.public_id, 0)
