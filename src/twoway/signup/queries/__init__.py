"""What can be asked about forms, applications, answers and invitations."""

from twoway.signup.queries.answer import (
    ShownAnswer,
    answers_by_application,
    answers_by_public_id,
    answers_for_viewer,
    audience_of,
    stricter_choices,
)
from twoway.signup.queries.application import (
    Progress,
    application_in,
    application_of_person,
    applications_of,
    applications_with_progress,
    matchable_applications,
    missing_questions,
    only_suggested,
    pending_applications,
    progress_of,
)
from twoway.signup.queries.coverage import Coverage, coverage
from twoway.signup.queries.form import answered_options, form_of, question_in, questions_of, retired_questions_of
from twoway.signup.queries.invitation import (
    application_of_token,
    invitation_of_token,
    invitation_with_id,
    invitations_of,
)

__all__ = [
    "Coverage",
    "Progress",
    "ShownAnswer",
    "answered_options",
    "answers_by_application",
    "answers_by_public_id",
    "answers_for_viewer",
    "application_in",
    "application_of_person",
    "application_of_token",
    "applications_of",
    "applications_with_progress",
    "audience_of",
    "coverage",
    "form_of",
    "invitation_of_token",
    "invitation_with_id",
    "invitations_of",
    "matchable_applications",
    "missing_questions",
    "only_suggested",
    "pending_applications",
    "progress_of",
    "question_in",
    "questions_of",
    "retired_questions_of",
    "stricter_choices",
]
