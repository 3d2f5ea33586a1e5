"""Parts shared by the assessments: verdicts, and results that are printed."""
