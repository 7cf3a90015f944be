"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from crm import home

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("health/", home.health, name="health"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("partners.urls")),
    path("", include("missions.urls")),
]
