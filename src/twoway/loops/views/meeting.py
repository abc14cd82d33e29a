"""Meetings: offering times, picking one, booking at once, moving, cancelling, and the calendar file."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.loops.actions.invitation import calendar_for
from twoway.loops.actions.meeting import (
    Changed,
    Taken,
    TimeIsOver,
    book_meeting,
    cancel_meeting,
    move_meeting,
    pick_time,
    propose_times,
    record_talk,
)
from twoway.loops.forms.meeting import MoveForm, TalkForm, TimesForm
from twoway.loops.models import Meeting
from twoway.loops.queries import Standing
from twoway.loops.queries.meeting import coming_in, next_in, offers_in, past_in, times_of
from twoway.loops.rules import may_answer, may_change_meeting, may_keep_agenda, may_pick_time, may_write
from twoway.loops.views.door import came_too_late, loop_page, meeting_or_404, typed_in
from twoway.loops.views.shown import labels, offer_of, over_of
from twoway.people.tenancy import PersonRequest


@loop_page
@require_safe
def meetings(request: PersonRequest, standing: Standing) -> HttpResponse:
    """What is to come and what has been."""
    now = clock_now()
    over = [over_of(standing, meeting) for meeting in past_in(standing.loop, now)[:60] if meeting.ends_at <= now]
    page = {
        "standing": standing, "labels": labels(), "coming": coming_in(standing.loop, now), "over": over,
        "offers": [offer_of(standing, meeting, now) for meeting in offers_in(standing.loop)],
        "may_write": may_write(standing),
    }  # fmt: skip
    return render(request, "loops/meeting/list.html", page)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_new(request: PersonRequest, standing: Standing) -> HttpResponse:
    """Offer up to three times, or book one that was fixed elsewhere."""
    return _times(request, standing, None)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_times(request: PersonRequest, standing: Standing, meeting: str) -> HttpResponse:
    """Offer other times instead of those on the page."""
    found = meeting_or_404(standing, meeting)
    if found.state != Meeting.State.OFFERED and typed_in(request):
        return came_too_late(request, standing, _("These times were picked or taken back in the meantime."))
    if found.state == Meeting.State.CANCELLED:
        return redirect("loops:meeting", standing.loop.public_id, found.public_id)
    if found.state != Meeting.State.OFFERED:
        raise Http404
    return _times(request, standing, found)


def _times(request: PersonRequest, standing: Standing, former: Meeting | None) -> HttpResponse:
    now = clock_now()
    start = {"minutes": former.minutes, "place": former.place} if former else _as_last_time(standing)
    form = TimesForm(request.POST if request.method == "POST" else None, now=now, initial=start)
    is_stale = former is not None and _is_stale(request, former)
    if former is not None and is_stale:
        if form.is_valid() and form.times() == [time.starts_at for time in times_of(former)]:  # pressed twice
            return _has_changed(request, standing, former)
        form.add_error(None, _other_times_words(former))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        how: dict[str, Any] = {name: said[name] for name in ("minutes", "place", "every_days", "until")}
        try:
            if request.POST.get("how") == "fixed":
                found = book_meeting(
                    loop=standing.loop, starts_at=said["first"], instead_of=former, by=request.user, now=now, **how
                )
                messages.success(request, _booked_words())
            else:
                found = propose_times(
                    loop=standing.loop, times=form.times(), meeting=former, by=request.user, now=now, **how
                )
                messages.success(request, _("Offered. You will hear as soon as one is picked."))
        except Changed:
            return _has_changed(request, standing)
        except Taken as taken:
            form.add_error("first", _taken_words(taken.meeting))
        else:
            return redirect("loops:meeting", standing.loop.public_id, found.public_id)
    page = {"form": form, "standing": standing, "former": former, "labels": labels()}
    return render(request, "loops/meeting/new.html", page, status=409 if is_stale else 422 if form.errors else 200)


def _as_last_time(standing: Standing) -> dict[str, object]:
    last = past_in(standing.loop, clock_now()).filter(already_met=False).first()
    return {"minutes": last.minutes, "place": last.place} if last else {}


@loop_page
@require_safe
def meeting(request: PersonRequest, standing: Standing, meeting: str) -> HttpResponse:
    """One meeting: when for each of the two, where, and what can be done with it."""
    found, now = meeting_or_404(standing, meeting), clock_now()
    page = {
        "standing": standing, "meeting": found, "labels": labels(), "now": now,
        "offer": offer_of(standing, found, now) if found.state == Meeting.State.OFFERED else None,
        "over": over_of(standing, found) if may_answer_now(found) else None,
        "may_write": may_write(standing), "may_pick": may_write(standing) and may_pick_time(standing, found),
        "may_change": may_write(standing) and may_change_meeting(found, now),
        "mine_to_keep": may_keep_agenda(standing),
        "is_next": next_in(standing.loop, now) == found,
    }  # fmt: skip
    return render(request, "loops/meeting/meeting.html", page)


def may_answer_now(meeting: Meeting) -> bool:
    return meeting.starts_at is not None and may_answer(meeting, clock_now())


@loop_page
@require_POST
def meeting_pick(request: PersonRequest, standing: Standing, meeting: str) -> HttpResponse:
    """Pick one of the times. Whoever presses on an old page hears that it was taken back, or how it stands now."""
    found = meeting_or_404(standing, meeting)
    is_offered = found.state == Meeting.State.OFFERED
    if is_offered and not may_pick_time(standing, found):
        raise Http404
    time = next((one for one in times_of(found) if one.public_id == request.POST.get("time")), None)
    if time is None or not is_offered:
        return _is_no_longer_offered(request, standing, found)
    try:
        pick_time(meeting=found, time=time, by=request.user, now=clock_now())
    except TimeIsOver:
        messages.warning(request, _("This time is over by now. Pick another, or offer new ones."))
    except Taken as taken:
        messages.warning(request, _taken_words(taken.meeting))
    except Changed:
        return _is_no_longer_offered(request, standing, found)
    else:
        messages.success(request, _booked_words())
    return redirect("loops:meeting", standing.loop.public_id, found.public_id)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_move(request: PersonRequest, standing: Standing, meeting: str) -> HttpResponse:
    found, now = meeting_or_404(standing, meeting), clock_now()
    if found.state == Meeting.State.CANCELLED:
        if typed_in(request):
            return came_too_late(request, standing, _("This meeting was cancelled in the meantime. Nothing was moved."))
        return redirect("loops:meeting", standing.loop.public_id, found.public_id)
    if found.state == Meeting.State.BOOKED and not may_change_meeting(found, now) and typed_in(request):
        return came_too_late(request, standing, _("This meeting has begun in the meantime. Nothing was moved."))
    if found.state != Meeting.State.BOOKED or not may_change_meeting(found, now):
        raise Http404
    start = {"starts_at": found.starts_at, "minutes": found.minutes, "place": found.place}
    form = MoveForm(request.POST if request.method == "POST" else None, now=now, initial=start)
    if found.series is None:
        del form.fields["for_good"]
    is_stale = _is_stale(request, found)
    if is_stale and form.is_valid() and _stands(form, found):  # pressed twice
        return redirect("loops:meeting", standing.loop.public_id, found.public_id)
    if is_stale:
        words = _("This meeting was changed since you opened the page, and stands above as it is now. Below is what you"
                  " chose: to move it there all the same, press once more.")  # fmt: skip
        form.add_error(None, words)
    if request.method == "POST" and form.is_valid():
        said = {"for_good": False, **form.cleaned_data}
        try:
            move_meeting(meeting=found, by=request.user, now=now, **said)
        except Changed:
            return came_too_late(request, standing, _("This meeting changed in the meantime. Nothing was moved."))
        except Taken as taken:
            form.add_error("starts_at", _taken_words(taken.meeting))
        else:
            messages.success(request, _("Moved. Both of you are told, and calendars that hold it are put right."))
            return redirect("loops:meeting", standing.loop.public_id, found.public_id)
    page = {"form": form, "standing": standing, "meeting": found, "labels": labels()}
    status = 409 if is_stale else 422 if form.errors else 200
    return render(request, "loops/meeting/move.html", page, status=status)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_cancellation(request: PersonRequest, standing: Standing, meeting: str) -> HttpResponse:
    """Ask, then cancel. Whoever presses twice, or comes back to it, reads on the meeting's page that it is."""
    found, now = meeting_or_404(standing, meeting), clock_now()
    if found.state == Meeting.State.CANCELLED:
        return redirect("loops:meeting", standing.loop.public_id, found.public_id)
    if not may_change_meeting(found, now):
        raise Http404
    was_booked = found.state == Meeting.State.BOOKED
    if _is_stale(request, found):
        return _has_changed(request, standing, found)
    if request.method == "POST":
        try:
            cancel_meeting(meeting=found, all_later=request.POST.get("all_later") == "on", by=request.user, now=now)
        except Changed:
            return _has_changed(request, standing, found)
        words = _("The times are taken back.")
        if was_booked:
            words = _("Cancelled. Both of you are told, and it leaves the calendars that hold it.")
        messages.success(request, words)
        return redirect("loops:loop", standing.loop.public_id)
    page = {
        "question": _("Cancel this meeting?") if was_booked else _("Take these times back?"),
        "explanation": _("Questions on the list stay there for the next time.") if was_booked else "",
        "confirm_label": _("Cancel the meeting") if was_booked else _("Take them back"),
        "confirm_kind": "alarm", "meeting": found, "standing": standing, "was_booked": was_booked,
        "back_url": _url_of(standing, found), "back_label": _("Keep it"),
    }  # fmt: skip
    return render(request, "loops/meeting/cancellation.html", page)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_past(request: PersonRequest, standing: Standing) -> HttpResponse:
    """“We have talked”, any time and by any channel."""
    now = clock_now()
    typed = request.POST if request.method == "POST" else None
    form = TalkForm(typed, now=now, since=standing.loop.opened_at)
    if request.method == "POST" and form.is_valid():
        found = record_talk(loop=standing.loop, starts_at=form.moment(), by=request.user, now=now)
        messages.success(request, _("Noted. If you like, leave a line for yourself."))
        return redirect("loops:meeting-answer", standing.loop.public_id, found.public_id)
    page = {"form": form, "standing": standing, "labels": labels()}
    return render(request, "loops/meeting/past.html", page, status=422 if form.errors else 200)


@loop_page
@require_safe
def meeting_calendar(request: PersonRequest, standing: Standing, meeting: str) -> HttpResponse:
    """The calendar file of a meeting, made for whoever asks."""
    found = meeting_or_404(standing, meeting)
    if found.starts_at is None:
        raise Http404
    text = calendar_for(found, standing.me, clock_now())
    return HttpResponse(
        text, content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="meeting.ics"'},
    )  # fmt: skip


def _booked_words() -> str:
    return _("Booked. Both of you see it here, and whoever gets letters has it as a calendar file.")


def _other_times_words(former: Meeting) -> str:
    words = _(
        "Other times were offered since you opened this page: %(times)s. To offer yours instead, press once more."
    )
    return words % {"times": " · ".join(_in_words(time.starts_at) for time in times_of(former))}


def _taken_words(meeting: Meeting) -> str:
    assert meeting.starts_at is not None
    words = _("You two already meet at that time, on %(when)s. Please choose another, or move that meeting first.")
    return words % {"when": _in_words(meeting.starts_at)}


def _in_words(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), _("l j F Y, H:i"))


def _is_stale(request: PersonRequest, meeting: Meeting) -> bool:
    """Whether a meeting has changed since the page was drawn from which somebody acts."""
    return request.POST.get("seen", "") not in ("", meeting.version)


def _stands(form: MoveForm, meeting: Meeting) -> bool:
    """Whether a meeting is already where somebody moves it. Of the later ones of its series that is not known."""
    said = form.cleaned_data
    asked = [said[name] for name in ("starts_at", "minutes", "place")]
    return not said.get("for_good") and asked == [meeting.starts_at, meeting.minutes, meeting.place]


def _is_no_longer_offered(request: PersonRequest, standing: Standing, meeting: Meeting) -> HttpResponse:
    if meeting.state != Meeting.State.CANCELLED or meeting.starts_at is not None:
        return _has_changed(request, standing, meeting)
    words = _("This time was taken back in the meantime, so nothing is booked. You can offer times of your own.")
    messages.warning(request, words)
    return redirect("loops:loop", standing.loop.public_id)


def _has_changed(request: PersonRequest, standing: Standing, meeting: Meeting | None = None) -> HttpResponse:
    messages.warning(request, _("This meeting has changed since you opened the page. Here is how it stands now."))
    if meeting is None:
        return redirect("loops:loop", standing.loop.public_id)
    return redirect("loops:meeting", standing.loop.public_id, meeting.public_id)


def _url_of(standing: Standing, meeting: Meeting) -> str:
    return str(redirect("loops:meeting", standing.loop.public_id, meeting.public_id).url)
