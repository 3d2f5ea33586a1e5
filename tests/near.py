"""Texts whose words are the same and whose numbers are near: what is drawn moves with the platform."""

import re

NEAR = 0.02  # resampled limits move in the last figures with the linear algebra of the platform
# A sampler takes another path where sums are rounded otherwise; with 1,000 draws the limits of a posterior
# that is skewed upward have standard errors of about 2%.
SAMPLED = 0.06
ERROR = 0.6  # a Monte Carlo error, after ±, is itself estimated, from draws that are not independent
_NUMBER = re.compile(r"(?<![\w.])\d[\d,\u00a0]*(?:\.\d+)?(?![\w])")
_POSTERIOR = re.compile("posterior|Latent|latent")


def words(text: str) -> str:
    """A text without its numbers; columns of plain text are as wide as their numbers."""
    return re.sub(r" +", " ", _NUMBER.sub("#", text))


def apart(found: str, wanted: str, share: float | None = None) -> list[tuple[float, float]]:
    """Numbers of two texts that are not near each other, by a share where one is given, in their order.

    How many effective draws a sampler had, and its R-hat, are left aside.
    """
    theirs = wanted.splitlines()
    return [
        (one, other)
        # a note may go on in another line
        for line, its, before in zip(found.splitlines(), theirs, ["", *theirs[:-1]], strict=True)
        if "R-hat" not in f"{before if its.startswith('    ') else ''}{its}"
        for (one, _), (other, error) in zip(_numbers(line), _numbers(its), strict=True)
        if abs(one - other) > (share or _share(its, error)) * max(abs(one), abs(other))
    ]


def _share(line: str, error: bool) -> float:
    """Share of a number by which it may be off."""
    if not _POSTERIOR.search(line):
        return NEAR
    return ERROR if error else SAMPLED


def _numbers(text: str) -> list[tuple[float, bool]]:
    """Numbers in the order they stand, and whether each is a Monte Carlo error."""
    return [
        (float(re.sub(r"[,\u00a0]", "", found[0])), text[: found.start()].rstrip().endswith("±"))
        for found in _NUMBER.finditer(text)
    ]
