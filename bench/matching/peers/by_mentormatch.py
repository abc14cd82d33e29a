"""mentormatch: its own scoring, which is not ours; grades and teams as its levels and refused places, skills as its
skills. It has no place for two people to be kept apart. Its seven years between the two are given to everybody."""

import json
import sys
from pathlib import Path

from mentormatch.api.app.app_main import main as match
from stopwatch import Stopwatch, tell


def person(wwid, grade, team, site, years, skills):
    return {
        "wwid": wwid, "first_name": "a", "last_name": "b", "position_level": grade + 3, "years_total": years,
        "skills": [str(skill) for skill in skills], "function": str(site), "location": f"team {team}", "gender": "-",
        "preference_yes": [], "preference_no": [f"team {team}"], "preference_maybe": ["b", "c", "d", "e"],
    }  # fmt: skip


def main(people, out):
    read = json.loads(Path(people).read_text())
    mentors = [
        {**person(at, *one), "years_total": one[3] + 50, "max_mentee_count": seats}
        for at, (one, seats) in enumerate(zip(read["mentors"], read["seats"], strict=True))
    ]
    first = len(mentors)
    mentees = [
        {**person(first + at, *one), "favor": 0, "preferred_functions": [str(one[2])], "preferred_wwids": []}
        for at, one in enumerate(read["mentees"])
    ]
    watch = Stopwatch()
    match(mentors, mentees)
    cost = watch.read()
    pairs = [(one["wwid"] - first, one["match_wwids"]) for one in mentees if one["match_wwids"] != []]
    tell(out, **cost, pairs=pairs)


main(*sys.argv[1:])
