"""What the assessments share: verdicts, and results that are printed."""
