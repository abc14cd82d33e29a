"""Once the form has been sent: the letter, its address, one's answers, and stepping out again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.people.signin.secrets import new_secret
from twoway.people.signin.session import within_limit
from twoway.signup.actions import application as actions
from twoway.signup.actions import confirmation
from twoway.signup.forms.join import LetterForm, RightAddressForm, StartForm
from twoway.signup.models import Application
from twoway.signup.queries import missing_questions
from twoway.signup.views.join import Visit, is_on_its_way, join_page, known_of, step_page
from twoway.signup.views.profile import answers_form

State = Application.State


@require_safe
@join_page()
def join_sent(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What happens next."""
    assert visit.application is not None
    if visit.application.state not in (State.SENT, State.WAITING):
        return redirect("signup:join", *visit.at)
    waiting = visit.application.state == State.WAITING
    page = {"programme": visit.programme, "application": visit.application, "waiting": waiting}
    return render(request, "signup/join/sent.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@join_page()
def join_address(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Put a mistyped address right. What was sent stays sent."""
    application = visit.application
    assert application is not None
    if not is_on_its_way(request, application):
        return redirect("signup:join", *visit.at)
    data = request.POST if request.method == "POST" else None
    form = RightAddressForm(data, initial={"address": application.address})
    if form.is_bound and form.is_valid():
        address = form.cleaned_data["address"].strip().lower()
        if address == application.address:
            messages.info(request, _("That is the address we have written to already."))
            return redirect("signup:join-sent", *visit.at)
        if within_limit(request, "sign_up", address):
            confirmation.change_own_address(application=application, address=address, now=visit.now)
            return redirect("signup:join-sent", *visit.at)
        form.add_error(None, _("That was a lot of letters at once. Please wait a few minutes and ask again."))
    page = {"programme": visit.programme, "form": form}
    return render(request, "signup/join/address.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@join_page()
def join_answers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """My answers while a coordinator reads them: still mine to see and to change."""
    application = visit.application
    assert application is not None
    if application.state != State.WAITING or not request.user.is_authenticated:
        return redirect("signup:join", *visit.at)
    form = answers_form(request, application, request.user)
    if request.method == "POST":
        faults = actions.save_answers(
            application=application, posted=form.posted(), stricter=form.chosen_audiences(), step="", by=request.user,
            now=visit.now,
        )  # fmt: skip
        if not faults:
            messages.success(request, _("Your answers are saved."))
            time = request.POST.get("go") == "time"
            return redirect("signup:join-capacity" if time else "signup:join-answers", *visit.at)
        form.add_faults(faults)
    missing = missing_questions(application)
    page = {
        "programme": visit.programme,
        "form": form,
        "sections": form.sections(application.role, missing),
        "mentors": application.role in ("mentor", "either"),
        "missing": missing,
    }
    return render(request, "signup/join/answers.html", page, status=422 if form.errors else 200)


@require_POST
@join_page(begun=False)
def join_letter(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Write to an address: again to the one just given, or to somebody who began elsewhere. The page says the
    same whether or not anybody has begun with it."""
    application = visit.application
    if application is not None and application.state == State.SENT:
        if within_limit(request, "sign_up", application.address):
            confirmation.write_confirmation(application=application, now=visit.now)
            messages.success(request, _("We have written again. The earlier letter no longer works."))
        else:
            messages.error(request, _("That was a lot of letters at once. Please wait a few minutes and ask again."))
        return redirect("signup:join-sent", *visit.at)
    form = LetterForm(request.POST, prefix="letter")
    if form.is_valid():
        address = form.cleaned_data["address"]
        if within_limit(request, "sign_up", address):
            confirmation.ask_to_carry_on(intake=visit.intake, address=address, now=visit.now)
            return render(request, "signup/join/letter.html", {"programme": visit.programme, "address": address})
        form.add_error(None, _("That was a lot of letters at once. Please wait a few minutes and ask again."))
    start = StartForm(None, programme=visit.programme, address_known=False, initial=known_of(request, visit))
    more = {"form": start, "letter": form, "secret": new_secret(), "faulty": True}
    return step_page(request, visit, "start", "start", more)


@require_http_methods(["GET", "HEAD", "POST"])
@join_page()
def join_out(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Step out again before becoming a member."""
    application = visit.application
    assert application is not None
    if request.method == "POST":
        if application.person is None:
            actions.forget_application(application=application)
        else:
            actions.withdraw_application(application=application, by=application.person, now=visit.now)
        request.session.pop("join", None)
        messages.success(request, _("You have stepped out. You are welcome back at any time."))
        return redirect("signup:join", *visit.at)
    return render(request, "signup/join/out.html", {"programme": visit.programme})
