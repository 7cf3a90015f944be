"""The admin of accounts and of the record of exports, and what every other admin stands on."""

from crm.admin.accounts import ExportAdmin, UserAdmin

__all__ = ["ExportAdmin", "UserAdmin"]
