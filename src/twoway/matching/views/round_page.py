"""What the page of a finished round shows: the sentence, four figures, proposals, the chosen pair, those left over."""

from collections import Counter
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twoway.history.clock import now as clock_now
from twoway.history.kept import kept
from twoway.matching.actions.draft import Published, plan_publishing
from twoway.matching.compare import side_by_side
from twoway.matching.left_over_words import cause_key, cause_words, lever_words, recruit_words
from twoway.matching.models import LeftOver, Proposal, Round
from twoway.matching.one_more import one_more_is_held_back, one_more_lines
from twoway.matching.queries.proposal import (
    NEAR,
    ORDERS,
    SHOWN,
    as_listed,
    as_planned,
    dismissed_in,
    drafts_of,
    first_next_time,
    shown_of,
)
from twoway.matching.queries.round import is_kept_whole, left_over_of, named_in, spare_of
from twoway.matching.views.round_head import head_of
from twoway.matching.words import in_short, parts, rule_words, texts_of_round, wishes_words, without_lines
from twoway.people.models import Programme
from twoway.people.role_words import mentors_label
from twoway.people.tenancy import PersonRequest
from twoway.signup.queries import answers_of_two

AT_ONCE, LEFT_AT_ONCE = 20, 12
LABELS = {
    "all": lambda: _("All"), "near": lambda: _("Rule nearly broken"), "pinned": lambda: _("Pinned"),
    "unpublished": lambda: _("Not yet published"),
}  # fmt: skip


def round_context(request: PersonRequest, programme: Programme, round: Round) -> dict[str, Any]:
    """Everything but the chosen pair."""
    place = place_of(request)
    show, order = place["show"], place["order"]
    now = clock_now()
    counts = kept(("counts", round.pk), partial(_counts, round), now=now)
    paginator = Paginator(as_listed(shown_of(round, show, order)), AT_ONCE)
    paginator.count = counts[show]
    page = paginator.get_page(place.get("page"))
    place["page"] = str(page.number)
    query = urlencode({"show": show, "order": order})
    plan = planned(round, "all", now) if counts["unpublished"] else None
    left = list(left_over_of(round))
    head = head_of(round, plan, now)
    first = first_next_time(round.intake) if left else set()
    return {
        "programme": programme, "round": round, "figures": _figures(round, head), **head,
        "show": show, "order": order, "query": query, "page": page, "place": place,
        "rows": _rows(programme, list(page.object_list), query, page.number),
        "chips": [
            {"label": LABELS[key](), "url": f"?show={key}&order={order}", "current": key == show, "count": counts[key]}
            for key in SHOWN
            if key in ("all", show) or counts[key]
        ],
        "unpublished": counts["unpublished"], "publishable": _sendable(plan),
        "publishable_here": _sendable(planned(round, show, now) if plan and show != "all" else plan),
        "left_count": len(left), "left": _left_groups([told_truly(row, round) for row in left], first),
        "recruits": [recruit_words(one) for one in round.figures.get("recruits", [])[:3]],
        "one_more": one_more_lines(round), "one_more_held_back": one_more_is_held_back(round),
        "dismissed": list(dismissed_in(round)), "spare": list(spare_of(round)[:60]),
        "without": without_lines(round.figures.get("without", {})),
        "rules": [{**rule, "words": rule_words(rule)} for rule in round.settings.get("rules", [])],
        "texts": texts_of_round(round), "wishes": wishes_words(round),
        "keys": [
            {"key": "j", "does": _("next")}, {"key": "k", "does": _("previous")},
            {"key": "p", "does": _("pin or unpin")}, {"key": "s", "does": _("look and swap")},
            {"key": "x", "does": _("dismiss")},
        ],
        "toast": _toast(request, programme),
    }  # fmt: skip


def _counts(round: Round) -> dict[str, int]:
    found = drafts_of(round).aggregate(
        all=Count("pk"), near=Count("pk", filter=NEAR), pinned=Count("pk", filter=Q(pinned=True)),
        unpublished=Count("pk", filter=Q(state=Proposal.State.DRAFT)),
    )  # fmt: skip
    return dict(found)


def place_of(request: PersonRequest) -> dict[str, str]:
    """Where somebody is in a round's list: the filter, the order and the page, as an act sends them along."""
    asked = {**request.GET.dict(), **request.POST.dict()}
    show, order, page = asked.get("show", "all"), asked.get("order", "best"), asked.get("page", "")
    place = {"show": show if show in SHOWN else "all", "order": order if order in ORDERS else "best"}
    return place | ({"page": page} if page.isdecimal() else {})


def page_with(round: Round, place: dict[str, str], pair: str) -> int | None:
    """The page of the list on which a pair stands now; None where the filter does not show it."""
    ids = list(shown_of(round, place["show"], place["order"]).values_list("public_id", flat=True))
    return ids.index(pair) // AT_ONCE + 1 if pair in ids else None


def planned(round: Round, show: str, now: datetime) -> Published:
    """What publishing the drafts under a filter would do now."""
    return kept(("plan", round.pk, show), lambda: _planned(round, show, now), now=now)


def _planned(round: Round, show: str, now: datetime) -> Published:
    drafts = shown_of(round, show).filter(state=Proposal.State.DRAFT)
    return plan_publishing(round.intake, as_planned(drafts), now)


def _sendable(plan: Published | None) -> int:
    return len(plan.told) + len(plan.waiting) if plan else 0


def _rows(programme: Programme, found: list[Proposal], query: str, page: int) -> list[dict[str, Any]]:
    """The lines of a page, each with the one to go on with should it leave the list."""
    proposals = reverse("matching:proposals", args=[programme.organisation.slug, programme.slug])
    rows = [row_of(row, f"{proposals}{row.public_id}/", query, page) for row in found]
    for number, row in enumerate(rows):
        beside = rows[number + 1 : number + 2] or rows[max(0, number - 1) : number]
        row["after"] = beside[0]["row"].public_id if beside else ""
    return rows


def row_of(row: Proposal, at: str, query: str, page: int) -> dict[str, Any]:
    """One line of the list, of the proposal found at this address."""
    pill, kind = _pill(row)
    more = f"{query}&page={page}" if page > 1 else query
    return {
        "row": row, "id": row.public_id, "at": at, "pinned": row.pinned,
        "first": row.mentee.name, "second": row.mentor.name, "first_key": row.mentee.public_id,
        "second_key": row.mentor.public_id, "parts": parts(row.points), "score": row.score,
        "reason": in_short(row.points, row.warnings), "pill": pill, "pill_kind": kind,
        "url": f"?{more}&pair={row.public_id}#pair", "draft": row.state == Proposal.State.DRAFT,
    }  # fmt: skip


def _pill(row: Proposal) -> tuple[str, str]:
    if row.state == Proposal.State.OPENED:
        return _("Loop open"), "done"
    if row.state == Proposal.State.PUBLISHED:
        return _("Published"), "open"
    if row.state == Proposal.State.ENDED:
        return _("Not going ahead"), "bare"
    if row.pinned:
        return _("Pinned"), "bare"
    if "expected" in (row.mentee.state, row.mentor.state):
        return _("Not joined yet"), "bare"
    return "", ""


def _figures(round: Round, head: dict[str, Any]) -> list[dict[str, Any]]:
    facts = round.figures
    left = facts["mentees"] - facts["placed"]
    free = facts["seats"] - facts["placed"]
    note = ngettext("%(n)s left over, see why", "%(n)s left over, see why", left) % {"n": left}
    note = note if left else _("nobody left over")
    if head["changed"] or head["successor"]:
        note = _("as it was solved")
    found: list[dict[str, Any]] = [
        {
            "label": _("Placed"), "value": facts["placed"], "of": facts["mentees"], "note": note,
        },
        {
            "label": _("Typical fit"), "value": facts["typical"], "low": facts["low"], "high": facts["high"],
            "note": _("middle half %(low)s to %(high)s, lowest %(lowest)s") % facts,
        } if facts["placed"] else {"label": _("Typical fit"), "value": "–", "note": _("no pairs")},
        {
            "label": _("%(mentors)s at capacity") % {"mentors": mentors_label(round.intake.programme)},
            "value": facts["full"], "of": facts["mentors"],
            "note": ngettext("%(n)s seat still free", "%(n)s seats still free", free) % {"n": free},
        },
        {"label": _("The other aim"), **_other_aim(round)},
    ]  # fmt: skip
    return [{"low": None, "high": None, **figure} for figure in found]


def _other_aim(round: Round) -> dict[str, Any]:
    """What choosing the other objective would have cost or brought here."""
    facts, other = round.figures, round.figures["other"]
    people, points = other["placed"] - facts["placed"], other["total"] - facts["total"]
    if not people and not points:
        return {"value": _("Agrees"), "note": _("both aims lead to the same number of people and points")}
    who = ngettext("%(n)s person", "%(n)s people", abs(people)) % {"n": abs(people)}
    much = ngettext("%(n)s point", "%(n)s points", abs(points)) % {"n": number_format(abs(points))}
    if round.objective == Round.Objective.MOST_THEN_BEST:
        note = _("best total would place %(who)s fewer and fit %(much)s better in total") % {"who": who, "much": much}
        return {"value": f"+{abs(points)}", "note": note}
    note = _("placing most would place %(who)s more and fit %(much)s less in total") % {"who": who, "much": much}
    return {"value": f"+{abs(people)}", "note": note}


def told_truly(row: LeftOver, round: Round) -> LeftOver:
    """Where nothing says what mentors help with, that is why nobody could be chosen from."""
    if row.cause == "no_candidate" and not round.figures.get("helping", True):
        row.cause = "nothing_helps"
    return row


def _left_groups(left: list[LeftOver], first: set[int]) -> list[dict[str, Any]]:
    """Those left over, together where the cause is the same; those promised to be first stand first."""
    groups: dict[tuple[object, ...], list[LeftOver]] = {}
    for row in sorted(left, key=lambda row: row.application_id not in first):
        groups.setdefault(cause_key(row.cause, row.facts), []).append(row)
    found = []
    for rows in sorted(groups.values(), key=len, reverse=True):
        together = [row.facts for row in rows]
        people = [{"application": row.application, "first": row.application_id in first} for row in rows]
        found.append({
            "cause": cause_words(rows[0].cause, together), "lever": lever_words(together),
            "people": people[:LEFT_AT_ONCE], "rest": people[LEFT_AT_ONCE:],
        })  # fmt: skip
    return found


def _toast(request: PersonRequest, programme: Programme) -> dict[str, str] | None:
    """The line that takes the last act back: carried by the address, so that it works without scripts."""
    did, about, before = (request.GET.get(name, "") for name in ("did", "about", "before"))
    at = [programme.organisation.slug, programme.slug, about]
    if not about.isalnum():
        return None
    place = urlencode(place_of(request))
    if did == "dismissed":
        url = reverse("matching:proposal-restore", args=at)
        return {"text": _("Set aside. Nobody was told."), "url": f"{url}?{place}"}
    if did == "swapped" and before.isalnum():
        url = reverse("matching:proposal-swap", args=at)
        text = _("Somebody else was chosen, and the pair is pinned.")
        return {"text": text, "url": f"{url}?mentor={before}&{place}"}
    return None


# --- the chosen pair --------------------------------------------------------------------------------


def pair_context(
    request: PersonRequest, programme: Programme, round: Round, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """The pair in the address, or the first of the list: side by side, points in words, other mentors."""
    asked = request.GET.get("pair")
    chosen = None
    if asked:
        chosen = drafts_of(round).filter(public_id=asked).first()
    elif rows:
        chosen = rows[0]["row"]
    if chosen is None:
        return {"chosen": None}
    chosen.intake = round.intake
    for row in rows:
        row["chosen"] = row["row"].pk == chosen.pk
    after = next((row["after"] for row in rows if row["row"].pk == chosen.pk), "")
    return {"chosen": chosen, "asked": bool(asked), "after": after, **pair_details(request, programme, chosen, round)}


def pair_details(request: PersonRequest, programme: Programme, chosen: Proposal, round: Round | None) -> dict[str, Any]:
    for side in (chosen.mentee, chosen.mentor):
        if side.intake_id == chosen.intake_id:
            side.intake = chosen.intake
    hers, his = answers_of_two(chosen.mentee, chosen.mentor, request.user)
    return {
        "both": side_by_side(chosen.points, hers, his),
        "parts": parts(chosen.points),
        "warnings": in_short([], chosen.warnings) if chosen.warnings else "",
        "others": _others(programme, chosen, round) if chosen.state == Proposal.State.DRAFT else [],
        "instead": round is not None and chosen.state != Proposal.State.ENDED and is_kept_whole(round),
    }


def _others(programme: Programme, chosen: Proposal, round: Round | None) -> list[dict[str, Any]]:
    """The mentee's other candidates with their fit, and whether their seats are used by other drafts."""
    names = named_in(programme, [one[0] for one in chosen.others])
    drafts = Proposal.objects.filter(round=round, state=Proposal.State.DRAFT, mentor__in=list(names.values()))
    used = Counter(drafts.values_list("mentor_id", flat=True)) if round else Counter()
    return [
        {
            "application": names[public_id], "score": score, "gap": score - chosen.score,
            "full": used[names[public_id].pk] >= seats,
        }
        for public_id, score, seats in chosen.others
        if public_id in names and names[public_id].pk != chosen.mentor_id
    ]  # fmt: skip
