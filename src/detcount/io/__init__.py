"""Files in: text, Parquet and workbooks, as frames whose rows know their lines."""

from detcount.reading.tables import read_frame

__all__ = ["read_frame"]
