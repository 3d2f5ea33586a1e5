"""What the front doors share: verdicts, words by key, results that are printed."""
