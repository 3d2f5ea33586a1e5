"""Paths of the stock from one register: forces, compartments, their posterior, and bridges to anchors."""
