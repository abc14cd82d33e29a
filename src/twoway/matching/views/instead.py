"""Another mentor instead: what it would cost the round, who would move, and the choice itself."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matchengine import Move, Price
from twoway.matching.checking import holds_wishes
from twoway.matching.compare import side_by_side
from twoway.matching.cost_words import closed_words, cost_words, move_words, places_words
from twoway.matching.criteria import rules_among
from twoway.matching.fit import Point, points_of, warnings_of
from twoway.matching.instead import Cost, cost_of, is_near_best, is_of_this_engine
from twoway.matching.models import Proposal, Round
from twoway.matching.queries.arrangement import is_as_solved
from twoway.matching.queries.round import is_mentor_in, mentors_named, names_in, round_kept_whole
from twoway.matching.views.draft import found_proposal
from twoway.matching.views.round import at
from twoway.matching.views.round_page import place_of
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
    proposal, round = _in_round(programme, proposal_id)
    return render(request, "matching/instead.html", _page(request, programme, proposal, round))


@require_safe
@programme_page(may_run_programme)
def instead_one(request: PersonRequest, programme: Programme, proposal_id: str, mentor_id: str) -> HttpResponse:
    """What one mentor would cost."""
    proposal, round = _in_round(programme, proposal_id)
    mentor = names_in(programme, [mentor_id]).get(mentor_id)
    if mentor is None or not is_mentor_in(round, mentor):
        raise Http404
    context = _page(request, programme, proposal, round) | {"mentor": mentor}
    if is_of_this_engine(round):
        cost = cost_of(round, proposal, mentor)
        if cost is None:
            raise Http404
        context |= _fits(request, programme, proposal, mentor, cost)
        context |= _told(programme, proposal, round, mentor, cost)
        context |= _choice(request, programme, proposal, round, mentor, cost)
    else:
        text = _("Its points may differ from those of today. Run it again, and then ask.")
        context |= {"headline": _("This round was worked out by an earlier version"), "lines": [text]}
    return render(request, "matching/instead_one.html", context)


def _in_round(programme: Programme, proposal_id: str) -> tuple[Proposal, Round]:
    """A proposal and its round with all that went in; those made by hand have none."""
    proposal = found_proposal(programme, proposal_id)
    round = round_kept_whole(proposal)
    if round is None:
        raise Http404
    return proposal, round


def _page(request: PersonRequest, programme: Programme, proposal: Proposal, round: Round) -> dict[str, Any]:
    """What both pages show: where one is, and the way to any mentor of the round."""
    place = place_of(request)
    q = request.GET.get("q", "").strip()
    if q:
        named = mentors_named(round, q)
    else:
        names = names_in(programme, [one[0] for one in proposal.others])
        named = [(public_id, names[public_id].name) for public_id, *_rest in proposal.others if public_id in names]
    scores = {public_id: score for public_id, score, _seats in proposal.others}
    return {
        "programme": programme, "proposal": proposal, "round": round, "place": place, "q": q,
        "keep": [{"name": name, "value": value} for name, value in place.items()],
        "found": [
            {
                "name": name, "key": public_id, "score": scores.get(public_id),
                "url": _address(programme, proposal, public_id, place),
            }
            for public_id, name in named[:AT_ONCE]
        ],
        "more": max(0, len(named) - AT_ONCE),
        "back": _back(programme, proposal, round, place),
    }  # fmt: skip


def _address(programme: Programme, proposal: Proposal, mentor: str, place: dict[str, str]) -> str:
    url = reverse("matching:proposal-instead-one", args=[*at(programme), proposal.public_id, mentor])
    return f"{url}?{urlencode(place)}"


def _back(programme: Programme, proposal: Proposal, round: Round, place: dict[str, str]) -> str:
    url = reverse("matching:round", args=[*at(programme), round.public_id])
    return f"{url}?{urlencode({**place, 'pair': proposal.public_id})}#pair"


# --- the two fits -----------------------------------------------------------------------------------


def _fits(
    request: PersonRequest, programme: Programme, proposal: Proposal, mentor: Application, cost: Cost
) -> dict[str, Any]:
    """The pair as it is and the pair as it would be, side by side; nothing of those who are kept apart."""
    if cost.is_apart or any(bar.code == "self" for bar in cost.bars):
        return {"fits": []}
    hers = answers_for_viewer(proposal.mentee, request.user)
    fits = []
    if mentor.pk != proposal.mentor_id:
        points, warnings = proposal.points, proposal.warnings
        fits.append((_("Now"), proposal.mentor, proposal.score, points, warnings))
    found = _points(programme, cost)
    label = _("Instead") if fits else _("Now")
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


def _told(programme: Programme, proposal: Proposal, round: Round, mentor: Application, cost: Cost) -> dict[str, Any]:
    """The headline, the lines below it, and everybody who would move."""
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
        if holds_wishes(round):
            return {
                "headline": _("This round is too large to work it out on a page"),
                "lines": [_("It would take as long as the round itself took.")],
            }
        command = f"matchengine explain {proposal.mentee.public_id} {mentor.public_id}"
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
    request: PersonRequest, programme: Programme, proposal: Proposal, round: Round, mentor: Application, cost: Cost
) -> dict[str, Any]:
    """Whether this mentor can be chosen here, and what comes of it."""
    price = cost.price
    is_open = proposal.state == Proposal.State.DRAFT and may_change_programme(request.user, programme)
    if not is_open or cost.bars or (price is not None and price.full):
        return {}
    again = _("Then run the round again: with this pair pinned it finds the best places that are left for everybody"
              " else. Drafts that are not pinned are made anew; what is published stays.")  # fmt: skip
    is_chosen = mentor.pk == proposal.mentor_id
    moving = price is None or len(price.moves) > 1
    if is_chosen:
        return {"again": again if proposal.pinned and price is not None and moving else ""}
    facts = {"mentee": proposal.mentee.name, "mentor": mentor.name, "present": proposal.mentor.name}
    said = [_("%(mentee)s is given %(mentor)s instead of %(present)s, and the pair is pinned. Nobody is told.") % facts]
    if moving:
        said.append(_("Everybody else stays where they are for now."))
    if _is_full(round, mentor):
        said.append(_("%(mentor)s then has more drafts than seats, and one of them cannot go out.") % facts)
    if moving:
        said.append(again)
    return {"choosable": True, "consequences": said}


def _is_full(round: Round, mentor: Application) -> bool:
    """Every seat that the mentor had in the round is in use by its drafts and proposals now."""
    assert round.receipt is not None
    seats = {seat["mentor"]: seat["seats"] for seat in round.receipt["seats"]}
    held = Proposal.objects.filter(
        round=round, mentor=mentor, state__in=[Proposal.State.DRAFT, Proposal.State.PUBLISHED]
    )
    return held.count() >= seats.get(mentor.public_id, 0)
