"""The base of what reads the rows of files: a django-import-export resource for whole batches."""

from typing import Any, ClassVar

from django.db import models
from import_export import resources

from crm.models import Import


class ImportResource(resources.ModelResource):
    """Reads the rows of an import into records of one model, and what belongs to them."""

    part_models: ClassVar[tuple[type[models.Model], ...]] = ()

    def __init__(self, source: Import | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
