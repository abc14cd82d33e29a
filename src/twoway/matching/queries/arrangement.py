"""What has become of a round's arrangement since it was solved: changed by hand, or taken over by a later round."""

from dataclasses import dataclass

from django.db.models import Q

from twoway.matching.models import Proposal, Round
from twoway.people.models import Intake


@dataclass(frozen=True)
class Changes:
    """How many of a round's pairs are not as they were solved, and the points of all of them now."""

    pairs: int
    total: int


def changes_by_hand(round: Round) -> Changes:
    """Pairs given another mentor, dismissed or taken out since the round was solved. A pin alone changes nothing.

    Where the receipt was deleted the pairs it held are not known any more; then those that are missing count, and
    at least one where the points differ.
    """
    kept = Proposal.objects.filter(round=round).exclude(end=Proposal.End.DISMISSED)
    rows = kept.values_list("mentee__public_id", "mentor__public_id", "score")
    now = {mentee: (mentor, score) for mentee, mentor, score in rows}
    total = sum(score for _mentor, score in now.values())
    solved = Round.objects.filter(pk=round.pk).values_list("receipt__pairs", flat=True).first()
    if solved is None:
        missing = max(0, round.figures["placed"] - len(now))
        return Changes(max(missing, int(total != round.figures["total"])), total)
    changed = sum(now.get(pair["mentee"], ("", 0))[0] != pair["mentor"] for pair in solved)
    return Changes(changed + len(now.keys() - {pair["mentee"] for pair in solved}), total)


def is_as_solved(round: Round) -> bool:
    """Nothing of a round was given another mentor, pinned or let go of, dismissed or published since. Its receipt is
    still there."""
    assert round.receipt is not None
    solved = {(pair["mentee"], pair["mentor"], pair["pinned"]) for pair in round.receipt["pairs"]}
    drafts = Proposal.objects.filter(round=round, state=Proposal.State.DRAFT)
    return solved == set(drafts.values_list("mentee__public_id", "mentor__public_id", "pinned"))


def successor_of(round: Round) -> Round | None:
    """The newest round that was finished after this one for the same intake: it has taken the drafts over."""
    after = Q(finished_at__gt=round.finished_at) | Q(finished_at=round.finished_at, pk__gt=round.pk)
    later = Round.objects.filter(after, intake=round.intake_id, state=Round.State.DONE)
    return later.only("public_id", "name").order_by("-finished_at", "-pk").first()


def drafts_to_replace(intake: Intake) -> tuple[int, int]:
    """Drafts that a run for an intake would replace, and those that are pinned and stay."""
    drafts = Proposal.objects.filter(intake=intake, state=Proposal.State.DRAFT)
    pinned = drafts.filter(pinned=True).count()
    return drafts.count() - pinned, pinned
