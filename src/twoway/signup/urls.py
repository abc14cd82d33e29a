from django.urls import path

from twoway.signup.views import (
    application,
    archive,
    form,
    invitation,
    join,
    join_sent,
    letter,
    profile,
    programme,
    roster,
    roster_kept,
    roster_question,
)

app_name = "signup"

PROGRAMME = "<slug:organisation>/<slug:programme>"
ROSTER = f"{PROGRAMME}/rosters/<str:roster_id>"

urlpatterns = [
    # a programme, guided or copied
    path("<slug:organisation>/programmes/new/", programme.programme_new, name="programme-new"),
    path(
        "<slug:organisation>/programmes/<str:set_up_id>/set-up/<slug:step>/",
        programme.programme_set_up,
        name="programme-set-up",
    ),
    path("<slug:organisation>/programmes/<str:programme_id>/copy/", programme.programme_copy, name="programme-copy"),
    path(
        "<slug:organisation>/programmes/<str:programme_id>/archive/",
        archive.programme_archive,
        name="programme-archive",
    ),
    path("invitation/<str:secret>/", letter.invitation, name="invitation"),
    path("confirmation/<str:secret>/", letter.confirmation, name="confirmation"),
    # signing up
    path(f"{PROGRAMME}/join/", join.join, name="join"),
    path(f"{PROGRAMME}/join/questions/<int:number>/", join.join_questions, name="join-questions"),
    path(f"{PROGRAMME}/join/time/", join.join_capacity, name="join-capacity"),
    path(f"{PROGRAMME}/join/what-it-is-not/", join.join_not_for, name="join-not-for"),
    path(f"{PROGRAMME}/join/terms/", join.join_terms, name="join-terms"),
    path(f"{PROGRAMME}/join/sent/", join_sent.join_sent, name="join-sent"),
    path(f"{PROGRAMME}/join/answers/", join_sent.join_answers, name="join-answers"),
    path(f"{PROGRAMME}/join/address/", join_sent.join_address, name="join-address"),
    path(f"{PROGRAMME}/join/letter/", join_sent.join_letter, name="join-letter"),
    path(f"{PROGRAMME}/join/stepping-out/", join_sent.join_out, name="join-out"),
    # one's own answers
    path(f"{PROGRAMME}/me/", profile.profile, name="profile"),
    path(f"{PROGRAMME}/me/time/", profile.profile_offer, name="profile-offer"),
    path(f"{PROGRAMME}/me/availability/", profile.profile_availability, name="profile-availability"),
    path(f"{PROGRAMME}/suggestion/", invitation.suggestion, name="suggestion"),
    # the form
    path(f"{PROGRAMME}/form/", form.form, name="form"),
    path(f"{PROGRAMME}/form/preview/", form.preview, name="form-preview"),
    path(f"{PROGRAMME}/form/new/<slug:kind>/", form.question_new, name="question-new"),
    path(f"{PROGRAMME}/form/<str:question_id>/", form.question_edit, name="question-edit"),
    path(f"{PROGRAMME}/form/<str:question_id>/place/", form.question_place, name="question-place"),
    path(f"{PROGRAMME}/form/<str:question_id>/retirement/", form.question_retirement, name="question-retirement"),
    # who comes in
    path(f"{PROGRAMME}/applications/", application.applications, name="applications"),
    path(f"{PROGRAMME}/applications/decision/", application.decision, name="decision"),
    path(f"{PROGRAMME}/applications/<str:application_id>/", application.application, name="application"),
    path(
        f"{PROGRAMME}/applications/<str:application_id>/letter/", application.application_letter,
        name="application-letter",
    ),
    path(
        f"{PROGRAMME}/applications/<str:application_id>/approval/", application.application_approval,
        name="application-approval",
    ),
    path(
        f"{PROGRAMME}/applications/<str:application_id>/address/", application.application_address,
        name="application-address",
    ),
    path(f"{PROGRAMME}/availability/", application.availability, name="availability"),
    path(f"{PROGRAMME}/invitations/", invitation.invitations, name="invitations"),
    path(f"{PROGRAMME}/invitations/letters/", invitation.invitation_letters, name="invitation-letters"),
    path(
        f"{PROGRAMME}/invitations/<str:invitation_id>/letter/", invitation.invitation_letter,
        name="invitation-letter",
    ),
    path(
        f"{PROGRAMME}/invitations/<str:invitation_id>/withdrawal/", invitation.invitation_withdrawal,
        name="invitation-withdrawal",
    ),
    # rosters
    path(f"{PROGRAMME}/rosters/", roster.rosters, name="rosters"),
    path(f"{ROSTER}/", roster.roster, name="roster"),
    path(f"{ROSTER}/columns/", roster.columns, name="roster-columns"),
    path(f"{ROSTER}/columns/<int:number>/", roster_question.question, name="roster-question"),
    path(f"{ROSTER}/sheet/", roster.sheet, name="roster-sheet"),
    path(f"{ROSTER}/rows/<int:number>/", roster.row, name="roster-row"),
    path(f"{ROSTER}/words/", roster.words, name="roster-words"),
    path(f"{ROSTER}/keeping/", roster.keep, name="roster-keeping"),
    path(f"{ROSTER}/stop/", roster.stop, name="roster-stop"),
    path(f"{ROSTER}/invitations/", roster_kept.invitations, name="roster-invitations"),
    path(f"{ROSTER}/taking-back/", roster_kept.taking_back, name="roster-taking-back"),
]  # fmt: skip
