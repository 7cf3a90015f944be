"""The addresses of missions."""

from django.urls import include, path

from missions.views import (
    acquaintance,
    agreements,
    attending,
    briefing,
    calendars,
    cards,
    checklists,
    choices,
    debrief,
    delegates,
    delegation,
    exports,
    follow_ups,
    logging,
    meetings,
    missions,
    planning,
    private,
    programme,
    reports,
    rescheduling,
    whereabouts,
)

app_name = "missions"

delegation_urls = [
    path("", delegation.MissionDelegation.as_view(), name="mission-delegation"),
    path("where/", whereabouts.MissionWhereabouts.as_view(), name="mission-whereabouts"),
]

delegate_urls = [
    path("new/", delegates.DelegateCreate.as_view(), name="delegate-create"),
    path("<int:pk>/", delegates.DelegateDetail.as_view(), name="delegate-detail"),
    path("<int:pk>/edit/", delegates.DelegateUpdate.as_view(), name="delegate-update"),
    path("<int:pk>/change/", delegation.DelegateChange.as_view(), name="delegate-change"),
    path("<int:pk>/remove/", delegation.DelegateRemove.as_view(), name="delegate-remove"),
    path("<int:pk>/link/", private.DelegateLink.as_view(), name="delegate-link"),
    path("restore/<int:row>/", delegation.DelegateRestore.as_view(), name="delegate-restore"),
]

urlpatterns = [
    path("missions/export/", exports.MissionExport.as_view(), name="mission-export"),
    path("meetings/export/", exports.MeetingExport.as_view(), name="meeting-export"),
    path("follow-ups/export/", exports.FollowUpExport.as_view(), name="followup-export"),
    path("agreements/export/", exports.AgreementExport.as_view(), name="agreement-export"),
    path("missions/", missions.MissionList.as_view(), name="mission-list"),
    path("missions/new/", planning.MissionCreate.as_view(), name="mission-create"),
    path("missions/<int:pk>/edit/", planning.MissionUpdate.as_view(), name="mission-update"),
    path(
        "missions/<int:pk>/who-we-know/",
        acquaintance.MissionAcquaintances.as_view(),
        name="mission-acquaintances",
    ),
    path(
        "partners/cities/<int:pk>/who-we-know/",
        acquaintance.CityAcquaintances.as_view(),
        name="city-acquaintances",
    ),
    path("missions/<int:pk>/copy/", planning.MissionCopy.as_view(), name="mission-copy"),
    path(
        "missions/<int:mission_pk>/tasks/new/", checklists.TaskCreate.as_view(), name="task-create"
    ),
    path(
        "missions/<int:mission_pk>/tasks/template/",
        checklists.ChecklistApply.as_view(),
        name="checklist-apply",
    ),
    *(
        path(f"missions/<int:mission_pk>/tasks/<int:pk>/{act}", view.as_view(), name=f"task-{name}")
        for act, view, name in (
            ("", checklists.TaskUpdate, "update"),
            ("done/", checklists.TaskDone, "done"),
            ("reopen/", checklists.TaskReopen, "reopen"),
            ("remove/", checklists.TaskRemove, "remove"),
            ("restore/", checklists.TaskRestore, "restore"),
        )
    ),
    path("checklists/", checklists.ChecklistList.as_view(), name="checklist-list"),
    path("checklists/new/", checklists.ChecklistCreate.as_view(), name="checklist-create"),
    path(
        "checklists/<int:pk>/edit/", checklists.ChecklistUpdate.as_view(), name="checklist-update"
    ),
    path("missions/<int:pk>/", missions.MissionDetail.as_view(), name="mission-detail"),
    path(
        "missions/<int:pk>/programme/",
        programme.MissionProgramme.as_view(),
        name="mission-programme",
    ),
    path(
        "missions/<int:pk>/delegation.vcf",
        cards.DelegationCards.as_view(),
        name="delegation-cards",
    ),
    path("missions/worker.js", programme.ProgrammeWorker.as_view(), name="programme-worker"),
    path(
        "missions/<int:pk>/programme.ics",
        calendars.MissionCalendar.as_view(),
        name="mission-calendar",
    ),
    path(
        "meetings/<int:pk>/whole-delegation/",
        attending.MeetingAttendedByAll.as_view(),
        name="meeting-attended-by-all",
    ),
    path(
        "meetings/<int:pk>/whole-delegation/undo/",
        attending.MeetingAttendedUndo.as_view(),
        name="meeting-attended-undo",
    ),
    path("meetings/<int:pk>.ics", calendars.MeetingCalendar.as_view(), name="meeting-calendar"),
    path("calendar/renew/", calendars.FeedRenew.as_view(), name="feed-renew"),
    path("calendar/revoke/", calendars.FeedRevoke.as_view(), name="feed-revoke"),
    path("calendar/<str:token>.ics", calendars.CalendarFeed.as_view(), name="calendar-feed"),
    path(
        "missions/<int:pk>/briefing/", briefing.MissionBriefing.as_view(), name="mission-briefing"
    ),
    path("missions/<int:pk>/report/", reports.MissionReport.as_view(), name="mission-report"),
    path("missions/<int:pk>/undo/", rescheduling.ProgrammeUndo.as_view(), name="programme-undo"),
    path("stops/<int:pk>/move/", rescheduling.StopMove.as_view(), name="stop-move"),
    path("meetings/<int:pk>/move/", rescheduling.MeetingMove.as_view(), name="meeting-move"),
    path(
        "meetings/<int:pk>/reschedule/",
        rescheduling.MeetingReschedule.as_view(),
        name="meeting-reschedule",
    ),
    path("missions/<int:pk>/delegation/", include(delegation_urls)),
    path("missions/<int:mission_pk>/delegation/", include(delegate_urls)),
    path("d/<str:token>/", private.DelegatePage.as_view(), name="delegate-page"),
    path("missions/<int:pk>/debrief/", debrief.MissionDebrief.as_view(), name="mission-debrief"),
    path("meetings/log/", logging.MeetingLog.as_view(), name="meeting-log"),
    path("meetings/<int:pk>/edit/", logging.MeetingUpdate.as_view(), name="meeting-update"),
    path("meetings/", meetings.MeetingList.as_view(), name="meeting-list"),
    path("meetings/<int:pk>/", meetings.MeetingDetail.as_view(), name="meeting-detail"),
    path("follow-ups/", follow_ups.FollowUpList.as_view(), name="followup-list"),
    path("follow-ups/new/", follow_ups.FollowUpCreate.as_view(), name="followup-create"),
    path("follow-ups/<int:pk>/", follow_ups.FollowUpUpdate.as_view(), name="followup-update"),
    path("follow-ups/<int:pk>/done/", follow_ups.FollowUpDone.as_view(), name="followup-done"),
    path("follow-ups/<int:pk>/drop/", follow_ups.FollowUpDrop.as_view(), name="followup-drop"),
    path(
        "follow-ups/<int:pk>/reopen/", follow_ups.FollowUpReopen.as_view(), name="followup-reopen"
    ),
    path("agreements/", agreements.AgreementList.as_view(), name="agreement-list"),
    path("agreements/new/", agreements.AgreementCreate.as_view(), name="agreement-create"),
    path(
        "agreements/<int:pk>/edit/", agreements.AgreementUpdate.as_view(), name="agreement-update"
    ),
    path("agreements/<int:pk>/renew/", agreements.AgreementRenew.as_view(), name="agreement-renew"),
    path("agreements/<int:pk>/", agreements.AgreementDetail.as_view(), name="agreement-detail"),
    path(
        "agreements/<int:pk>/document/",
        agreements.AgreementDocument.as_view(),
        name="agreement-document",
    ),
    path("choices/home-side/", choices.HomeChoices.as_view(), name="home-choices"),
    path("choices/partner-side/", choices.PartnerChoices.as_view(), name="partner-choices"),
    path("choices/meetings/", choices.MeetingChoices.as_view(), name="meeting-choices"),
    path("choices/agreements/", choices.AgreementChoices.as_view(), name="agreement-choices"),
    path(
        "choices/colleagues/<int:organisation>/",
        choices.ColleagueChoices.as_view(),
        name="colleague-choices",
    ),
    path("choices/participants/", choices.ParticipantChoices.as_view(), name="participant-choices"),
]
