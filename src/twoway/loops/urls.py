from django.urls import path

from twoway.loops.views import agenda, answer, loop, meeting, message

app_name = "loops"

urlpatterns = [
    path("loops/", loop.loops, name="loops"),
    path("loops/<str:loop>/", loop.loop, name="loop"),
    path("loops/<str:loop>/conversation/", message.conversation, name="conversation"),
    path("loops/<str:loop>/messages/", message.messages, name="messages"),
    path("loops/<str:loop>/messages/<str:message>/", message.message_edit, name="message-edit"),
    path("loops/<str:loop>/messages/<str:message>/withdrawal/", message.message_withdrawal, name="message-withdrawal"),
    path("loops/<str:loop>/agenda/", agenda.agenda, name="agenda"),
    path("loops/<str:loop>/agenda/sharing/", agenda.agenda_sharing, name="agenda-sharing"),
    path("loops/<str:loop>/agenda/suggestion/", agenda.agenda_suggestion, name="agenda-suggestion"),
    path("loops/<str:loop>/agenda/<str:item>/", agenda.agenda_item, name="agenda-item"),
    path("loops/<str:loop>/agenda/<str:item>/state/", agenda.agenda_item_state, name="agenda-item-state"),
    path("loops/<str:loop>/meetings/", meeting.meetings, name="meetings"),
    path("loops/<str:loop>/meetings/new/", meeting.meeting_new, name="meeting-new"),
    path("loops/<str:loop>/meetings/past/", meeting.meeting_past, name="meeting-past"),
    path("loops/<str:loop>/meetings/<str:meeting>/", meeting.meeting, name="meeting"),
    path("loops/<str:loop>/meetings/<str:meeting>/times/", meeting.meeting_times, name="meeting-times"),
    path("loops/<str:loop>/meetings/<str:meeting>/choice/", meeting.meeting_pick, name="meeting-pick"),
    path("loops/<str:loop>/meetings/<str:meeting>/move/", meeting.meeting_move, name="meeting-move"),
    path(
        "loops/<str:loop>/meetings/<str:meeting>/cancellation/",
        meeting.meeting_cancellation,
        name="meeting-cancellation",
    ),
    path("loops/<str:loop>/meetings/<str:meeting>/answer/", answer.meeting_answer, name="meeting-answer"),
    path("loops/<str:loop>/meetings/<str:meeting>/calendar.ics", meeting.meeting_calendar, name="meeting-calendar"),
    path("<slug:organisation>/<slug:programme>/loops/", loop.programme_loops, name="programme-loops"),
]
