"""The admin: the same door and the same clothes as the pages."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PontiAdminSite(AdminSite):
    site_title = site_header = _("Ponti")
    index_title = _("Administration")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.has_perm("crm.enter_admin")
