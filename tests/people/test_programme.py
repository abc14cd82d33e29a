"""A programme: made, changed, copied, archived and reopened by its own organisation; a stranger sees nothing of it."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.history.models import Event
from twoway.people.actions.programme import NoContactYet, archive_programme, change_programme, reopen_programme
from twoway.people.forms.programme import ProgrammeForm
from twoway.people.forms.zone import HUES
from twoway.people.models import Membership, Office, Person, Programme
from twoway.people.queries import accepted_terms, sign_up_is_open
from twoway.people.slugs import reserved_for_programmes

Browser = Callable[[Person | None], Client]


def settings_of(programme: Programme, **changes: object) -> dict[str, object]:
    """What the settings page posts when these are changed and the rest is left."""
    form = ProgrammeForm(programme=programme)
    values = {name: form[name].value() for name in form.fields if name != "material"}
    posted = {**values, **changes}
    return {name: value for name, value in posted.items() if value is not None and value is not False}


def at(name: str, programme: Programme, *more: object) -> str:
    return reverse(f"people:{name}", args=[programme.organisation.slug, programme.slug, *more])


def without_token(page: HttpResponse) -> str:
    """A page without the token that differs from answer to answer."""
    return re.sub(r"[A-Za-z0-9]{64}", "", page.content.decode())


@pytest.mark.row("O-02")
def test_everywhere_else_the_server_answers_as_if_the_programme_did_not_exist(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        other = factories.programme(cast.northwind, "Crossing Over")
    chris = signed_in(cast.chris)
    pages = ("programme", "programme-edit", "intakes", "intake-new", "offices", "support-lines", "support-line-new")

    own = [chris.get(at(page, cast.grow)).status_code for page in pages]
    others = [chris.get(at(page, programme)) for page in pages for programme in (other, cast.shore)]
    missing = chris.get("/northwind/no-such-programme/")

    assert own == [200] * len(pages)
    assert [page.status_code for page in others] == [404] * (2 * len(pages))
    assert {without_token(page) for page in others} == {without_token(missing)}
    assert chris.get("/northwind/").status_code == 404


@pytest.mark.row("O-03")
def test_an_admin_gives_roles_and_sees_totals_but_enters_no_programme(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)

    assert ada.get("/northwind/").status_code == 200
    assert ada.get(at("offices", cast.grow)).status_code == 200
    inside = ("programme", "programme-edit", "intakes", "support-lines")
    assert [ada.get(at(page, cast.grow)).status_code for page in inside] == [404] * len(inside)


@pytest.mark.row("O-01")
def test_an_archived_programme_is_closed_readable_and_whole_and_opens_again(cast: Cast, signed_in: Browser) -> None:
    ada, chris = signed_in(cast.ada), signed_in(cast.chris)
    archive = reverse("signup:programme-archive", args=["northwind", cast.grow.public_id])
    with scopes_disabled():
        before = Membership.objects.filter(programme=cast.grow).count()

    assert "Nothing is deleted" in ada.get(archive).content.decode()
    ada.post(archive)

    cast.grow.refresh_from_db()
    with scopes_disabled():
        assert sign_up_is_open(cast.autumn, NOW) is False
        assert Membership.objects.filter(programme=cast.grow).count() == before == 2
    read = [chris.get(at(page, cast.grow)).status_code for page in ("programme", "programme-edit", "intakes")]
    assert read == [200, 200, 200]
    assert "Save settings" not in chris.get(at("programme-edit", cast.grow)).content.decode()
    saved = chris.post(at("programme-edit", cast.grow), settings_of(cast.grow, name="Other"), follow=True)
    assert [str(message) for message in saved.context["messages"]] == ["Nothing was saved: this programme is archived."]
    cast.grow.refresh_from_db()
    assert cast.grow.name == "Grow Together"
    assert chris.get(at("intake-new", cast.grow)).status_code == 404

    ada.post(reverse("people:programme-reopen", args=["northwind", cast.grow.public_id]))
    cast.grow.refresh_from_db()
    assert (cast.grow.archived_at, cast.grow.sign_up_on) == (None, False)
    assert chris.get(at("intake-new", cast.grow)).status_code == 200


@pytest.mark.row("O-01")
def test_those_who_run_an_archived_programme_read_so_on_each_page_and_are_offered_nothing_new(
    cast: Cast, signed_in: Browser
) -> None:
    chris, amira = signed_in(cast.chris), signed_in(cast.amira)
    archive_programme(programme=cast.grow, by=cast.ada, now=NOW)
    pages = ["web:desk", "web:people", "matching:rounds", "signup:invitations", "people:programme-edit"]

    read = [chris.get(reverse(page, args=["northwind", cast.grow.slug])).content.decode() for page in pages]
    hers = amira.get(at("programme", cast.grow)).content.decode()

    said = "This programme is archived</strong><p>Since 23 November 2026."
    assert [page.count(said) for page in read] == [1] * len(pages)
    assert "This programme is archived" not in hers
    offered = (
        "Start a round",
        "Choose by hand",
        "Propose by hand",
        "proposals/by-hand/",
        "rounds/new/",
        "Ask for them",
    )
    assert [words for words in offered for page in read if words in page] == []


@pytest.mark.row("O-01")
def test_a_second_press_of_archive_or_reopen_is_answered_with_a_word(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    archive = reverse("signup:programme-archive", args=["northwind", cast.grow.public_id])
    reopen = reverse("people:programme-reopen", args=["northwind", cast.grow.public_id])

    said = [
        [str(message) for message in ada.post(url, follow=True).context["messages"]]
        for url in (archive, archive, reopen, reopen)
    ]

    assert said == [
        ["Grow Together is archived. You can reopen it here."],
        ["Grow Together is archived already. You can reopen it here."],
        ["Grow Together is open again. Its sign-up is off."],
        ["Grow Together is open already."],
    ]


@pytest.mark.row("O-01")
def test_archiving_twice_is_once_and_each_act_is_one_event(cast: Cast, open_scope: None) -> None:
    for _ in range(2):
        archive_programme(programme=cast.grow, by=cast.ada, now=NOW)
    for _ in range(2):
        reopen_programme(programme=cast.grow, by=cast.ada, now=NOW)

    assert list(Event.objects.values_list("kind", flat=True).order_by("pk")) == [
        "programme.archived",
        "programme.reopened",
    ]


@pytest.mark.row("O-01")
def test_one_account_belongs_to_programmes_of_two_organisations(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        factories.membership(cast.amira, cast.shore, role="mentor")
    amira = signed_in(cast.amira)

    assert [amira.get(at("programme", programme)).status_code for programme in (cast.grow, cast.shore)] == [200, 200]


@pytest.mark.row("O-08")
def test_a_person_may_wish_for_one_role_here_and_another_there(cast: Cast) -> None:
    with scopes_disabled():
        there = factories.membership(cast.amira, factories.programme(cast.northwind, "Crossing Over"), role="mentor")

    assert (cast.amira_member.role, there.role) == ("mentee", "mentor")


@pytest.mark.row("O-03")
def test_the_organisation_page_counts_members_by_role_and_state_with_its_n(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        for role, fields in (("mentor", {}), ("either", {"available": False}), ("mentee", {"ended_at": NOW})):
            factories.membership(factories.person(), cast.grow, role=role, **fields)

    page = signed_in(cast.ada).get("/northwind/")

    totals = page.context["running"][0].totals
    assert (totals.members, totals.mentors, totals.mentees, totals.either, totals.away) == (4, 2, 1, 1, 1)
    assert "<small>of 4</small>" in page.content.decode()
    assert page.context["people"] == 4


def test_totals_cost_the_same_questions_for_ten_programmes_as_for_one(
    cast: Cast, signed_in: Browser, django_assert_max_num_queries: Callable
) -> None:
    with scopes_disabled():
        for number in range(10):
            factories.programme(cast.northwind, f"Programme {number}")
    ada = signed_in(cast.ada)

    with django_assert_max_num_queries(20):
        ada.get("/northwind/")


@pytest.mark.row("O-01")
def test_a_change_is_one_event_that_names_the_settings_and_not_the_texts(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    posted = settings_of(cast.grow, welcome="Hello, dear people", usual_rhythm_days=21, hue="48")

    answer = chris.post(at("programme-edit", cast.grow), posted)

    cast.grow.refresh_from_db()
    assert answer.status_code == 302
    assert (cast.grow.welcome, cast.grow.usual_rhythm_days, cast.grow.hue) == ("Hello, dear people", 21, 48)
    events = list(Event.objects.filter(kind="programme.changed").values_list("facts", flat=True))
    assert events == [{"settings": ["hue", "usual_rhythm_days", "welcome"]}]


def test_what_was_typed_stays_when_settings_are_refused(cast: Cast, signed_in: Browser) -> None:
    posted = settings_of(cast.grow, welcome="A long welcome", proposal_days=5, proposal_reminder_days=5)

    page = signed_in(cast.chris).post(at("programme-edit", cast.grow), posted)

    assert page.status_code == 422
    assert "A long welcome" in page.content.decode()
    assert page.context["form"].errors["proposal_reminder_days"] == [
        "The reminder comes before the proposal lapses: please choose fewer days than 5."
    ]
    cast.grow.refresh_from_db()
    assert cast.grow.welcome == ""


@pytest.mark.row("O-01")
def test_a_renamed_programme_is_found_at_its_old_address_by_its_people_alone(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    chris.post(at("programme-edit", cast.grow), settings_of(cast.grow, slug="grow"))

    assert chris.get("/northwind/grow-together/")["Location"] == "/northwind/grow/"
    assert signed_in(cast.dana).get("/northwind/grow-together/").status_code == 404
    assert signed_in(cast.amira).get("/northwind/grow/").status_code == 200


def test_a_name_given_back_leads_to_the_programme_itself(cast: Cast, open_scope: None) -> None:
    for slug in ("grow", "grow-together"):
        change_programme(programme=cast.grow, changes={"slug": slug}, by=cast.chris, now=NOW)

    assert sorted(cast.grow.former_slugs.values_list("slug", flat=True)) == ["grow"]


def test_no_programme_is_called_like_a_page_of_its_organisation(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    refused = [
        chris.post(at("programme-edit", cast.grow), settings_of(cast.grow, slug=word)).status_code
        for word in sorted(reserved_for_programmes())
    ]

    assert {"settings", "roles", "programmes", "record"} <= reserved_for_programmes()
    assert set(refused) == {422}


@pytest.mark.row("F-17")
def test_a_material_change_of_the_terms_makes_a_version_that_nobody_has_accepted(
    cast: Cast, signed_in: Browser
) -> None:
    chris = signed_in(cast.chris)
    with scopes_disabled():
        for person in (cast.amira, cast.ben):
            cast.grow.consents.create(person=person, version=1, at=NOW)
        assert accepted_terms(cast.grow) == 2

    chris.post(at("programme-edit", cast.grow), settings_of(cast.grow, terms="Be kind."))
    cast.grow.refresh_from_db()
    small = cast.grow.terms_version
    page = chris.post(
        at("programme-edit", cast.grow), settings_of(cast.grow, terms="Be kind and come.", material="on"), follow=True
    )
    cast.grow.refresh_from_db()

    assert (small, cast.grow.terms_version) == (1, 2)
    assert "Version 2, accepted by 0 of 2 members." in page.content.decode()
    assert "The terms are now version 2; everybody is asked to accept them." in page.content.decode()


@pytest.mark.row("H-02")
def test_a_named_contact_needs_contact_and_deputy_before_sign_up_is_switched_on(cast: Cast, signed_in: Browser) -> None:
    cast.grow.sign_up_on = False
    cast.grow.save()
    chris = signed_in(cast.chris)
    posted = settings_of(cast.grow, duty_of_care="named_contact", sign_up_on="on")

    refused = chris.post(at("programme-edit", cast.grow), posted)
    with scopes_disabled():
        factories.office(factories.person("Nia Deputy"), "safeguarding", cast.grow, first=False)
    taken = chris.post(at("programme-edit", cast.grow), posted)

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "a contact and a deputy" in refused.context["form"].errors["sign_up_on"][0]
    cast.grow.refresh_from_db()
    assert (cast.grow.duty_of_care, cast.grow.sign_up_on) == ("named_contact", True)


@pytest.mark.row("H-02")
def test_the_promise_of_a_contact_is_not_made_while_sign_up_runs_without_one(cast: Cast, open_scope: None) -> None:
    with pytest.raises(NoContactYet):
        change_programme(programme=cast.grow, changes={"duty_of_care": "named_contact"}, by=cast.chris, now=NOW)

    cast.grow.refresh_from_db()
    assert cast.grow.duty_of_care == "signpost"
    assert Event.objects.count() == 0


@pytest.mark.row("H-02")
def test_the_front_page_names_contact_deputy_and_coordinator(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        factories.office(
            factories.person("Nia Deputy", "nia@northwind.example"), "safeguarding", cast.grow, first=False
        )

    page = signed_in(cast.amira).get(at("programme", cast.grow))

    who = page.context["who"]
    assert (who.contact.name, who.deputy.name) == ("Sam Osei", "Nia Deputy")
    assert [coordinator.name for coordinator in who.coordinators] == ["Chris Hale"]
    assert who.also_coordinates is False
    assert "also coordinates" not in page.content.decode()


@pytest.mark.row("H-02")
def test_the_front_page_says_so_where_the_coordinator_is_the_contact(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        Office.objects.filter(person=cast.sam).update(ended_at=NOW)
        alone = signed_in(cast.amira).get(at("programme", cast.grow)).content.decode()
        factories.office(cast.chris, "safeguarding", cast.grow)
    both = signed_in(cast.amira).get(at("programme", cast.grow)).content.decode()

    assert "has no contact of its own beside its coordinators" in alone
    assert "Chris Hale also coordinates this programme." in both


def test_the_welcome_is_markdown_and_carries_no_script(cast: Cast, signed_in: Browser) -> None:
    cast.grow.welcome = "**Good** day <script>alert(1)</script> [x](javascript:alert(1)) [y](https://example.org)"
    cast.grow.save()

    page = signed_in(cast.amira).get(at("programme", cast.grow)).content.decode()

    assert "<strong>Good</strong> day" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert '<a href="https://example.org" rel="noopener noreferrer">y</a>' in page


def test_every_colour_to_choose_is_one_the_style_sheet_keeps_readable() -> None:
    assert [hue for hue, _name in HUES if hue % 12 or not 0 <= hue < 360] == []


def test_a_colour_of_ones_own_survives_saving(cast: Cast, signed_in: Browser) -> None:
    Programme.objects.with_scope(organisation=cast.northwind).filter(pk=cast.grow.pk).update(hue=210)
    cast.grow.refresh_from_db()

    signed_in(cast.chris).post(at("programme-edit", cast.grow), settings_of(cast.grow, welcome="Hello"))

    cast.grow.refresh_from_db()
    assert (cast.grow.hue, cast.grow.welcome) == (210, "Hello")


@pytest.mark.row("O-01")
def test_no_programme_is_renamed_to_a_name_in_use_and_a_twin_reopened_is_told(cast: Cast, signed_in: Browser) -> None:
    chris, ada = signed_in(cast.chris), signed_in(cast.ada)
    with scopes_disabled():
        twin = factories.programme(cast.northwind, "Grow Alone")

    refused = chris.post(at("programme-edit", cast.grow), settings_of(cast.grow, name="grow ALONE", welcome="zq-hello"))
    archive_programme(programme=twin, by=cast.ada, now=NOW)
    renamed = chris.post(at("programme-edit", cast.grow), settings_of(cast.grow, name="Grow Alone"))
    reopened = ada.post(reverse("people:programme-reopen", args=["northwind", twin.public_id]), follow=True)
    saved = chris.post(at("programme-edit", cast.grow), settings_of(cast.grow, name="Grow Alone", welcome="Hello"))

    assert (refused.status_code, renamed.status_code, saved.status_code) == (422, 302, 302)
    assert "There is a programme called Grow Alone already." in refused.content.decode()
    assert "zq-hello" in refused.content.decode()
    assert [str(message) for message in reopened.context["messages"]] == [
        "Grow Alone is open again. Its sign-up is off.",
        "Another programme is called Grow Alone too. Please give one of them another name in its settings.",
    ]
