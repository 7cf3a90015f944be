"""How a file is read: its format, letters and columns recognised, its rows given one by one."""

from crm.imports.reading.dates import date_order_of, read_date
from crm.imports.reading.shapes import Cells, Shape, Unreadable
from crm.imports.reading.tables import (
    FAR,
    Table,
    merged_cells,
    open_file,
    open_table,
    recognise,
    remark,
    sheet_names,
)

__all__ = [
    "FAR",
    "Cells",
    "Shape",
    "Table",
    "Unreadable",
    "date_order_of",
    "merged_cells",
    "open_file",
    "open_table",
    "read_date",
    "recognise",
    "remark",
    "sheet_names",
]
