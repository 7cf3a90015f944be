"""The admin of accounts and of the record of exports, and what every other admin stands on."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from crm.admin.accounts import ExportAdmin, UserAdmin

__all__ = ["ExportAdmin", "UserAdmin"]

# What people see of their background work is its page (crm.jobs); the queue is the worker's own.
admin.site.unregister(DBTaskResult)
