"""From lists of names to capture histories: reading, names, links across lists and their uncertainty."""
