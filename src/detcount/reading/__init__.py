"""Files from outside, whatever they are: bytes, text or sheet, grid, and columns with what they hold."""

from detcount.contract.arguments import Sentences

message = Sentences("detcount.reading")
