"""The product's addresses, and the bare views beside them."""

from django.urls import path

from benchmarks import bare
from crm.urls import urlpatterns as product

urlpatterns = [
    *product,
    path("bare/partners/", bare.Organisations.as_view()),
    path("bare/people/", bare.People.as_view()),
    path("bare/meetings/", bare.Meetings.as_view()),
    path("bare/partners/<int:pk>/", bare.Organisation.as_view()),
]
