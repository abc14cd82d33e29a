"""Reasons in plain English, for the command line and for whoever has no words of their own yet."""

from __future__ import annotations

from matchengine.result import Bar, Contribution, Fewer, LeftOver, Pair, Recruit
from matchengine.why_not import Move, Price


def reasons_in_words(pair: Pair) -> str:
    """All reasons of a pair in one line. Example: "Skills: 50 of 50 (both have finance); Grade only just
    fits"."""
    said = [reason_in_words(reason) for reason in pair.reasons]
    said += [f"{name} only just fits" for name in pair.nearly]
    said += [bar_in_words(bar) for bar in pair.bars]
    if pair.pinned:
        said.append("pinned")
    return "; ".join(said) or "nothing the mentee answered could be compared"


def reason_in_words(reason: Contribution) -> str:
    """One reason. Example: "Skills: 25 of 50 (finance; 1 of 2)"."""
    said = [word for word in (_seen(reason), "counts double" if reason.doubled else "") if word]
    return f"{reason.criterion}: {reason.points} of {reason.most}" + (f" ({'; '.join(said)})" if said else "")


def _seen(reason: Contribution) -> str:
    if reason.kind == "preference":
        return "meets her wish" if reason.code == "wish_met" else "does not meet her wish"
    if reason.kind == "named":
        return "wished for" if reason.code == "wish_met" else "not one of those wished for"
    if reason.code == "unanswered":
        return "the mentor did not answer"
    if reason.kind == "text":
        met = [hers if hers.casefold() == his.casefold() else f"{hers} / {his}" for hers, his in reason.phrases]
        return ", ".join(met) or ("alike in places, no phrase stands out" if reason.points else "nothing met")
    if reason.kind == "near":
        return "" if reason.steps is None else "the same" if reason.steps == 0 else f"{reason.steps} apart"
    if reason.kind == "different":
        return f"both {', '.join(reason.shared)}" if reason.shared else "they differ"
    if reason.kind == "same":
        return f"both {', '.join(reason.shared)}" if reason.shared else "not the same"
    seen = f"{', '.join(reason.shared) or 'none'}; {min(len(reason.shared), reason.asked)} of {reason.asked}"
    if reason.his_wishes is not None:
        seen += f"; the mentor's wishes met: {', '.join(reason.his_wishes) or 'none'}"
    return seen


def bar_in_words(bar: Bar) -> str:
    """One rule that closes a pair; a personal keep-apart says no more than that."""
    return {
        "self": "the same person",
        "apart": "kept apart",
        "organisational": "kept apart by the organisation",
        "struck": "dismissed for this run",
        "held": "mentor and mentee already",
        "limit": f"the rule {bar.limit}",
    }[bar.code]


def left_over_in_words(one: LeftOver) -> str:
    """Why somebody is left over, in one sentence."""
    if one.cause == "no_candidate":
        return "There is no mentor to choose from."
    if one.cause == "rule":
        counts = ", ".join(
            f"{count.mentors} {_closed_by(count.bar)}" for count in one.barred if count.bar.code != "self"
        )
        return f"Every mentor is closed to them: {counts}.{_without(one)}"
    if one.cause == "stable":
        return f"{_mentors(one.open_to_her)} open to them; whoever could make room would rather stay."
    if one.cause == "gap":
        return f"{_mentors(one.open_to_her)} open to them; the search stopped before it was sure of the best total."
    if one.cause == "total":
        return f"{_mentors(one.open_to_her)} open to them; placing them would lower the total."
    people, seats = (len(one.contest.mentees), one.contest.seats) if one.contest else (0, 0)
    where = "there is 1 seat" if seats == 1 else f"there are {seats} seats"
    return f"No seat: {_people(people)} can only sit where {where}.{_without(one)}"


def fewer_in_words(one: Fewer) -> str:
    """Why somebody has fewer mentors than they wanted. Example: "1 of 2 mentors: 3 more are open to them, without a
    seat left."."""
    has = f"{one.has} of {one.wanted} mentors"
    if not one.open_to_her:
        return f"{has}: no other mentor is open to them."
    more = "1 more is" if one.open_to_her == 1 else f"{one.open_to_her} more are"
    if not one.is_sure:
        return f"{has}: {more} open to them; the search stopped before it was sure of the best total."
    return f"{has}: {more} open to them, without a seat left."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _closed_by(bar: Bar) -> str:
    return f"by {bar_in_words(bar)}" if bar.code == "limit" else bar_in_words(bar)


def _mentors(count: int) -> str:
    return "1 mentor is" if count == 1 else f"{count} mentors are"


def _without(one: LeftOver) -> str:
    """Which single rule would open a free seat to her; nobody's own keep-apart is ever offered."""
    levers = [count for count in one.barred if count.would_open and count.bar.code == "limit"]
    said = (
        f" Without {bar_in_words(lever.bar)}, {_some(lever.would_open)} with a free seat would be open."
        for lever in levers
    )
    return "".join(said)


def _some(mentors: int) -> str:
    return "1 mentor" if mentors == 1 else f"{mentors} mentors"


def recruit_in_words(recruit: Recruit) -> str:
    """Whom to look for, in one sentence. Example: "2 more seats with mentors whose Grade is SEO or higher
    ..."."""
    needs = [_need(need.limit, need.kind, need.values) for need in recruit.needs if need.values]
    who = f" with mentors {' and '.join(needs)}" if needs else ""
    offers = ", ".join(f"{option} ({people})" for _, option, people in recruit.offers)
    wanted = f" Most wished for: {offers}." if offers else ""
    seats = "1 more seat" if recruit.seats == 1 else f"{recruit.seats} more seats"
    return f"{seats}{who} would place {recruit.seats} of those left over.{wanted}"


def _need(limit: str, kind: str, values: tuple[str, ...]) -> str:
    if kind == "higher":
        return f"whose {limit} is {values[0]} or higher"
    if kind == "same":
        return f"whose {limit} is {' or '.join(values)}"
    return f"whose {limit} is none of {', '.join(values)}"


def price_in_words(price: Price) -> str:
    """What a pair would cost, and who would move, a line each."""
    if price.bars:
        return f"They cannot be paired: {'; '.join(bar_in_words(bar) for bar in price.bars)}."
    if price.full:
        return "They cannot be paired: no seat there is left by pins."
    if not price.moves:
        return "They are a pair in the best match."
    lost = [f"{price.points} of the total points"] if price.points > 0 else []
    lost += [f"a place for {_people(price.places)}"] if price.places > 0 else []
    lost += [_further(price.further)] if price.further > 0 else []
    won = [f"{-price.points} points"] if price.points < 0 else []
    won += [f"a place for {_people(-price.places)}"] if price.places < 0 else []
    won += [_further(-price.further)] if price.further < 0 else []
    said = f"Together they would cost {' and '.join(lost) or 'nothing'}"
    said += f", and bring {' and '.join(won)}." if won else "."
    return "\n".join((said, *(_move_in_words(move) for move in price.moves)))


def _further(places: int) -> str:
    return "1 further place" if places == 1 else f"{places} further places"


def _move_in_words(move: Move) -> str:
    before = f"{move.before} ({move.score_before})" if move.before is not None else "no mentor"
    after = f"{move.after} ({move.score_after})" if move.after is not None else "no mentor"
    return f"{move.mentee}: from {before} to {after}"
