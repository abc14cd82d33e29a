"""The conversation: reading all of it, asking for what is new, writing, editing, withdrawing."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from twoway.history.clock import now as clock_now
from twoway.loops.actions.message import edit_message, mark_read, send_message, withdraw_message
from twoway.loops.forms.message import MessageForm
from twoway.loops.queries import Standing, standing_in
from twoway.loops.queries.message import changed_since, message_in, newer_than, news_for, said_lately, stretch_of
from twoway.loops.rules import may_change_message
from twoway.loops.views.door import came_too_late, loop_page, message_or_404
from twoway.loops.views.loop import loop_answer, talk_of
from twoway.loops.views.shown import bubbles_of, labels
from twoway.people.tenancy import PersonRequest, person_page

MOST_A_MINUTE = 30


@loop_page
@require_safe
def conversation(request: PersonRequest, standing: Standing) -> HttpResponse:
    """All that was said, a page at a time, the newest last."""
    now = clock_now()
    stretch = stretch_of(standing, before=request.GET.get("before", ""))
    page = {**talk_of(standing, stretch, now), "standing": standing, "labels": labels()}
    part = "#stretch" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"loops/message/conversation.html{part}", page)


@person_page
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: PersonRequest, loop: str) -> HttpResponse:
    """GET: what is new after a message; 204 for nothing. POST: write one."""
    if request.method == "POST":
        return _write(request, loop=loop)
    since = _moment(request.GET.get("since", ""))
    after = request.GET.get("after", "")
    news = news_for(request.user, loop, after=after, since=since)
    if news is None:
        raise Http404
    if not news:
        return HttpResponse(status=204)
    return _news(request, loop, after, since)


def _news(request: PersonRequest, loop: str, after: str, since: datetime) -> HttpResponse:
    standing, now = standing_in(request.user, loop), clock_now()
    if standing is None:
        raise Http404
    new = newer_than(standing, after)
    if new:
        mark_read(participation=standing.me, up_to=new[-1].pk)
    page = {
        "standing": standing,
        "bubbles": bubbles_of(standing, new),
        "changed": bubbles_of(standing, changed_since(standing, after, since)),
        "after": new[-1].public_id if new else after,
        "since": now.timestamp(),
    }
    return render(request, "loops/message/news.html", page)


@loop_page
def _write(request: PersonRequest, standing: Standing) -> HttpResponse:
    form = MessageForm(request.POST)
    if form.is_valid() and said_lately(request.user, clock_now()) >= MOST_A_MINUTE:
        form.add_error(None, _("That was a lot of messages at once. Please wait a minute and send it again."))
    if not form.is_valid():
        return loop_answer(request, standing, form=form, status=422)
    said = form.cleaned_data
    message = send_message(
        loop=standing.loop, body=said["body"], no_hurry=said["no_hurry"], by=request.user, now=clock_now(),
        quotes=message_in(standing, said["quotes"]) if said["quotes"] else None,
        form_key=str(said["form_key"]) if said["form_key"] else None,
    )  # fmt: skip
    return redirect(f"{reverse('loops:loop', args=[standing.loop.public_id])}#m-{message.public_id}")


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def message_edit(request: PersonRequest, standing: Standing, message: str) -> HttpResponse:
    found = message_or_404(standing, message)
    if request.method == "POST" and found.withdrawn_at is not None and found.by_id == request.user.pk:
        return came_too_late(request, standing, _("This message was withdrawn in the meantime. It stays so."))
    if not may_change_message(standing, found):
        raise Http404
    form = MessageForm(request.POST if request.method == "POST" else None, initial={"body": found.body})
    if request.method == "POST" and form.is_valid():
        edit_message(message=found, body=form.cleaned_data["body"], by=request.user, now=clock_now())
        return redirect(f"{reverse('loops:loop', args=[standing.loop.public_id])}#m-{found.public_id}")
    page = {"form": form, "standing": standing, "labels": labels()}
    return render(request, "loops/message/edit.html", page, status=422 if form.errors else 200)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def message_withdrawal(request: PersonRequest, standing: Standing, message: str) -> HttpResponse:
    found = message_or_404(standing, message)
    if not may_change_message(standing, found):
        raise Http404
    home = reverse("loops:loop", args=[standing.loop.public_id])
    if request.method == "POST":
        withdraw_message(message=found, by=request.user, now=clock_now())
        return redirect(f"{home}#m-{found.public_id}")
    page = {
        "question": _("Take this message back?"),
        "explanation": _("Its words are deleted for both of you. Its place stays and says that it was withdrawn."),
        "bubble": bubbles_of(standing, [found])[0],
        "confirm_label": _("Withdraw the message"),
        "confirm_kind": "alarm",
        "back_url": home,
    }
    return render(request, "loops/message/withdrawal.html", page)


def _moment(stamp: str) -> datetime:
    try:
        return datetime.fromtimestamp(float(stamp), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.now(tz=UTC)
