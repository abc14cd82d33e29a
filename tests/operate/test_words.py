import re
import tomllib
from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from twoway.operate.demo import words
from twoway.operate.demo.words.records import Question, next_weekday, working_day

PRESETS = Path(words.__file__).parents[3] / "signup" / "presets"
NORTHWIND, HARBOUR = words.organisations()

KINDS = {"single", "many", "ordered", "scale", "yes_no", "short", "long", "number", "date", "languages"}
KINDS |= {"hours", "skills_wanted", "skills_offered", "line_manager"}
PLACED = {"single", "short", "yes_no", "ordered"}
USES = {
    "off": KINDS,
    "same": PLACED,
    "different": PLACED,
    "must_same": PLACED,
    "must_differ": PLACED,
    "wish": {"skills_wanted", "skills_offered"},
    "near": {"scale", "ordered", "number"},
    "higher": {"ordered", "number"},
    "overlap": {"many", "languages", "hours"},
    "text": {"short", "long"},
    "preference": {"single", "many"},
}
WEIGHTLESS = {"off", "higher", "must_same", "must_differ"}
AUDIENCES = {"members", "partners", "matching", "coordinators"}

BANNED = (
    "full potential", "proven", "boost", "unlock", "empower", "game-chang", "world-class", "guarantee",
    "return on investment", "times more likely", "reach your potential", "passionate about", "thought leader",
)  # fmt: skip


def presets() -> dict[str, dict]:
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PRESETS.glob("*.toml"))}


def forms() -> dict[str, tuple[Question, ...]]:
    found = {programme.slug: programme.questions for programme in words.programmes()}
    return found | {kind: words.questions_from(preset["question"], kind) for kind, preset in presets().items()}


def written() -> dict[str, str]:
    """Every text a person of the demo is said to have written, by the place it stands."""
    found = {goal.key: goal.text for goal in words.goals()}
    found |= {offer.key: offer.text for offer in words.offers()}
    found |= {person.name: person.says for person in words.people()}
    for loop in words.loops():
        found |= {f"{loop.key}, message {n}": message.text for n, message in enumerate(loop.messages, 1)}
    return found


def all_strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in all_strings(each)]
    return [text for each in value for text in all_strings(each)] if isinstance(value, list) else []


def every_string() -> list[str]:
    files = [*words.FOLDER.glob("*.toml"), *PRESETS.glob("*.toml")]
    return [text for file in files for text in all_strings(tomllib.loads(file.read_text(encoding="utf-8")))]


def test_the_numbers_the_demo_needs_are_there():
    wishes = {goal.wish for goal in words.goals()}

    assert len(wishes) >= 75
    assert len([goal for goal in words.goals() if goal.stage != "new"]) >= 200
    assert len(words.offers()) >= 90
    assert len(words.names()) >= 320
    assert len(words.skills()) >= 40
    assert len(words.loops()) == 14
    assert [programme.stage for programme in words.programmes()] == ["running", "ready", "recruiting"]
    assert sorted(presets()) == ["alumni", "community", "employees", "students"]


def test_each_wish_is_said_by_three_people_and_the_first_voices_come_first():
    goals = words.goals()
    wishes = Counter(goal.wish for goal in goals)

    assert set(wishes.values()) == {3}
    assert len({goal.wish for goal in goals[: len(wishes)]}) == len(wishes)


def test_goals_and_offers_have_the_length_of_something_a_person_would_write():
    lengths = [len(goal.text) for goal in words.goals()]

    assert [goal.key for goal in words.goals() if not 50 <= len(goal.text) <= 700] == []
    assert [offer.key for offer in words.offers() if not 50 <= len(offer.text) <= 700] == []
    assert min(lengths) < 100
    assert max(lengths) > 450


def test_no_two_texts_are_alike():
    first_seen: dict[tuple[str, ...], str] = {}
    repeated = []

    for place, text in written().items():
        tokens = re.findall(r"[\w']+", text.lower())
        for run in {tuple(tokens[n : n + 8]) for n in range(len(tokens) - 7)}:
            if first_seen.setdefault(run, place) != place:
                repeated.append((first_seen[run], place, " ".join(run)))

    assert repeated == []


def test_nothing_shouts_and_nothing_is_claimed():
    strings = every_string()

    assert [text for text in strings if "!" in text] == []
    assert [text for text in strings for claim in BANNED if claim in text.lower()] == []
    assert [text for text in strings if text != text.strip() or "  " in text] == []


def test_every_skill_is_known_wanted_and_offered():
    known = [skill.key for skill in words.skills()]
    wanted = {key for goal in words.goals() for key in goal.skills}
    offered = {key for offer in words.offers() for key in offer.skills}
    of_people = {key for person in words.people() for key in person.skills}

    assert len(set(known)) == len(known)
    assert wanted == set(known)
    assert offered == set(known)
    assert of_people <= set(known)
    assert [goal.key for goal in words.goals() if not 1 <= len(goal.skills) <= 3] == []


def test_offers_name_the_goals_they_meet_or_only_seem_to_meet():
    skills_of = {goal.wish: set(goal.skills) for goal in words.goals()}
    traps = [offer for offer in words.offers() if offer.trap_for]
    right = [offer for offer in words.offers() if offer.meets and not offer.trap_for]

    assert {offer.meets for offer in right} == set(skills_of)
    assert {offer.trap_for for offer in traps} <= set(skills_of)
    assert len(traps) >= 12
    assert [offer.key for offer in right if not set(offer.skills) & skills_of[offer.meets]] == []
    assert [offer.key for offer in traps if set(offer.skills) & skills_of[offer.trap_for]] == []


def test_goals_and_offers_speak_from_places_that_exist():
    sites = {site.name for site in NORTHWIND.sites} | {""}
    units = {unit.name for unit in NORTHWIND.departments}

    assert {goal.site for goal in words.goals()} == sites
    assert {offer.site for offer in words.offers()} <= sites
    assert {goal.bent for goal in words.goals()} == units | {"Any"}
    assert {offer.bent for offer in words.offers()} == units
    assert {goal.stage for goal in words.goals()} == {"new", "early", "settled", "leading"}


def test_names_and_their_addresses_are_unique_and_plain():
    full = [name.full for name in words.names()]
    addresses = [name.address(NORTHWIND.domain) for name in words.names()]

    assert len(set(full)) == len(full)
    assert len(set(addresses)) == len(addresses)
    assert [each for each in addresses if not re.fullmatch(r"[a-z-]+\.[a-z-]+@northwind\.example", each)] == []
    assert set(full).isdisjoint(member.name for member in words.cast())


def test_the_cast_is_whole_and_works_where_it_says():
    roles = {member.role: member.name for member in words.cast()}
    by_key = {each.key: each for each in words.organisations()}

    assert list(roles) == ["admin", "coordinator", "mentor", "mentee", "safeguarding", "stranger"]
    assert (roles["mentee"], roles["mentor"]) == ("Amira Mansour", "Ben Kowalski")
    assert [each.domain.endswith(".example") for each in words.organisations()] == [True, True]
    for member in words.cast():
        home = by_key[member.organisation]
        assert member.site in {site.name for site in home.sites}
        assert member.department in {unit.name for unit in home.departments}
        assert member.grade in home.grades


def test_time_zones_and_working_hours_are_real():
    for organisation in words.organisations():
        for site in organisation.sites:
            assert ZoneInfo(site.time_zone).key == site.time_zone

    assert [each.label for each in words.hours() if not each.start < each.end] == []
    assert [each.label for each in words.hours() if not set(each.days) <= set(range(1, 8))] == []


def test_every_question_is_well_formed():
    for form, questions in forms().items():
        assert len({question.key for question in questions}) == len(questions), form
        for question in questions:
            assert faults(question, {each.key: each for each in questions}) == [], (form, question.key)


def faults(question: Question, form: dict[str, Question]) -> list[str]:
    kind, matching = question.kind, question.matching
    met = form[matching.meets or question.key]
    checks = {
        "kind": kind in KINDS,
        "who": question.asked_of in {"mentee", "mentor", "both"},
        "audience": question.audience in AUDIENCES,
        "a manager is only for coordinators": kind != "line_manager" or question.audience == "coordinators",
        "label": bool(question.label and question.section),
        "options": (len(set(question.options)) >= 2) == (kind in {"single", "many", "ordered"}),
        "options are unique": len(set(question.options)) == len(question.options),
        "limit": (question.limit > 0) == (kind in {"short", "long"}),
        "range": (question.lowest < question.highest) == (kind in {"scale", "number"}),
        "scale labels": bool(question.lowest_label and question.highest_label) == (kind == "scale"),
        "at most": question.at_most == 0 or kind in {"many", "skills_wanted", "skills_offered"},
        "use": kind in USES.get(matching.use, set()),
        "weight": (matching.weight == 0) if matching.use in WEIGHTLESS else (1 <= matching.weight <= 10),
        "steps": (matching.steps > 0) == (matching.use == "higher"),
        "meets the other side": matching.use == "off" or len(sides(question) | sides(met)) == 2,
        "a wish is met by an offer": matching.use != "wish" or {kind, met.kind} == USES["wish"],
        "a preference is the mentee's": matching.use != "preference" or question.asked_of == "mentee",
        "a preference is an option": matching.use != "preference" or {*question.options} <= {*met.options},
        "text meets text": matching.use != "text" or met.kind in USES["text"],
    }
    return [name for name, holds in checks.items() if not holds]


def sides(question: Question) -> set[str]:
    return {"mentee", "mentor"} if question.asked_of == "both" else {question.asked_of}


def test_every_kind_and_use_and_audience_appears_in_some_form():
    questions = [question for form in forms().values() for question in form]

    assert {question.kind for question in questions} == KINDS
    assert {question.matching.use for question in questions} == set(USES)
    assert {question.audience for question in questions} == AUDIENCES


def test_every_form_asks_a_mentor_for_room_and_for_what_they_offer():
    for form, questions in forms().items():
        asked = {question.key: question for question in questions}

        helps = [question.key for question in questions if question.what_i_help_with]
        assert sorted(helps) == ["offer", "skills_offered"], form
        assert [asked[key].required for key in ("capacity", *helps)] == [True, True, True], form
        assert asked["capacity"].lowest == 1 and asked["offer"].kind == "long", form
        assert asked["goal"].asked_of == "mentee" and asked["goal"].matching.meets == "offer", form


def test_every_programme_adds_its_own_lines_on_what_it_is_not():
    panels = [programme.what_it_is_not for programme in words.programmes()]
    panels += [tuple(each["preset"]["what_it_is_not"]) for each in presets().values()]
    lines = [line for panel in panels for line in panel]

    assert [panel for panel in panels if len(panel) < 2] == []
    assert [line for line in lines if not re.search(r"\b(not|no)\b", line)] == []


def test_the_phases_of_every_intake_follow_one_another():
    phases = ["signup_opens", "signup_closes", "matching", "start", "midterm", "closing", "end"]
    intakes = {each.slug: vars(each.intake) for each in words.programmes()}
    intakes |= {kind: each["intake"] for kind, each in presets().items()}

    for name, intake in intakes.items():
        days = [intake[phase] for phase in phases if phase in intake]
        assert days == sorted(set(days)), name


def test_presets_are_whole():
    for kind, preset in presets().items():
        assert preset["preset"]["kind"] == kind
        assert set(preset) == {"preset", "targets", "rhythm", "words", "intake", "skill", "question"}
        own_words = {"label", "says", "welcome", "closing", "what_it_is_not", "terms"}
        assert set(preset["preset"]) == {"kind", "name"} | own_words
        assert set(preset["targets"]) == {"mentors", "mentees"}
        assert set(preset["rhythm"]) == {"days"}
        assert set(preset["words"]) == {"mentor", "mentee"}
        assert len({skill["key"] for skill in preset["skill"]}) == len(preset["skill"]) >= 15
        assert "eighteen" in " ".join(preset["preset"]["terms"])


# Days in winter, in summer, in the weeks when clocks differ, and on each end of a weekend.
TODAYS = [date(2026, 1, 15), date(2026, 3, 18), date(2026, 7, 11), date(2026, 11, 1), date(2026, 11, 22)]


def moment(day: date, at: time, site: str) -> datetime:
    zone = next(each.time_zone for each in NORTHWIND.sites if each.name == site)
    return datetime.combine(day, at, ZoneInfo(zone))


@pytest.mark.parametrize("today", TODAYS)
def test_every_conversation_is_in_order_and_in_the_past(today):
    for loop in words.loops():
        person = {"mentee": loop.mentee, "mentor": loop.mentor}
        moments = [moment(each.date(today), each.at, person[each.by].site) for each in loop.messages]

        assert [m.timestamp() for m in moments] == sorted({m.timestamp() for m in moments}), loop.key
        assert working_day(loop.opened, today) <= loop.messages[0].date(today), loop.key
        assert all(message.day < 0 for message in loop.messages), loop.key


@pytest.mark.parametrize("today", TODAYS)
def test_every_meeting_stands_in_order_and_only_past_ones_have_answers(today):
    for loop in words.loops():
        starts = [moment(each.date(today), each.at, loop.mentee.site) for each in loop.meetings]
        assert starts == sorted(set(starts)), loop.key

        for meeting in loop.meetings:
            past = meeting.date(today) < today
            after = (meeting.mentee_took, meeting.mentee_next, meeting.mentor_took, meeting.mentor_next)
            assert {meeting.mentee_answer, meeting.mentor_answer} <= {"", "yes", "no"}
            assert past == bool(meeting.mentee_answer or meeting.mentor_answer), loop.key
            assert past or not any(after), loop.key
            assert {item.kind for item in meeting.items} <= {"challenge", "question"}
            assert bool(meeting.day) != bool(meeting.weekday), loop.key


def test_unfinished_agenda_items_roll_to_the_next_meeting():
    for loop in words.loops():
        for before, after in pairwise(loop.meetings):
            unfinished = {item.title for item in before.items if not item.talked}
            assert unfinished <= {item.title for item in after.items if item.rolled}, loop.key

        titles = [item.title for meeting in loop.meetings for item in meeting.items if not item.rolled]
        rolled = {item.title for meeting in loop.meetings for item in meeting.items if item.rolled}
        assert rolled <= set(titles), loop.key
        assert len(set(titles)) == len(titles), loop.key


def test_the_pairs_show_what_the_demo_must_show():
    loops = {loop.key: loop for loop in words.loops()}
    amira = loops["amira-ben"]
    answers = {key: [(m.mentee_answer, m.mentor_answer) for m in loop.meetings] for key, loop in loops.items()}
    mentors = Counter(loop.mentor.name for loop in loops.values())

    assert (amira.mentee.name, amira.mentor.name) == ("Amira Mansour", "Ben Kowalski")
    assert len(amira.messages) >= 12
    assert answers["amira-ben"] == [("yes", "yes"), ("yes", "yes"), ("", "")]
    assert (amira.meetings[2].weekday, amira.meetings[2].at) == (4, time(14, 0))
    assert len(amira.meetings[2].items) == 2
    assert [item.rolled for item in amira.meetings[2].items] == [False, True]
    assert list(mentors.values()).count(2) == 1
    assert [key for key, given in answers.items() if ("no", "yes") in given] == ["liam-beatriz"]
    assert [key for key, loop in loops.items() if not loop.meetings] == ["faith-nadine"]
    assert [key for key, loop in loops.items() if quiet(loop)] == ["paloma-walter"]
    assert "None today, I needed to be heard." in {m.mentee_next for m in loops["hanna-rosalind"].meetings}
    assert [key for key, loop in loops.items() if not 4 <= len(loop.messages) <= 16] == []


def quiet(loop: words.Loop) -> bool:
    today = date(2026, 11, 20)
    signs = [each.date(today) for each in (*loop.messages, *loop.meetings)]
    return max(signs) < today - timedelta(days=2 * loop.rhythm_days)


def test_the_people_of_the_loops_are_known_and_placed():
    known = {name.full for name in words.names()} | {member.name for member in words.cast()}
    units = {unit.name for unit in NORTHWIND.departments}
    sites = {site.name for site in NORTHWIND.sites}

    for person in words.people():
        assert person.name in known
        assert person.site in sites
        assert person.department in units
        assert person.grade in NORTHWIND.grades
        assert set(person.languages) <= set(words.languages()), person.name
    for loop in words.loops():
        assert (loop.mentee.side, loop.mentor.side) == ("mentee", "mentor")
        assert set(loop.mentee.languages) & set(loop.mentor.languages), loop.key


def test_support_is_plainly_made_up():
    resources = words.support()

    assert len({resource.country for resource in resources}) == 6
    assert [each.name for each in resources if not each.name.startswith("Demo ")] == []
    assert {resource.phone for resource in resources} == {"000 000 000"}
    assert [each.address for each in resources if not each.address.endswith(".example/")] == []
    assert [each.name for each in resources if "Made up for the demo." not in each.says] == []


def test_a_file_with_a_fault_stops_with_its_place():
    whole = {"key": "speaking", "label": "Speaking"}

    with pytest.raises(words.WordsError, match=r"^skills, 3: label is missing$"):
        words.records.record(words.Skill, {"key": "speaking"}, "skills, 3")
    with pytest.raises(words.WordsError, match=r"^skills, 3: lable is not known here$"):
        words.records.record(words.Skill, {**whole, "lable": "Speaking"}, "skills, 3")
    with pytest.raises(words.WordsError, match=r"^skills, 3, label: 7 is not of the kind str$"):
        words.records.record(words.Skill, {**whole, "label": 7}, "skills, 3")


def test_days_are_working_days_and_the_next_thursday_is_never_today():
    assert working_day(-1, date(2026, 11, 23)) == date(2026, 11, 20)
    assert working_day(-1, date(2026, 11, 22)) == date(2026, 11, 20)
    assert working_day(1, date(2026, 11, 21)) == date(2026, 11, 23)
    assert working_day(-5, date(2026, 11, 25)) == date(2026, 11, 18)
    assert next_weekday(4, date(2026, 11, 26)) == date(2026, 12, 3)
    assert next_weekday(4, date(2026, 11, 25)) == date(2026, 11, 26)
