"""Forecasts of what a monitor will publish next: own increments, growth elsewhere, and a pool."""
