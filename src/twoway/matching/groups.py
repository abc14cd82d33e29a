"""Groups that are large enough to be shown, and counts that tell nothing about one person.

Nobody is counted in a group of fewer than `least`: small groups are put together, and where they are still too few the
smallest of the others joins them. So a group that is not shown by itself cannot be worked out from the total either.

Of a protected trait less is shown (`counts_unnamed`). The people a round left over stand on its page by name, so a
count of them by such a trait would tell about named people wherever it is near nobody or near everybody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LEAST = 5


@dataclass(frozen=True)
class Group:
    """People who gave one answer, or one of several (`labels`, in their order)."""

    labels: tuple[str, ...]
    people: frozenset[str]


def groups_to_show(people: Mapping[str, frozenset[str]], least: int) -> list[Group]:
    """The groups in their order, those put together last; none where there is nothing to compare.

    `people`: who gave which answer, by its words. Somebody may have given several. Each group shown has at least so
    many people, and so have those outside it.
    """
    everybody = frozenset[str]().union(*people.values())
    groups = [Group((label,), who) for label, who in people.items() if who]
    while True:
        small = [one for one in groups if len(one.people) < least or len(everybody - one.people) < least]
        if not small or len(groups) < 2:
            break
        rest = sorted((one for one in groups if one not in small), key=lambda one: len(one.people))
        joined = small if len(small) > 1 else [*small, *rest[:1]]
        groups = [one for one in groups if one not in joined] + [_joined(joined, people)]
    return groups if len(groups) > 1 else []


def _joined(groups: Iterable[Group], order: Collection[str]) -> Group:
    labels = {label for one in groups for label in one.labels}
    return Group(
        tuple(label for label in order if label in labels), frozenset[str]().union(*(one.people for one in groups))
    )


@dataclass(frozen=True)
class Count:
    """How many of a group it is; of a protected trait perhaps only that it lies between `low` and `high`."""

    low: int
    high: int
    of: int

    @property
    def exact(self) -> int | None:
        return self.low if self.low == self.high else None


def counts_of(groups: Iterable[Group], who: frozenset[str]) -> list[Count]:
    """How many of these people are in each group."""
    sizes = [(len(group.people & who), len(group.people)) for group in groups]
    return [Count(n, n, of) for n, of in sizes]


def counts_unnamed(groups: list[Group], who: frozenset[str], least: int) -> list[Count] | None:
    """The same, where nobody may be known by it: fewer than `least`, or all but so few, are not told exactly.

    None where what is told would, together with the number of all these people, give one of the others away.
    """
    if not who:
        return counts_of(groups, who)
    found = []
    for n, of in ((len(group.people & who), len(group.people)) for group in groups):
        if n < least:
            found.append(Count(0, least - 1, of))
        elif of - n < least:
            found.append(Count(of - least + 1, of, of))
        else:
            found.append(Count(n, n, of))
    return found if _is_vague(groups, found, who) else None


def _is_vague(groups: list[Group], counts: list[Count], who: frozenset[str]) -> bool:
    """Whoever knows the total still cannot tell any of the counts that were not told."""
    vague = [one for one in counts if one.exact is None]
    if not vague:
        return True
    if sum(len(group.people) for group in groups) != len(frozenset[str]().union(*(one.people for one in groups))):
        return False  # people of several groups: too much could be reckoned from them
    left = len(who) - sum(one.low for one in counts if one.exact is not None)
    lows, highs = sum(one.low for one in vague), sum(one.high for one in vague)
    return all(min(one.high, left - (lows - one.low)) > max(one.low, left - (highs - one.high)) for one in vague)


def chance_range(n: int, of: int, groups: int = 1) -> tuple[int, int]:
    """The shares, in per cent, between which that of a group of this size may lie by chance (E. B. Wilson 1927, 95 %).

    With several `groups`, the ranges that all of them keep to together so often: of many groups, one always looks
    different (C. E. Bonferroni 1936). Example: 4 of 5 are 38 to 96 per cent.
    """
    z, share = NormalDist().inv_cdf(1 - 0.025 / groups), n / of
    middle, half = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return round(100 * (middle - half) / whole), round(100 * (middle + half) / whole)
