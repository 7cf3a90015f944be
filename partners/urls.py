"""The addresses of partners."""

from django.urls import path

from partners.views import (
    alike,
    cards,
    choices,
    choosing,
    directory,
    duplicates,
    exports,
    merging,
    organisations,
    people,
    pictures,
    places,
)

app_name = "partners"

urlpatterns = [
    path("partners/export/", exports.OrganisationExport.as_view(), name="organisation-export"),
    path(
        "partners/merge/",
        choosing.OrganisationMergeChosen.as_view(),
        name="organisation-merge-chosen",
    ),
    path("people/merge/", choosing.PersonMergeChosen.as_view(), name="person-merge-chosen"),
    path(
        "partners/duplicates/",
        duplicates.OrganisationDuplicates.as_view(),
        name="organisation-duplicates",
    ),
    path(
        "partners/duplicates/<int:pk>/dismiss/",
        duplicates.OrganisationDuplicateDismiss.as_view(),
        name="organisation-duplicate-dismiss",
    ),
    path(
        "partners/duplicates/<int:pk>/reopen/",
        duplicates.OrganisationDuplicateReopen.as_view(),
        name="organisation-duplicate-reopen",
    ),
    path("people/duplicates/", duplicates.PersonDuplicates.as_view(), name="person-duplicates"),
    path(
        "people/duplicates/<int:pk>/dismiss/",
        duplicates.PersonDuplicateDismiss.as_view(),
        name="person-duplicate-dismiss",
    ),
    path(
        "people/duplicates/<int:pk>/reopen/",
        duplicates.PersonDuplicateReopen.as_view(),
        name="person-duplicate-reopen",
    ),
    path("partners/alike/", alike.OrganisationAlike.as_view(), name="organisation-alike"),
    path("people/alike/", alike.PersonAlike.as_view(), name="person-alike"),
    path("partners/new/", organisations.OrganisationCreate.as_view(), name="organisation-create"),
    path(
        "partners/<int:pk>/", organisations.OrganisationDetail.as_view(), name="organisation-detail"
    ),
    path(
        "partners/<int:pk>/edit/",
        organisations.OrganisationUpdate.as_view(),
        name="organisation-update",
    ),
    path(
        "partners/<int:pk>/archive/",
        organisations.OrganisationArchive.as_view(),
        name="organisation-archive",
    ),
    path(
        "partners/<int:pk>/restore/",
        organisations.OrganisationRestore.as_view(),
        name="organisation-restore",
    ),
    path(
        "partners/<int:pk>/merge/", merging.OrganisationMerge.as_view(), name="organisation-merge"
    ),
    path("people/<int:pk>/merge/", merging.PersonMerge.as_view(), name="person-merge"),
    path("merges/", merging.MergeList.as_view(), name="merge-list"),
    path("merges/<int:pk>/", merging.MergeDetail.as_view(), name="merge-detail"),
    path("merges/<int:pk>/undo/", merging.MergeUndo.as_view(), name="merge-undo"),
    path("people/export/", exports.PersonExport.as_view(), name="person-export"),
    path("people/new/", people.PersonCreate.as_view(), name="person-create"),
    path("people/<int:pk>/", people.PersonDetail.as_view(), name="person-detail"),
    path("people/<int:pk>.vcf", cards.PersonCard.as_view(), name="person-card"),
    path("people/<int:pk>/photo/", people.PersonPhoto.as_view(), name="person-photo"),
    path("people/<int:pk>/edit/", people.PersonUpdate.as_view(), name="person-update"),
    path("people/<int:pk>/archive/", people.PersonArchive.as_view(), name="person-archive"),
    path("people/<int:pk>/restore/", people.PersonRestore.as_view(), name="person-restore"),
    path(
        "choices/organisations/",
        choices.OrganisationChoices.as_view(),
        name="organisation-choices",
    ),
    path("choices/people/", choices.PersonChoices.as_view(), name="person-choices"),
    path("choices/sectors/", choices.SectorChoices.as_view(), name="sector-choices"),
    path("choices/cities/", choices.CityChoices.as_view(), name="city-choices"),
    path("partners/", directory.OrganisationList.as_view(), name="organisation-list"),
    path("partners/cities/", places.CityList.as_view(), name="city-list"),
    path("partners/cities/<int:pk>/", places.CityDetail.as_view(), name="city-detail"),
    path("partners/sectors/", places.SectorList.as_view(), name="sector-list"),
    path("partners/sectors/<slug:slug>/", places.SectorDetail.as_view(), name="sector-detail"),
    path("map/", pictures.Map.as_view(), name="map"),
    path("coverage/", pictures.Coverage.as_view(), name="coverage"),
    path("people/", directory.PersonList.as_view(), name="person-list"),
]
