"""Linkage on arrays: what was written given what is true, which rows to compare, and how alike they are."""
