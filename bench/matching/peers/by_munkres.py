"""mentor-match: its own rules and scoring, one round for each seat, as its documentation does it."""

import json
import sys
from pathlib import Path

from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules import rule
from stopwatch import Stopwatch, tell


def points(match):
    one, other = match.mentee, match.mentor
    return (
        20 * len(one.skills & other.skills) + 20 * (one.site == other.site) + max(0, 20 - abs(one.years - other.years))
    )


class Score(rule.Rule):
    """The points of a pair, as a rule of that package."""

    def apply(self, match_object):
        return points(match_object)

    def evaluate(self, match_object):
        return True


def person(kind, at, grade, team, site, years, skills):
    made = kind(grade=grade, organisation=team, email=f"{kind.__str__()}-{at}")
    made.at, made.site, made.years, made.skills = at, site, years, frozenset(skills)
    return made


def rules(apart):
    return [
        Score(),
        rule.Disqualify(lambda match: match.mentor.grade <= match.mentee.grade),
        rule.Disqualify(lambda match: match.mentor.organisation == match.mentee.organisation),
        rule.Disqualify(lambda match: (match.mentee.at, match.mentor.at) in apart),
        rule.Disqualify(lambda match: bool(match.mentee.mentors)),
        rule.Disqualify(lambda match: len(match.mentor.mentees) >= match.mentor.seats),
    ]


def main(people, out):
    read = json.loads(Path(people).read_text())
    apart = {tuple(pair) for pair in read["apart"]}
    watch = Stopwatch()
    mentees = [person(Mentee, at, *one) for at, one in enumerate(read["mentees"])]
    mentors = [person(Mentor, at, *one) for at, one in enumerate(read["mentors"])]
    for mentor, seats in zip(mentors, read["seats"], strict=True):
        mentor.seats = seats
    process_data(mentors, mentees, [rules(apart) for _seat in range(max(read["seats"]))])
    cost = watch.read()
    tell(out, **cost, pairs=[(one.at, one.mentors[0].at) for one in mentees if one.mentors])


main(*sys.argv[1:])
