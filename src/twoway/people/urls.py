from django.urls import path

from twoway.people.views import intake, me, office, office_end, organisation, programme, signin, support, support_line

app_name = "people"

_ORGANISATION = "<slug:organisation>/"
_PROGRAMME = "<slug:organisation>/<slug:programme>/"

urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-in/code/", signin.code, name="code"),
    path("sign-in/password/", signin.password, name="password"),
    path("sign-in/<str:secret>/", signin.link, name="link"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("me/", me.me, name="me"),
    path("me/introduction/", me.introduction, name="introduction"),
    path("me/wishes/", me.wishes_edit, name="wishes-edit"),
    path("me/password/", me.password_edit, name="password-edit"),
    path("me/password/removal/", me.password_drop, name="password-drop"),
    path("me/devices/", me.devices, name="devices"),
    path("me/devices/<int:device>/", me.device_end, name="device-end"),
    path("me/news/", me.notifications, name="notifications"),
    path("support/", support.support, name="support"),
    # An organisation's own pages. Their second words are reserved: no programme is called by one of them.
    path(_ORGANISATION, organisation.organisation, name="organisation"),
    path(_ORGANISATION + "settings/", organisation.organisation_edit, name="organisation-edit"),
    path(_ORGANISATION + "roles/", office.organisation_offices, name="organisation-offices"),
    path(
        _ORGANISATION + "roles/<str:admin_id>/end/", office_end.organisation_office_end, name="organisation-office-end"
    ),
    path(
        _ORGANISATION + "roles/offers/<str:admin_offer_id>/withdrawal/",
        office.organisation_offer_withdraw,
        name="organisation-offer-withdraw",
    ),
    path(
        _ORGANISATION + "programmes/<str:archived_id>/reopening/",
        organisation.programme_reopen,
        name="programme-reopen",
    ),
    # A programme's pages.
    path(_PROGRAMME, programme.programme, name="programme"),
    path(_PROGRAMME + "settings/", programme.programme_edit, name="programme-edit"),
    path(_PROGRAMME + "intakes/", intake.intakes, name="intakes"),
    path(_PROGRAMME + "intakes/new/", intake.intake_new, name="intake-new"),
    path(_PROGRAMME + "intakes/<str:intake_id>/", intake.intake_edit, name="intake-edit"),
    path(_PROGRAMME + "roles/", office.offices, name="offices"),
    path(_PROGRAMME + "roles/<str:office_id>/end/", office_end.office_end, name="office-end"),
    path(_PROGRAMME + "roles/<str:office_id>/primary/", office.office_primary, name="office-primary"),
    path(_PROGRAMME + "roles/offers/<str:offer_id>/withdrawal/", office.offer_withdraw, name="offer-withdraw"),
    path(_PROGRAMME + "support-lines/", support_line.support_lines, name="support-lines"),
    path(_PROGRAMME + "support-lines/new/", support_line.support_line_new, name="support-line-new"),
    path(_PROGRAMME + "support-lines/<str:line_id>/", support_line.support_line_edit, name="support-line-edit"),
    path(_PROGRAMME + "support-lines/<str:line_id>/check/", support_line.support_line_check, name="support-line-check"),
    path(_PROGRAMME + "support-lines/<str:line_id>/removal/", support_line.support_line_drop, name="support-line-drop"),
]
