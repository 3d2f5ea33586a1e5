"""Spells in time as numbers of days, and how many of them cover each day."""
