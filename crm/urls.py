"""Every address of the product."""

from allauth.account import views as account
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.i18n import set_language

from crm import (
    accounts,
    export_list,
    home,
    jobs,
    preferences,
    saved_views,
    search_page,
    signing_out,
)
from crm.imports import answering, columns_page, creating, listing
from crm.imports import detail as import_detail

handler429 = "crm.accounts.too_many_requests"

password_urls = [
    path("change/", accounts.PasswordChange.as_view(), name="account_change_password"),
    path("reset/", account.password_reset, name="account_reset_password"),
    path("reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

account_urls = [
    path("login/", account.login, name="account_login"),
    path("logout/", signing_out.SignOut.as_view(), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("password/", include(password_urls)),
]

import_urls = [
    path("", import_detail.ImportDetail.as_view(), name="import-detail"),
    path("choices/", import_detail.ImportChoose.as_view(), name="import-choose"),
    path("answers/", answering.ImportAnswer.as_view(), name="import-answer"),
    path("write/", import_detail.ImportWrite.as_view(), name="import-write"),
    path("cancel/", import_detail.ImportCancel.as_view(), name="import-cancel"),
    path("undo/", import_detail.ImportUndo.as_view(), name="import-undo"),
    path("rejected/", import_detail.ImportRejected.as_view(), name="import-rejected"),
]

view_urls = [
    path("", saved_views.SavedViewList.as_view(), name="view-list"),
    path("new/", saved_views.SavedViewCreate.as_view(), name="view-create"),
    path("restore/", saved_views.SavedViewRestore.as_view(), name="view-restore"),
    path("<int:pk>/", saved_views.SavedViewDetail.as_view(), name="view-detail"),
    path("<int:pk>/edit/", saved_views.SavedViewUpdate.as_view(), name="view-update"),
    path("<int:pk>/refresh/", saved_views.SavedViewRefresh.as_view(), name="view-refresh"),
    path("<int:pk>/pin/", saved_views.SavedViewPin.as_view(), name="view-pin"),
    path("<int:pk>/unpin/", saved_views.SavedViewPin.as_view(is_pinned=False), name="view-unpin"),
    path("<int:pk>/delete/", saved_views.SavedViewDelete.as_view(), name="view-delete"),
]

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("health/", home.health, name="health"),
    path("search/", search_page.SearchPage.as_view(), name="search"),
    path(
        "search/suggestions/",
        search_page.SearchSuggestions.as_view(),
        name="search-suggestions",
    ),
    path("views/", include(view_urls)),
    path("exports/", export_list.ExportList.as_view(), name="export-list"),
    path("jobs/<uuid:key>/", jobs.JobDetail.as_view(), name="job-detail"),
    path("jobs/<uuid:key>/file/", jobs.JobFile.as_view(), name="job-file"),
    path("imports/", listing.ImportList.as_view(), name="import-list"),
    path("imports/new/", creating.ImportCreate.as_view(), name="import-create"),
    path(
        "imports/empty/<slug:subject>.<slug:file_format>",
        creating.ImportTemplate.as_view(),
        name="import-template",
    ),
    path("imports/<int:pk>/columns/", columns_page.ImportColumns.as_view(), name="import-columns"),
    path("imports/<int:pk>/", include(import_urls)),
    path("accounts/", include(account_urls)),
    path("preferences/", preferences.Preferences.as_view(), name="preferences"),
    path("language/", login_not_required(set_language), name="set-language"),
    path("admin/", admin.site.urls),
    path("", include("partners.urls")),
    path("", include("missions.urls")),
]
