"""What estimators share: assumptions, checks, and refusals that say why and what to do."""

from __future__ import annotations

from detcount import arguments
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.words import Message

# What every estimator of abundance assumes.
ASSUMED_BY_ALL = (
    Assumption.CLOSED_POPULATION,
    Assumption.ERROR_FREE_LINKAGE,
    Assumption.NO_OVERCOVERAGE,
)
MOST_DRAWS = 10_000_000
BEYOND_MEMORY = Message(
    "The range ends where the memory of a common machine does, and more would change no digit that is printed"
)


def require_table(estimator: str, table: object) -> None:
    """Refuse a frame, or other data, where a capture table is needed."""
    if not isinstance(table, CaptureTable):
        raise TypeError(
            Message(
                "{estimator}: expected a CaptureTable, got {kind}. Use CaptureTable.from_frame(frame, "
                "lists=[...])",
                estimator=estimator,
                kind=type(table).__name__,
            )
        )


def require_number_of_lists(
    estimator: str, table: CaptureTable, *, exactly: int | None = None, least: int = 2, most: int = 60
) -> None:
    """Decline a table with too few or too many lists, and refuse what is no table."""
    require_table(estimator, table)
    n_lists = table.n_lists
    if exactly is not None and n_lists != exactly:
        raise NotEstimableError(
            estimator,
            Message("needs exactly {needed} lists, got {found}", needed=exactly, found=n_lists),
            Message("Use LogLinear, or merge the lists into {needed}.", needed=exactly)
            if n_lists > exactly
            else Message("Add a list that was made independently."),
            advice=Message("Use a log-linear model, or merge the lists into {needed}.", needed=exactly)
            if n_lists > exactly
            else None,
        )
    if n_lists < least:
        raise NotEstimableError(
            estimator,
            Message("needs at least {needed} lists, got {found}", needed=least, found=n_lists),
            Message("Use Chapman with an odds-ratio sensitivity, or add a list that was made independently."),
        )
    if n_lists > most:
        raise NotEstimableError(
            estimator,
            Message("takes at most {most} lists, got {found}", most=most, found=n_lists),
            Message("Merge lists that share a source (table.merge), or keep the largest (table.keep)."),
            advice=Message("Merge lists that share a source, or keep the largest."),
        )


def require_names_on_every_list(estimator: str, table: CaptureTable) -> None:
    """Decline a table with a list that names nobody."""
    for name, size in table.list_sizes.items():
        if size == 0:
            raise NotEstimableError(
                estimator,
                Message("list {name!r} names nobody", name=name),
                Message("Leave it out: table.drop({name!r}).", name=name),
                advice=Message("Leave it out."),
            )


def require_anybody_shared(estimator: str, table: CaptureTable) -> None:
    """Decline a table in which no two lists share anybody, so that a prior of N would be all there is."""
    if not table.capture_frequencies[1:].any():
        raise NotEstimableError(
            estimator,
            Message("no two lists share anybody, so the data set no upper limit and the prior alone would"),
            Message("Report the persons listed as a floor, or look for names that were spelt differently."),
        )


def checked_odds_ratio(odds_ratio: float) -> float:
    """Give an odds ratio as a float, or say why it is none."""
    return arguments.positive(
        "odds_ratio",
        odds_ratio,
        remedy=Message(
            "1 means independent, 2 that being on one list doubles the odds of being on the other"
        ),
    )
