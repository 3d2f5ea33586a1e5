"""What is planted in lists of names, so that a test sees where it comes out."""

NAME, DOCUMENT, TEXT = "Zzyzxquil", "87654321", "qwwordfree"
PLANTED = (NAME.lower(), DOCUMENT, "87.654.321", TEXT)


def clean(*texts: object) -> None:
    """Fail where something that was planted stands in a text."""
    for text in texts:
        assert [word for word in PLANTED if word in str(text).lower()] == []
