"""Invented systems of detention: who was held when, what lists know of it, and what is published."""
