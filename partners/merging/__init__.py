"""Several records that are one become one, and can be told apart again for 90 days.

`joining.join()` merges, `undoing.undo()` takes it back. What points at a record is found by
walking the models (`relations`), moved by one rule (`folding`) and written down (`journal`).

What a row does in a merge it says itself, where the rule does not suit it:

- `step_aside(constraint)`: changes its own columns so that it no longer breaks the constraint
  beside another row, and says whether it did; otherwise it is folded into the other.
- `absorb(other)`: takes over what the other says; without it, fills what is empty.
- `is_like(other)`: whether one of two rows that link the same records is enough.
- `yields`: a sort key; of two rows that can't both stand the smaller one is kept.
- `settle_moved()`: puts its columns in order after another record was written into them.
- `KEPT_WHERE_SHARED`: many-to-many fields of which only what both rows had stays.
- `COMPUTED`: a condition of rows that are computed from the records: dropped, and found again.
"""
