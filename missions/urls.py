"""The addresses of missions."""

from django.urls import path

from missions.views import choices

app_name = "missions"

urlpatterns = [
    path("choices/participants/", choices.ParticipantChoices.as_view(), name="participant-choices"),
]
