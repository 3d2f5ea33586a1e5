"""Functions on arrays. They have never heard of lists, persons or results."""
