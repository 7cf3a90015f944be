"""Reading files of records in the administration, for stewards."""

from django.http import HttpRequest
from import_export.admin import ImportMixin
from import_export.formats.base_formats import CSV, XLSX


class ImportableAdmin(ImportMixin):
    """A file is shown as it would be read before it is; errors are told row by row."""

    change_list_template = import_export_change_list_template = "admin/change_list.html"
    import_template_name = "admin/import.html"
    import_formats = [CSV, XLSX]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.import_{self.opts.model_name}")
