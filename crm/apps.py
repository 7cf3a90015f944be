"""The floor of the application, and the admin in the product's clothes."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Accounts and records")


class CrmAdminConfig(AdminConfig):
    default_site = "crm.adminsite.PontiAdminSite"
