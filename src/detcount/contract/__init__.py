"""What every class keeps to: specifications and their checks, who is counted, papers and how to cite."""
