"""The addresses of partners."""

from django.urls import path

from partners.views import choices

app_name = "partners"

urlpatterns = [
    path(
        "choices/organisations/",
        choices.OrganisationChoices.as_view(),
        name="organisation-choices",
    ),
    path("choices/people/", choices.PersonChoices.as_view(), name="person-choices"),
    path("choices/cities/", choices.CityChoices.as_view(), name="city-choices"),
]
