"""Files from outside, whatever they are: bytes, text or sheet, grid, and columns with what they hold."""
