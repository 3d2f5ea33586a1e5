"""Why `IdentifiedBy` declines, and what it tells the reader."""

from __future__ import annotations

from detcount.abundance.identification.choices import NAME, Dirichlet, ObservedModel
from detcount.abundance.identification.posterior import IdentifiedByDetail
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.words import Message

LEAST_KEPT = 0.01
_LEAST_EFFECTIVE = 100
_LEAST_SHARE = 0.0005  # a share below it would be printed as none
_ROUGH = 1000


def require_end(order: float) -> None:
    """Decline where the posterior of N has no sum."""
    if order <= 0:
        raise NotEstimableError(
            NAME,
            Message("the posterior of N has no end: with every N alike beforehand, no overlap bounds it"),
            Message("Take prior=InverseN(), or state what is known of N with NegativeBinomial."),
            advice=Message(
                "Take a prior that falls with the total, or state what is known of it beforehand."
            ),
        )


def require_enough(kept_share: float, effective: float) -> None:
    """Decline where hardly a draw is left, or hardly one that counts."""
    if kept_share < LEAST_KEPT:
        raise NotEstimableError(
            NAME,
            Message(
                "{share:.1%} of the draws leave a negative number of persons on no list: the other "
                "lists name more persons than the pair allows",
                share=1 - kept_share,
            ),
            Message("State a greater odds ratio with its reason, or choose another pair."),
        )
    if effective < _LEAST_EFFECTIVE:
        raise NotEstimableError(
            NAME,
            Message(
                "the prior of N contradicts the data under this assumption: all the draws together are "
                "worth {effective:.0f}",
                effective=effective,
            ),
            Message("Widen the prior, or change the assumption that ties the unlisted to the listed."),
        )


def notes_of(
    detail: IdentifiedByDetail, observed: ObservedModel, n_draws: int, table: CaptureTable, order: float
) -> tuple[str, ...]:
    """What a reader must know."""
    notes = []
    if detail.discarded_share > 0:
        notes.append(
            Message(
                "{share:.1%} of the draws of the observed histories left a negative number of persons "
                "on no list and were discarded: so far the pair and the other lists disagree."
                if detail.discarded_share >= _LEAST_SHARE
                else "Less than {least:.1%} of the draws of the observed histories left a negative "
                "number of persons on no list and were discarded: so far the pair and the other lists "
                "disagree.",
                share=detail.discarded_share,
                least=2 * _LEAST_SHARE,
            )
        )
    if detail.effective_sample_size < min(n_draws, _ROUGH):
        notes.append(
            Message(
                "The draws are worth {effective:,.0f} independent ones: the limits are rough.",
                effective=detail.effective_sample_size,
            )
        )
    if order <= 2:
        notes.append(
            Message(
                "An overlap that the number is divided by is so small that the posterior of N has no "
                "finite mean: the upper limit rests on the prior."
                if order <= 1
                else "An overlap that the number is divided by is so small that the posterior of N has "
                "no finite variance: the upper limit rests on the prior."
            )
        )
    if isinstance(observed, Dirichlet):
        mass = observed.mass * ((1 << table.n_lists) - 1)
        if mass > table.n_observed:
            notes.append(
                Message(
                    "The prior of the observed histories weighs as much as {mass:,.0f} persons, more "
                    "than are listed: state a smaller mass.",
                    mass=mass,
                )
            )
    return tuple(notes)
