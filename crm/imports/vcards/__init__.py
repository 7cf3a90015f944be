"""vCards as a table of people: versions 4.0 (RFC 6350), 3.0 (RFC 2426) and 2.1.

Read by our own small parser: vobject, the library for them, knows 3.0 only and had no release
since 2024; icalendar's lines refuse the groups and bare parameters that address books write.
"""

from crm.imports.vcards.people import HEADINGS, rows

__all__ = ["HEADINGS", "rows"]
