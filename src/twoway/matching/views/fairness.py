"""The fairness page of a round: who was left over or got a lower fit, the load, and who would rather have whom."""

from collections import Counter
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.history.kept import kept
from twoway.matching.actions.fairness import NotShown, show_trait
from twoway.matching.fairness_words import (
    count_words,
    differences_words,
    group_words,
    load_words,
    range_words,
    rather_words,
)
from twoway.matching.groups import LEAST, Count, Group, counts_of, groups_to_show
from twoway.matching.models import Round
from twoway.matching.queries.fairness import (
    Solved,
    drafts_by_mentee,
    grouping_questions,
    people_by_answer,
    solved_of,
    traits_shown,
)
from twoway.matching.queries.round import is_kept_whole, named_in
from twoway.matching.views.round import at, found_round
from twoway.people.models import Programme
from twoway.people.rules import may_change_programme, may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.models import Question
from twoway.signup.traits import LEAST_OF_PROTECTED

MOST_NAMED = 5


def found_done(programme: Programme, round_id: str) -> Round:
    round = found_round(programme, round_id)
    if round.state != Round.State.DONE:
        raise Http404
    return round


@require_safe
@programme_page(may_run_programme)
def round_fairness(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    """As the round was solved; what was changed by hand since is not in it."""
    round = found_done(programme, round_id)
    now = clock_now()
    solved = kept(("solved", round.pk), partial(solved_of, round), now=now) if is_kept_whole(round) else None
    context: dict[str, Any] = {"programme": programme, "round": round, "solved": solved}
    if solved is not None and solved.mentees:
        questions = grouping_questions(programme, protected=False)
        wanted = request.GET.get("by", "")
        chosen = next((one for one in questions if one.public_id == wanted), questions[0] if questions else None)
        context |= {
            "chosen": chosen, "least": LEAST, "least_protected": LEAST_OF_PROTECTED,
            "chips": [
                {"label": one.label, "url": f"?by={one.public_id}", "current": one == chosen} for one in questions
            ],
            **(_by_group_kept(round, solved, chosen, now) if chosen else {}),
            "traits": _traits(programme, round, solved),
        }  # fmt: skip
    if solved is not None:
        context |= {"load": _load(programme, solved), "rather": _rather(programme, round)}
    return render(request, "matching/fairness.html", context)


def _by_group_kept(round: Round, solved: Solved, question: Question, now: datetime) -> dict[str, Any]:
    """Counted once while nothing happens: of thousands it takes longer than all else on the page. It is in words, so
    in each language by itself."""
    name = ("by group", round.pk, question.pk, get_language())
    return kept(name, partial(_by_group, round, solved, question), now=now)


def _by_group(round: Round, solved: Solved, question: Question) -> dict[str, Any]:
    groups = groups_to_show(people_by_answer(round, question, solved.mentees), LEAST)
    left, lower = counts_of(groups, solved.left), counts_of(groups, solved.lower)
    return {
        "sentence": differences_words(groups, left, len(solved.left), len(solved.mentees)) if groups else "",
        "rows": [
            {
                "group": group_words(group), "left": count_words(one), "left_range": range_words(one),
                "lower": count_words(two), "lower_range": range_words(two),
            }
            for group, one, two in zip(groups, left, lower, strict=True)
        ],
        "all": {
            "left": count_words(Count(len(solved.left), len(solved.left), len(solved.mentees))),
            "lower": count_words(Count(len(solved.lower), len(solved.lower), len(solved.mentees))),
        },
    }  # fmt: skip


def _traits(programme: Programme, round: Round, solved: Solved) -> list[dict[str, Any]]:
    """The protected questions: what was shown of each, or whether it can be."""
    questions = grouping_questions(programme, protected=True)
    before, elsewhere = round.figures.get("traits", {}), traits_shown(round) if questions else {}
    found = []
    for question in questions:
        shown = before.get(question.public_id)
        rows = shown["rows"] if shown else []
        groups = [Group(tuple(row["labels"]), frozenset()) for row in rows]
        counts = [Count(row["low"], row["high"], row["of"]) for row in rows]
        found.append({
            "question": question, "asked": shown is not None, "elsewhere": elsewhere.get(question.public_id),
            "sentence": differences_words(groups, counts, len(solved.left), len(solved.mentees)) if rows else "",
            "rows": [
                {"group": group_words(group), "left": count_words(count), "left_range": range_words(count)}
                for group, count in zip(groups, counts, strict=True)
            ],
        })  # fmt: skip
    return found


def _load(programme: Programme, solved: Solved) -> dict[str, Any]:
    """How many mentors got how many, and by name who got most, where these are few."""
    sizes = Counter(solved.loads.get(mentor, 0) for mentor in solved.seats)
    most = max(sizes, default=0)
    top = [mentor for mentor, n in solved.loads.items() if n == most and most > 1]
    names = named_in(programme, top) if len(top) <= MOST_NAMED else {}
    return {
        "sentence": load_words(solved.loads, len(solved.seats)),
        "rows": [{"n": n, "mentors": sizes[n], "of": len(solved.seats)} for n in sorted(sizes)],
        "most": most, "names": sorted(row.name for row in names.values()),
    }  # fmt: skip


def _rather(programme: Programme, round: Round) -> dict[str, Any] | None:
    """None for a round that ran before such pairs were counted."""
    facts = round.figures.get("rather")
    if facts is None:
        return None
    first = facts["first"]
    names = named_in(programme, [public_id for one in first for public_id in one[:2]])
    drafts = drafts_by_mentee(round, [one[0] for one in first])
    rows = []
    for mentee, mentor, score, hers, his in first:
        if mentee not in names or mentor not in names:
            continue
        url = ""
        if mentee in drafts:
            url = reverse("matching:proposal-instead-one", args=[*at(programme), drafts[mentee], mentor])
        rows.append({
            "mentee": names[mentee].name, "mentor": names[mentor].name, "score": score, "url": url,
            "hers": _("nobody") if hers is None else hers, "his": _("a free seat") if his is None else his,
        })  # fmt: skip
    return {"sentence": rather_words(facts["pairs"], facts["mentees"], facts["mentors"]), "rows": rows,
            "named": facts["named"], "more": facts["pairs"] - len(rows)}  # fmt: skip


@require_POST
@programme_page(may_change_programme)
def round_trait(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    """Show who was left over by a protected trait: asked for, and written into the record."""
    round = found_done(programme, round_id)
    questions = grouping_questions(programme, protected=True)
    question = next((one for one in questions if one.public_id == request.POST.get("question")), None)
    try:
        if question is None:
            messages.error(request, _("That question is not asked any more."))
        elif not show_trait(round=round, question=question, by=request.user, now=clock_now()):
            messages.info(request, ngettext(
                "Held back: no group has %(n)s person in this round, or a count would tell about single people.",
                "Held back: there are no two groups of %(n)s people, or a count would tell about single people.",
                LEAST_OF_PROTECTED,
            ) % {"n": LEAST_OF_PROTECTED})  # fmt: skip
    except NotShown:
        messages.error(request, _("Another round of this intake was looked at by that. Nothing more is shown."))
    return redirect(reverse("matching:round-fairness", args=[*at(programme), round.public_id]) + "#traits")
