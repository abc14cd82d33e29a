from django.urls import path

from twoway.loops.views import agenda, agreement, answer, goal, goal_progress, loop, meeting, message

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
    path("loops/<str:loop>/goals/", goal.goals, name="goals"),
    path("loops/<str:loop>/goals/new/", goal.goal_new, name="goal-new"),
    path("loops/<str:loop>/goals/<str:goal>/", goal.goal, name="goal"),
    path("loops/<str:loop>/goals/<str:goal>/edit/", goal.goal_edit, name="goal-edit"),
    path("loops/<str:loop>/goals/<str:goal>/sharing/", goal.goal_sharing, name="goal-sharing"),
    path("loops/<str:loop>/goals/<str:goal>/state/", goal.goal_state, name="goal-state"),
    path("loops/<str:loop>/goals/<str:goal>/steps/", goal_progress.goal_steps, name="goal-steps"),
    path("loops/<str:loop>/goals/<str:goal>/steps/<str:step>/", goal_progress.goal_step, name="goal-step"),
    path("loops/<str:loop>/goals/<str:goal>/levels/", goal_progress.goal_levels, name="goal-levels"),
    path("loops/<str:loop>/goals/<str:goal>/level/", goal_progress.goal_level, name="goal-level"),
    path("loops/<str:loop>/goals/<str:goal>/comments/", goal_progress.goal_comments, name="goal-comments"),
    path("loops/<str:loop>/agreement/", agreement.agreement, name="agreement"),
    path("loops/<str:loop>/agreement/apart/", agreement.agreement_apart, name="agreement-apart"),
    path("loops/<str:loop>/agreement/version/", agreement.agreement_version, name="agreement-version"),
    path("loops/<str:loop>/agreement/confirmation/", agreement.agreement_confirmation, name="agreement-confirmation"),
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
