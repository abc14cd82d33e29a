import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from tests import cast as the_cast
from twoway.people.actions.link import make_link
from twoway.people.models import Token
from twoway.signup.tasks import work_on_rosters


@pytest.mark.django_db(transaction=True)
def test_shots(live_server, page, settings):
    settings.ADDRESS = live_server.url
    with scopes_disabled():
        c = the_cast.gather()
        _, link = make_link(kind=Token.Kind.DEMO, lasts=timedelta(hours=1), person=c.chris, now=timezone.now())
    bad = []
    page.on("console", lambda m: bad.append(m.text) if m.type in ("error", "warning") else None)

    def shot(name):
        for w in (1280, 390):
            page.set_viewport_size({"width": w, "height": 900})
            page.screenshot(path=f"/tmp/shots/{name}-{w}.png", full_page=True)
            over = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            if over:
                print("OVERFLOW", name, w)
        page.set_viewport_size({"width": 1280, "height": 900})

    page.goto(link if link.startswith("http") else live_server.url + link)
    page.click("main button.primary, main button[type=submit]")
    page.goto(f"{live_server.url}/northwind/grow-together/rosters/")
    shot("1-upload")
    src = Path("/work/shared/data/civil-service/mentees.csv").read_text().splitlines()
    src[3] = src[3].replace("SCS2", "SCS 2")
    src[4] = src[4].replace("mentee.03@gov.uk", "mentee.03@gov,uk")
    src[6] = src[6].replace("mentee.05@gov.uk", "nobody")
    src[8] = src[8] + ",extra,cells"
    src[9] = src[9].replace("My name", "=My name")
    src.append(src[10].replace("mentee,", "Double,", 1))
    f = Path(tempfile.mkdtemp()) / "mentees of autumn.csv"
    f.write_text("\n".join(src))
    page.set_input_files("input[type=file]", str(f))
    page.check("input[value=mentee]")
    page.click("text=Read the file")
    shot("2-working")
    with scopes_disabled():
        pass
    work_on_rosters(timezone.now())
    page.reload()
    shot("3-columns")
    page.click("main button.primary")
    shot("4-question")
    page.click("button[name=down][value=AA]")
    shot("4b-question")
    page.click("button[name=done]")
    page.click("main form#columns button.primary")
    shot("5-rows")
    page.goto(page.url.split("?")[0] + "?verdict=mendable")
    shot("6-mendable")
    page.click("text=SCS2 >> nth=0")
    shot("7-after")
    print([a.inner_text() for a in page.query_selector_all(".messages *, .roster-rows tr")][:6], page.url)
    page.click("tr:nth-child(1) td:first-child a")
    shot("8-row")
    page.go_back()
    page.click("text=good ones")
    shot("9-keeping")
    work_on_rosters(timezone.now())
    page.reload()
    shot("10-kept")
    page.click("text=Take this file back")
    shot("11-back")
    print(bad)
