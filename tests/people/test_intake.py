"""Intakes: each date optional and movable, shown in the reader's zone, and said before it acts."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.history.models import Event
from twoway.people.models import Intake, Person, Programme
from twoway.people.phases import FIELDS, what_dates_do
from twoway.people.queries import sign_up_is_open, sign_up_to

Browser = Callable[[Person | None], Client]
MINUTE = timedelta(minutes=1)


def at(name: str, programme: Programme, *more: object) -> str:
    return reverse(f"people:{name}", args=[programme.organisation.slug, programme.slug, *more])


def in_zone(cast: Cast, zone: str, **days: date) -> Intake:
    """The cast's intake with these days, in a programme of this zone."""
    with scopes_disabled():
        Programme.objects.filter(pk=cast.grow.pk).update(time_zone=zone)
        Intake.objects.filter(pk=cast.autumn.pk).update(**dict.fromkeys(FIELDS) | days)
        return Intake.objects.select_related("programme__organisation").get(pk=cast.autumn.pk)


OPENS, CLOSES = date(2027, 3, 14), date(2027, 3, 28)


@pytest.mark.row("O-10")
@pytest.mark.parametrize(
    ("zone", "first_moment", "last_moment"),
    [
        ("UTC", datetime(2027, 3, 14, 0, 0, tzinfo=UTC), datetime(2027, 3, 29, 0, 0, tzinfo=UTC)),
        # London's clocks go forward on 28 March: the last day has 23 hours.
        ("Europe/London", datetime(2027, 3, 14, 0, 0, tzinfo=UTC), datetime(2027, 3, 28, 23, 0, tzinfo=UTC)),
        # New York's go forward on 14 March: the first day begins on winter time, the last ends on summer time.
        ("America/New_York", datetime(2027, 3, 14, 5, 0, tzinfo=UTC), datetime(2027, 3, 29, 4, 0, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2027, 3, 13, 11, 0, tzinfo=UTC), datetime(2027, 3, 28, 11, 0, tzinfo=UTC)),
    ],
)
def test_sign_up_opens_and_closes_at_midnight_where_the_programme_is(
    cast: Cast, open_scope: None, zone: str, first_moment: datetime, last_moment: datetime
) -> None:
    intake = in_zone(cast, zone, sign_up_opens_on=OPENS, sign_up_closes_on=CLOSES)
    moments = (first_moment - MINUTE, first_moment, last_moment - MINUTE, last_moment)

    assert [sign_up_is_open(intake, moment) for moment in moments] == [False, True, True, False]


@pytest.mark.row("O-03", "O-10")
@pytest.mark.parametrize(
    ("moment", "switch", "pill", "to_strangers"),
    [
        (datetime(2027, 3, 1, tzinfo=UTC), True, "Sign-up opens on 14 March", "It opens on 14 March 2027."),
        (datetime(2027, 3, 20, tzinfo=UTC), True, "Sign-up open until 28 March", "Welcome to Grow Together"),
        (datetime(2027, 4, 2, tzinfo=UTC), True, "Sign-up closed since 29 March", "It has been closed since 29 March"),
        (datetime(2028, 4, 2, tzinfo=UTC), True, "Sign-up closed since 29 March 2027", "It has been closed since"),
        (datetime(2027, 3, 20, tzinfo=UTC), False, "Sign-up switched off", "It is not open at the moment."),
    ],
)
def test_every_page_says_the_same_of_sign_up(
    cast: Cast, signed_in: Browser, moment: datetime, switch: bool, pill: str, to_strangers: str
) -> None:
    in_zone(cast, "Europe/London", sign_up_opens_on=OPENS, sign_up_closes_on=CLOSES)
    with scopes_disabled():
        Programme.objects.filter(pk=cast.grow.pk).update(sign_up_on=switch)

    with time_machine.travel(moment, tick=False):
        organisation = signed_in(cast.ada).get("/northwind/").content.decode()
        intakes = signed_in(cast.chris).get(at("intakes", cast.grow)).content.decode()
        join = Client().get("/northwind/grow-together/join/").content.decode()

    pills = [re.findall(r'class="pill[^"]*">(Sign-up[^<]*)<', page) for page in (organisation, intakes)]
    assert pills == [[pill], [pill]]
    assert to_strangers in join


@pytest.mark.row("O-10")
def test_a_programme_is_open_while_one_of_its_intakes_is(cast: Cast, open_scope: None) -> None:
    in_zone(cast, "UTC", sign_up_closes_on=date(2026, 11, 1))
    one = [sign_up_to(cast.grow, NOW).words]
    factories.intake(cast.grow, "Spring", sign_up_opens_on=date(2027, 2, 1))
    one.append(sign_up_to(cast.grow, NOW).words)
    factories.intake(cast.grow, "Winter", sign_up_closes_on=date(2026, 12, 5))
    one.append(sign_up_to(cast.grow, NOW).words)
    Intake.objects.filter(programme=cast.grow).delete()
    one.append(sign_up_to(cast.grow, NOW).words)

    assert one == [
        "Sign-up closed since 2 November", "Sign-up opens on 1 February 2027", "Sign-up open until 5 December",
        "No intake to sign up to",
    ]  # fmt: skip


@pytest.mark.row("O-10")
def test_a_midnight_that_a_clock_change_skips_is_the_moment_of_the_change(cast: Cast, open_scope: None) -> None:
    """In Santiago the clock goes from 23:59 on 4 September 2027 to 01:00 on the 5th, which is 04:00 UTC."""
    intake = in_zone(cast, "America/Santiago", sign_up_opens_on=date(2027, 9, 5))
    moment = datetime(2027, 9, 5, 4, 0, tzinfo=UTC)

    assert [sign_up_is_open(intake, moment - MINUTE), sign_up_is_open(intake, moment)] == [False, True]


@pytest.mark.row("O-10")
def test_a_rolling_intake_never_closes_and_an_ended_one_takes_nobody(cast: Cast, open_scope: None) -> None:
    years = [NOW + timedelta(days=365 * number) for number in (0, 1, 10)]
    rolling = in_zone(cast, "UTC")
    assert [sign_up_is_open(rolling, moment) for moment in years] == [True, True, True]

    ended = in_zone(cast, "UTC", ends_on=NOW.date())
    assert [sign_up_is_open(ended, moment) for moment in years] == [True, False, False]


@pytest.mark.row("O-10")
def test_what_is_listed_is_what_happens(cast: Cast, open_scope: None) -> None:
    """Walk an intake hour by hour: sign-up changes at the listed moments that act by themselves, and at no others."""
    start = date(2027, 3, 1)
    days = {field: start + timedelta(days=4 * number) for number, field in enumerate(FIELDS)}
    intake = in_zone(cast, "Europe/London", **days)
    first = datetime(2027, 2, 27, tzinfo=UTC)
    hours = [first + timedelta(hours=number) for number in range(24 * 40)]

    states = [sign_up_is_open(intake, hour) for hour in hours]
    changes = [hour for hour, was, now in zip(hours[1:], states, states[1:], strict=False) if was != now]

    listed = [effect.moment.at for effect in what_dates_do(intake, first) if effect.by_itself]
    assert changes == listed == [datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 6, tzinfo=UTC)]


@pytest.mark.row("O-10")
def test_an_end_without_a_last_day_closes_sign_up_and_says_so(cast: Cast, open_scope: None) -> None:
    intake = in_zone(cast, "UTC", ends_on=date(2027, 6, 30))

    effects = [(effect.by_itself, str(effect.words)) for effect in what_dates_do(intake, NOW)]

    assert effects == [
        (True, "Sign-up closes by itself when this day is over. No loop ends by it: what two people share goes on.")
    ]


@pytest.mark.row("O-10")
def test_dates_are_shown_before_they_are_kept(cast: Cast, signed_in: Browser) -> None:
    typed = {"name": "Spring", "sign_up_opens_on": "2027-02-01", "sign_up_closes_on": "2027-02-28"}
    chris = signed_in(cast.chris)

    looked = chris.post(at("intake-new", cast.grow), {**typed, "look": "yes"})
    with scopes_disabled():
        before = list(Intake.objects.filter(programme=cast.grow).values_list("name", flat=True))
    kept = chris.post(at("intake-new", cast.grow), typed)
    with scopes_disabled():
        after = list(Intake.objects.filter(programme=cast.grow).order_by("pk").values_list("name", "ends_on"))

    assert looked.status_code == 200
    assert [str(effect.words) for effect in looked.context["effects"]] == [
        "Sign-up opens by itself.",
        "Sign-up closes by itself when this day is over.",
    ]
    assert 'value="2027-02-28"' in looked.content.decode()
    assert before == ["Autumn"]
    assert kept.status_code == 302
    assert after == [("Autumn", None), ("Spring", None)]


@pytest.mark.row("O-10")
def test_a_date_that_closes_sign_up_this_moment_is_asked_about_first(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    path = at("intake-edit", cast.grow, cast.autumn.public_id)
    typed = {"name": "Autumn", "sign_up_closes_on": "2026-11-22"}

    asked = chris.post(path, typed)
    cast.autumn.refresh_from_db()
    assert (asked.status_code, asked.context["at_once"], cast.autumn.sign_up_closes_on) == (422, "closes", None)
    assert "This closes sign-up at once" in asked.content.decode()

    chris.post(path, {**typed, "at_once": "closes"})
    cast.autumn.refresh_from_db()
    assert cast.autumn.sign_up_closes_on == date(2026, 11, 22)
    assert list(Event.objects.filter(kind="intake.changed").values_list("facts", flat=True)) == [
        {"dates": ["sign_up_closes_on"]}
    ]


@pytest.mark.row("O-10")
def test_dates_out_of_order_are_refused_by_name_and_stay_typed(cast: Cast, signed_in: Browser) -> None:
    typed = {"name": "Spring", "sign_up_opens_on": "2027-03-01", "mid_term_on": "2027-02-01", "ends_on": "2027-06-01"}

    page = signed_in(cast.chris).post(at("intake-new", cast.grow), typed)

    assert page.status_code == 422
    assert page.context["form"].errors == {
        "mid_term_on": ["“Mid-term” comes before “Sign-up opens” (1 March 2027). Please move one of the two."]
    }
    assert 'value="2027-02-01"' in page.content.decode()


@pytest.mark.row("O-10")
def test_two_intakes_of_one_programme_have_two_names(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.chris).post(at("intake-new", cast.grow), {"name": "Autumn"})

    assert page.context["form"].errors == {
        "name": ["There is an intake of this name already. Please choose another one."]
    }


@pytest.mark.row("O-10")
def test_a_member_reads_the_dates_in_their_own_zone(cast: Cast, signed_in: Browser) -> None:
    """Sign-up opens at midnight in London on 1 December, which is 19:00 the evening before in New York."""
    in_zone(cast, "Europe/London", sign_up_opens_on=date(2026, 12, 1), ends_on=date(2027, 6, 1))
    Person.objects.filter(pk=cast.amira.pk).update(time_zone="America/New_York")
    Person.objects.filter(pk=cast.ben.pk).update(time_zone="Europe/London")

    far = signed_in(cast.amira).get(at("programme", cast.grow)).content.decode()
    near = signed_in(cast.ben).get(at("programme", cast.grow)).content.decode()

    assert 'datetime="2026-11-30T19:00:00-05:00"' in far
    assert 'datetime="2026-12-01"' in far
    assert "The programme's days run on London time" in unescape(far)
    assert 'datetime="2026-12-01"' in near
    assert "London time" not in near


def test_an_intake_of_another_programme_is_not_there(cast: Cast, signed_in: Browser) -> None:
    assert signed_in(cast.chris).get(at("intake-edit", cast.grow, cast.winter.public_id)).status_code == 404


def test_no_intake_three_and_thirty_read_well(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    with scopes_disabled():
        Intake.objects.filter(programme=cast.grow).exclude(pk=cast.autumn.pk).delete()
        counts = []
        for number in (0, 2, 27):
            for more in range(number):
                factories.intake(cast.grow, f"Intake {number}-{more}")
            counts.append(len(chris.get(at("intakes", cast.grow)).context["rows"]))

    assert counts == [1, 3, 30]


@pytest.mark.row("O-10")
def test_the_last_day_is_the_programmes_own_and_its_end_is_given_in_the_readers_zone(
    cast: Cast, signed_in: Callable[[Person | None], Client]
) -> None:
    cast.grow.time_zone, cast.amira.time_zone = "Europe/Lisbon", "Asia/Kathmandu"
    cast.grow.save()
    cast.amira.save()
    cast.autumn.sign_up_closes_on = date(2026, 12, 17)
    cast.autumn.save()

    page = signed_in(cast.amira).get(reverse("people:programme", args=["northwind", "grow-together"])).content.decode()

    assert "Thursday 17 December" in page
    assert re.search(r"For you until\s+<time[^>]*>Friday 18 December, 05:45", page)


@pytest.mark.row("O-10")
@pytest.mark.parametrize(
    ("days", "field", "words"),
    [
        ({"ends_on": "9999-12-31"}, "ends_on", "Please choose a day from 2000 to 2036."),
        ({"starts_on": "2099-01-01"}, "starts_on", "Please choose a day from 2000 to 2036."),
        ({"sign_up_opens_on": "0001-01-01"}, "sign_up_opens_on", "Please choose a day from 2000 to 2036."),
        ({"starts_on": "2007-01-01", "ends_on": "2034-05-18"}, "ends_on",
         "This is more than ten years after “Start” (1 January 2007). Please look at both dates again."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("look", [{}, {"look": "yes"}])
def test_a_date_no_clock_can_reckon_with_is_asked_again(
    cast: Cast, signed_in: Browser, days: dict[str, str], field: str, words: str, look: dict[str, str]
) -> None:
    answer = signed_in(cast.chris).post(at("intake-new", cast.grow), {"name": "Far", **days, **look})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [words]}
    assert f'value="{days[field]}"' in answer.text
