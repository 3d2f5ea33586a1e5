"""Contracts of every class: specifications and their checks, who is counted, papers and citations."""
