"""Building a sign-up form. A change never damages answers already given."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from twoway.history.actions import record
from twoway.people.audience import Audience, Relation, admits, stricter_of
from twoway.people.models import Person, Programme
from twoway.signup.fields import KINDS, new_options
from twoway.signup.models import Answer, Form, Question
from twoway.signup.queries import answered_options, audience_of
from twoway.signup.showing import condition_choices

SETTABLE = (
    "kind", "label", "help", "section", "options", "limits", "required", "asked_of", "show_if", "audience", "use",
    "weight", "steps", "both_ways", "meets", "what_i_help_with", "protected",
)  # fmt: skip


@transaction.atomic
def make_form(programme: Programme, by: Person | None, now: datetime) -> Form:
    """A programme's form, made if there is none yet."""
    form, new = Form.objects.get_or_create(programme=programme, defaults={"made_at": now})
    if new:
        record("form.made", by=by, programme=programme, now=now)
    return form


@transaction.atomic
def add_question(*, form: Form, by: Person | None, now: datetime, **fields: Any) -> Question:
    """Add a question at the end. Options may be words or whole options; what cannot be is a ValidationError."""
    place = (form.questions.aggregate(last=Max("place"))["last"] or 0) + 1
    options = fields.pop("options", [])
    if options and isinstance(options[0], str):
        options = new_options(options)
    question = Question(form=form, place=place, options=options, **fields)
    check_question(question)
    question.save()
    _record("question.added", question, by, now)
    return question


@transaction.atomic
def change_question(*, question: Question, changes: dict[str, Any], by: Person | None, now: datetime) -> list[str]:
    """Change a question; returns the names of what changed.

    Its kind stays once somebody has answered. Options that were chosen are retired, not lost. Wider audiences
    are for answers to come: those already given stay with whom they were promised to.
    """
    before = {name: getattr(question, name) for name in SETTABLE}
    answered = Answer.objects.filter(question=question).exists()
    if answered and changes.get("kind", question.kind) != question.kind:
        raise ValidationError(
            {"kind": _("People have answered this as it is. Retire it and add a new question instead.")}
        )
    if isinstance(changes.get("options"), list) and all(isinstance(option, str) for option in changes["options"]):
        changes = {**changes, "options": new_options(changes["options"], question.options, answered_options(question))}
    for name, value in changes.items():
        if name not in SETTABLE:
            raise KeyError(name)
        setattr(question, name, value)
    check_question(question, set(changes))
    changed = [name for name in SETTABLE if getattr(question, name) != before[name]]
    if not changed:
        return []
    if "audience" in changed:
        _keep_promised_audience(question, before["audience"])
    question.save(update_fields=changed)
    _record("question.changed", question, by, now, settings=changed)
    return changed


@transaction.atomic
def rename_option(*, question: Question, key: str, label: str, by: Person, now: datetime) -> None:
    """Other words for an option; its key, and so every answer, stays."""
    label = " ".join(label.split())[:120]
    others = {str(option["label"]).casefold() for option in question.options if option["key"] != key}
    if not label or label.casefold() in others:
        raise ValidationError(_("Please choose words that no other option has."))
    if key not in {option["key"] for option in question.options}:
        raise ValidationError(_("That option is not there any more."))
    question.options = [{**option, "label": label} if option["key"] == key else option for option in question.options]
    question.save(update_fields=["options"])
    _record("question.changed", question, by, now, settings=["options"])


@transaction.atomic
def move_question(*, question: Question, up: bool, by: Person, now: datetime) -> bool:
    """One place up or down; False where it cannot go further, or would come before what it hangs on."""
    rows = list(question.form.questions.select_for_update().filter(retired_at=None).order_by("place", "pk"))
    at = rows.index(question)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return False
    rows[at], rows[to] = rows[to], rows[at]
    order = [row.public_id for row in rows]
    if any(_hangs_on_later(row, order) for row in rows):
        return False
    for place, row in enumerate(rows, start=1):
        if row.place != place:
            row.place = place
            row.save(update_fields=["place"])
    _record("question.moved", question, by, now)
    return True


@transaction.atomic
def retire_question(*, question: Question, by: Person, now: datetime) -> None:
    """Ask it no longer. Its answers stay with their owners; without any, the question is gone."""
    hanging = question.form.questions.filter(retired_at=None, show_if__question=question.public_id)
    for other in hanging:
        other.show_if = {}
        other.save(update_fields=["show_if"])
    if Answer.objects.filter(question=question).exists():
        question.retired_at = now
        question.save(update_fields=["retired_at"])
    else:
        question.delete()
    _record("question.retired", question, by, now)


@transaction.atomic
def bring_back_question(*, question: Question, by: Person, now: datetime) -> None:
    """Ask a retired question again, where it was in the form; answers given before count again."""
    question.retired_at, question.show_if = None, {}
    question.save(update_fields=["retired_at", "show_if"])
    _record("question.returned", question, by, now)


def _record(kind: str, question: Question, by: Person | None, now: datetime, **facts: Any) -> None:
    """What was done with a question, with the words it had: they are the coordinators' own."""
    programme, about = question.form.programme, f"question {question.public_id}"
    record(kind, by=by, programme=programme, about=about, now=now, question=question.label, **facts)


@transaction.atomic
def copy_form(source: Programme, target: Programme, by: Person | None, now: datetime) -> Form:
    """The questions of one programme for another, without answers. A form with questions is left as it is."""
    form = make_form(target, by, now)
    if form.questions.exists():
        return form
    asked = Question.objects.with_scope(organisation=source.organisation).filter(
        form__programme=source, retired_at=None
    )
    copies: dict[int, Question] = {}
    new_ids: dict[str, str] = {}
    for row in asked.order_by("place", "pk"):
        values = {name: getattr(row, name) for name in SETTABLE if name not in ("meets", "show_if", "options")}
        options = [option for option in row.options if not option.get("retired")]
        copies[row.pk] = Question.objects.create(form=form, place=row.place, options=options, **values)
        new_ids[row.public_id] = copies[row.pk].public_id
    for row in asked:
        copy = copies[row.pk]
        if row.show_if.get("question") in new_ids:
            copy.show_if = {**row.show_if, "question": new_ids[row.show_if["question"]]}
        copy.meets = copies.get(row.meets_id) if row.meets_id else None
        copy.save(update_fields=["show_if", "meets"])
    record("form.copied", by=by, programme=target, now=now)
    return form


def check_question(question: Question, changed: Collection[str] = ("use",)) -> None:
    """Refuse what cannot be, each thing under the name of its setting."""
    faults: dict[str, str] = {}
    kind = KINDS[question.kind]
    offered = [option for option in question.options if not option.get("retired")]
    if kind.has_options and len(offered) < (1 if question.kind == Question.Kind.MANY else 2):
        faults["options"] = _("Please give at least two options, one on each line.")
    if question.use != Question.Use.OFF and question.use not in kind.uses:
        faults["use"] = _("This kind of question cannot be used in that way.")
    if question.protected and question.use not in (Question.Use.OFF, Question.Use.PREFERENCE):
        faults["use"] = _(
            "A protected trait is never scored: leave it out, or use it for somebody's own stated preference only."
        )
    if question.use == Question.Use.PREFERENCE and question.meets is None and "use" in changed:
        faults["meets"] = _(
            "A preference is about another question: choose the other side’s question that it asks after."
        )
    if question.use != Question.Use.OFF and not admits(Audience(question.audience), Relation.MATCHING):
        faults["audience"] = _("Matching cannot use what only coordinators may see. Choose “%(choice)s” or wider.") % {
            "choice": Question.Audience.MATCHING.label
        }
    if question.kind == Question.Kind.LINE_MANAGER and question.audience not in (
        Question.Audience.MATCHING, Question.Audience.COORDINATORS,
    ):  # fmt: skip
        faults["audience"] = _("A line manager's address is never shown to members.")
    if not 0 <= question.weight <= 10:
        faults["weight"] = _("A weight is a whole number from 0 to 10.")
    low, high = question.limits.get("low"), question.limits.get("high")
    if low is not None and high is not None and low > high:
        faults["high"] = _("The largest number is smaller than the smallest.")
    if question.show_if and not _condition_fits(question):
        faults["show_if"] = _("Please choose an earlier question and at least one of its answers.")
    if faults:
        raise ValidationError(faults)


def _condition_fits(question: Question) -> bool:
    on = question.form.questions.filter(public_id=question.show_if.get("question"), retired_at=None).first()
    if on is None or on.pk == question.pk or on.place >= question.place:
        return False
    wanted = set(question.show_if.get("any_of", []))
    return bool(wanted) and wanted <= {key for key, _label in condition_choices(on)}


def _hangs_on_later(question: Question, order: list[str]) -> bool:
    on = question.show_if.get("question")
    return on in order and order.index(on) > order.index(question.public_id)


def _keep_promised_audience(question: Question, old: str) -> None:
    """Where the new audience is wider than the old, answers already given stay with the old one."""
    was, now_is = audience_of(Question(audience=old)), audience_of(question)
    if question.kind == Question.Kind.LINE_MANAGER or stricter_of(was, now_is) == now_is:
        return
    for answer in Answer.objects.filter(question=question):
        promised = audience_of(Question(audience=old), answer.stricter).value
        if answer.stricter != promised:
            answer.stricter = promised
            answer.save(update_fields=["stricter"])
