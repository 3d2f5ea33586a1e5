"""Data: persons on lists, rows, groups and counts that somebody published, checked when they are made."""
