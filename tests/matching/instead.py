"""Rounds in which somebody asks for another pair, and what the page of that pair says."""

import html
import re
from dataclasses import replace

from django.test import Client

from matchengine import Pin, Result, problem_from_json, solve
from tests.matching.field import FieldOfPeople
from twoway.matching.checking import problem_text
from twoway.matching.models import Proposal, Round
from twoway.signup.models import Application

AT = "/northwind/grow-together"
SUBJECTS = ("speak up in large meetings", "chair a board", "budget carefully", "write so that people read on")


def address(proposal: Proposal, mentor: Application | None = None) -> str:
    url = f"{AT}/proposals/{proposal.public_id}/instead/"
    return f"{url}{mentor.public_id}/" if mentor else url


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.S)).split())


def read(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def cost(browser: Client, proposal: Proposal, mentor: Application) -> str:
    """The headline of the page."""
    return headline_of(browser, address(proposal, mentor))


def headline_of(browser: Client, url: str) -> str:
    page = browser.get(url).content.decode()
    found = re.search(r'<h2 id="cost">(.*?)</h2>', page, re.S)
    return plain(found[1]) if found else ""


def moves(browser: Client, proposal: Proposal, mentor: Application) -> list[list[str]]:
    return moves_at(browser, address(proposal, mentor))


def moves_at(browser: Client, url: str) -> list[list[str]]:
    page = browser.get(url).content.decode()
    table = page.split('id="moves"')[1].split("</table>")[0]
    rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", table, re.S)[1:]
    return [[plain(cell) for cell in re.findall(r"<t[hd] .*?</t[hd]>", row, re.S)] for row in rows]


def crowded(ground: FieldOfPeople) -> tuple[list[Application], list[Application]]:
    """More mentees than seats, and everybody would like the same."""
    wishes = ("finance", "writing", "speaking", "strategy")
    mentees = [
        ground.mentee(f"Mentee {n}", wants=[wishes[n % 4], "finance"], goal=f"I want to {SUBJECTS[n % 4]}")
        for n in range(6)
    ]
    mentors = [
        ground.mentor(f"Mentor {n}", 1 + n % 2, offers=[wishes[n], "writing"], offer=f"I help to {SUBJECTS[n]}")
        for n in range(3)
    ]
    return mentees, mentors


def two_and_two(ground: FieldOfPeople) -> Round:
    """Amira with Ben, Dora with Cleo: each wish is met by one mentor, who has one seat."""
    ground.mentee("Amira", wants=["finance"]), ground.mentee("Dora", wants=["writing"])
    ground.mentor("Ben", offers=["finance"]), ground.mentor("Cleo", offers=["writing"])
    return ground.run()


def of(name: str) -> Application:
    return Application.objects.get(name=name)


def draft_of(name: str) -> Proposal:
    return Proposal.objects.get(mentee__name=name, state="draft")


def solved_with(round: Round, mentee: Application, mentor: Application) -> Result:
    problem = problem_from_json(problem_text(round))
    pins = tuple(pin for pin in problem.pins if pin.mentee != mentee.public_id)
    forced = replace(problem, pins=(*pins, Pin(mentee.public_id, mentor.public_id)))
    return solve(forced, objective=round.objective, seed=int(round.seed))  # type: ignore[arg-type]
