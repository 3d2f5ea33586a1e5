"""Many chains at once: their scores and numbers carried out, where they begin, and how they move."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from detcount._numerics.batches.likelihood import definition_share, log_earlier, seen_by, verified_shares
from detcount._numerics.batches.model import BatchModel, Floats, Whole
from detcount._numerics.batches.scores import (
    TINY,
    carried_out_of_score,
    chance_of_score,
    fraction,
    sample_prior,
    score_of_carried_out,
    score_of_chance,
)
from detcount._numerics.batches.summing import draw_carried_out, log_factorial, log_survival

__all__ = ["Chains"]

_TRIES = 16  # draws of which each chain begins with one
_PRICE = 5.0  # of a draw whose figures no chance below 1 explains, for each factor e
_LARGEST = 7.0  # scores beyond are nowhere
_LEAST, _MOST = 1e-12, 1 - 1e-12
# What the figures of a series depend on, a row each: shares of delays run out by the last exact figure and by
# the last, log probability of the figures before, verified of the announcement by either, share in the
# definition, chance of being ever verified, and the log of d log(chance) / d score.
_FIRST, _LAST, _EARLIER, _INSIDE, _MORE, _PART, _CHANCE, _SLOPE = range(8)


class Chains:
    """Scores, shape (n, n_scores), and numbers carried out, shape (n, n_batches), of many chains."""

    def __init__(
        self,
        model: BatchModel,
        n: int,
        random: np.random.Generator,
        start: Floats | None = None,
        anew: Sequence[int] = (),
    ) -> None:
        self.model, self.rng, self.n = model, random, n
        self.scores = sample_prior(model, n, random)
        self.number = np.zeros((n, model.n_batches), dtype=np.int64)
        self._series: list[Floats] = [np.empty((8, 0))] * len(model.series)
        if start is not None:
            self._resume(start)
            for batch in anew:
                self._begin(batch)
            return
        for batch in range(model.n_batches):
            self._begin(batch)

    def _resume(self, start: Floats) -> None:
        """Begin at scores of another model, so that only what differs has to move."""
        self.scores[:] = start
        for place in range(len(self.model.series)):
            rows = self._without_chance(place, start)
            score = start[:, self.model.place(place, "chance")]
            chance = chance_of_score(self._prior(place), self.model.unfollowed, score)
            self._set_chance(place, rows, chance, self.scores)
            self._series[place] = rows
        for batch in range(self.model.n_batches):
            self._draw_number(batch)

    def round(self, batches: Sequence[int] | None = None) -> None:
        """Move all chains once, batch by batch or some batches alone, accepted by Metropolis' rule."""
        for batch in range(self.model.n_batches) if batches is None else batches:
            self._draw_number(batch)
            for place in self.model.of_batch(batch):
                self._draw_series(place)
                self._shift_series(place)
                self._shift_series(place)
            self._draw_jointly(batch)
            self._shift_jointly(batch)
            self._shift_jointly(batch)

    def _begin(self, batch: int) -> None:
        """Of several draws of a batch alone, from its prior and as its figures tell, take one by weight."""
        model, random, announced = self.model, self.rng, self.model.announced[batch]
        places, own = model.of_batch(batch), model.scores_of(batch)
        chances = [batch, *(model.place(place, "chance") for place in places)]
        inner = np.linalg.inv(model.correlation[np.ix_(chances, chances)])
        best = np.full(self.n, -np.inf)
        for _ in range(_TRIES):
            trial = sample_prior(model, self.n, random)
            rows = {place: self._without_chance(place, trial) for place in places}
            least = np.max([each[_INSIDE] + each[_MORE] for each in rows.values()], axis=0).astype(np.int64)
            number = random.integers(least, announced + 1)
            log_weight, possible = np.zeros(self.n), np.ones(self.n, dtype=bool)
            for place, each in rows.items():
                chance = self._drawn(place, each, number) / np.maximum(each[_LAST] * each[_PART], TINY)
                possible &= self._set_chance(place, each, np.minimum(chance, 0.999), trial)
                # a chance above 1 is one that the draw of the other scores makes unlikely, and is kept at a
                # price
                log_weight -= _PRICE * np.maximum(np.log(chance), 0.0)
                log_weight += self._given(place, each, number) - self._log_drawn(place, each, number)
            theta = np.clip(random.beta(number + 0.5, announced - number + 0.5), _LEAST, _MOST)
            trial[:, batch], _ = score_of_carried_out(model, theta)
            log_weight += self._log_number(batch, trial, number)
            log_weight -= 0.5 * ((trial[:, chances] @ inner) * trial[:, chances]).sum(axis=1)
            log_weight = np.where(np.isfinite(log_weight), log_weight, -1e9) + random.gumbel(size=self.n)
            taken = log_weight > best
            best[taken] = log_weight[taken]
            self.scores[np.ix_(taken, own)] = trial[np.ix_(taken, own)]
            self.number[taken, batch] = number[taken]
            for place, each in rows.items():
                if not self._series[place].shape[1]:
                    self._series[place] = each
                self._series[place][:, taken] = each[:, taken]

    def _without_chance(self, place: int, scores: Floats) -> Floats:
        """All that the figures of a series depend on, but for the chance of being ever verified."""
        model, series = self.model, self.model.series[place]
        shares = verified_shares(model, place, scores)
        seen = seen_by(model, place, scores, shares)
        exact = np.flatnonzero(~series.at_least)
        rows = np.zeros((8, self.n))
        rows[_FIRST] = shares[:, exact[-1]] if len(exact) else 0.0
        rows[_LAST] = shares[:, -1]
        rows[_EARLIER] = log_earlier(series, shares)
        rows[_INSIDE] = seen.inside
        rows[_MORE] = 0.0 if seen.more is None else seen.more
        rows[_PART] = definition_share(model, place, scores)
        return rows

    def _set_chance(self, place: int, rows: Floats, chance: Floats, scores: Floats) -> NDArray[np.bool_]:
        """Set the chance of being ever verified and its score; False where it is none."""
        prior, unfollowed = self._prior(place), self.model.unfollowed
        possible = chance < _MOST
        score, slope = score_of_chance(prior, unfollowed, np.clip(chance, _LEAST, _MOST))
        scores[:, self.model.place(place, "chance")] = score
        rows[_CHANCE], rows[_SLOPE] = chance_of_score(prior, unfollowed, score), slope
        return possible & (np.abs(score) < _LARGEST)

    def _prior(self, place: int) -> tuple[float, float]:
        """Beta prior of the chance that the monitor of a series ever verifies."""
        a, b = self.model.verification[self.model.series[place].monitor]
        return float(a), float(b)

    def _least(self, batch: int) -> Whole:
        """Releases of a batch that were verified, at least."""
        each = [
            self._series[place][_INSIDE] + self._series[place][_MORE] for place in self.model.of_batch(batch)
        ]
        return np.asarray(np.max(each, axis=0).astype(np.int64))

    def _given(self, place: int, rows: Floats, number: Whole) -> Floats:
        """Log probability of the figures of a series given the number carried out, less the slope."""
        announced = self.model.announced[self.model.series[place].batch]
        inside, rest = rows[_INSIDE], number - rows[_INSIDE]
        possible = rest - rows[_MORE] >= 0
        rest = np.where(possible, rest, 0.0)
        ever = rows[_CHANCE] * rows[_PART]
        p = np.clip(ever * rows[_FIRST], TINY, 1 - 1e-16)
        log = log_factorial(announced, number) - log_factorial(announced, inside)
        log += inside * np.log(p) + rest * np.log1p(-p) - log_factorial(announced, rest)
        if self.model.series[place].at_least[-1]:
            later = fraction(ever * (rows[_LAST] - rows[_FIRST]), 1 - p)
            log += log_survival(rows[_MORE], rest, later)
        return np.where(possible, log + rows[_EARLIER] - rows[_SLOPE], -np.inf)

    def _anchor(self, place: int, rows: Floats, number: Whole) -> tuple[Floats, Floats]:
        """Beta distribution from which the chance of having been verified by the last figure is drawn."""
        inside = rows[_INSIDE] + rows[_MORE]
        if self.model.series[place].at_least[-1]:  # anything above is as likely
            return 0.5 + 0.5 * inside, np.ones(self.n)
        return inside + 0.5, np.maximum(number - inside, 0.0) + 0.5

    def _drawn(self, place: int, rows: Floats, number: Whole) -> Floats:
        """Chance of having been verified by the last figure, drawn as it and the number carried out tell."""
        return np.clip(self.rng.beta(*self._anchor(place, rows, number)), _LEAST, _MOST)

    def _log_drawn(self, place: int, rows: Floats, number: Whole) -> Floats:
        """Log density, per log p, of the chance of having been verified by the last figure."""
        p = np.clip(rows[_CHANCE] * rows[_PART] * rows[_LAST], _LEAST, _MOST)
        a, b = self._anchor(place, rows, number)
        return np.asarray(a * np.log(p) + (b - 1) * np.log1p(-p) - betaln(a, b))

    def _log_number(self, batch: int, scores: Floats, number: Whole) -> Floats:
        """Log binomial of the number carried out over the beta that its chance is drawn from."""
        announced = self.model.announced[batch]
        theta = np.clip(carried_out_of_score(self.model, scores[:, batch]), _LEAST, _MOST)
        _, slope = score_of_carried_out(self.model, theta)
        log = betaln(number + 0.5, announced - number + 0.5) - log_factorial(announced, number)
        log -= log_factorial(announced, announced - number)
        return np.asarray(log + 0.5 * (np.log(theta) + np.log1p(-theta)) - slope)

    def _draw_number(self, batch: int) -> None:
        """Draw the number carried out of a batch from its distribution given the scores."""
        model = self.model
        seen = [
            seen_by(model, place, self.scores, self._series[place][[_FIRST, _LAST]].T, ends=True)
            for place in model.of_batch(batch)
        ]
        chance = carried_out_of_score(model, self.scores[:, batch])
        self.number[:, batch] = draw_carried_out(model.announced[batch], chance, seen, self.rng)

    def _draw_series(self, place: int) -> None:
        """Draw some scores of a series from their prior given all others, its chance as figures tell."""
        model, scores, random = self.model, self.scores, self.rng
        number = self.number[:, model.series[place].batch]
        others = model.scores_of_series(place)[1:]
        trial = scores.copy()
        chosen = _some(self.n, max(len(others), 1), random)
        for column, where in enumerate(others):
            own = model.precision[where, where]
            mean = scores[:, where] - scores @ model.precision[:, where] / own
            anew = mean + random.standard_normal(self.n) / np.sqrt(own)
            trial[:, where] = np.where(chosen[:, column], anew, trial[:, where])
        now, then = self._series[place], self._without_chance(place, trial)
        p = self._drawn(place, then, number)
        possible = self._set_chance(place, then, p / np.maximum(then[_LAST] * then[_PART], TINY), trial)
        log_ratio = self._given(place, then, number) - self._given(place, now, number)
        log_ratio += self._log_drawn(place, now, number) - self._log_drawn(place, then, number)
        log_ratio += self._log_prior_ratio([model.place(place, "chance")], trial)
        self._take(log_ratio, possible, trial, {place: then})

    def _shift_series(self, place: int) -> None:
        """Move the scores of a series along the difference of two chains, its chance making up for it."""
        model, scores, random = self.model, self.scores, self.rng
        number = self.number[:, model.series[place].batch]
        chance, *others = model.scores_of_series(place)
        if not others:
            return
        trial = scores.copy()
        one, two = (scores[random.permutation(self.n)][:, others] for _ in range(2))
        size = random.choice((1.0, 0.5, 0.2, 0.05), self.n)
        change = size[:, None] * (one - two) + 1e-4 * random.standard_normal(one.shape)
        trial[:, others] += np.where(_some(self.n, len(others), random), change, 0.0)
        now, then = self._series[place], self._without_chance(place, trial)
        p = now[_CHANCE] * now[_PART] * now[_LAST]
        p *= (then[_INSIDE] + then[_MORE] + 0.5) / (now[_INSIDE] + now[_MORE] + 0.5)
        possible = self._set_chance(place, then, p / np.maximum(then[_LAST] * then[_PART], TINY), trial)
        log_ratio = self._given(place, then, number) - self._given(place, now, number)
        log_ratio += self._log_prior_ratio([chance, *others], trial)
        self._take(log_ratio, possible, trial, {place: then})

    def _draw_jointly(self, batch: int) -> None:
        """Draw any number carried out that is possible, and all chances as it and the figures tell."""
        announced, least = self.model.announced[batch], self._least(batch)
        then = self.rng.integers(least, announced + 1)
        trial, rows, possible = self.scores.copy(), {}, np.ones(self.n, dtype=bool)
        log_ratio = np.zeros(self.n)
        for place in self.model.of_batch(batch):
            now, rows[place] = self._series[place], self._series[place].copy()
            p = self._drawn(place, now, then)
            chance = p / np.maximum(now[_LAST] * now[_PART], TINY)
            possible &= self._set_chance(place, rows[place], chance, trial)
            log_ratio += self._log_drawn(place, now, self.number[:, batch])
            log_ratio -= self._log_drawn(place, rows[place], then)
        self._take_number(batch, then, log_ratio, possible, trial, rows)

    def _shift_jointly(self, batch: int) -> None:
        """Move the number carried out along the difference of two other chains, all chances against it."""
        announced, least, random = self.model.announced[batch], self._least(batch), self.rng
        number = self.number[:, batch]
        size = random.choice((1.0, 0.5, 0.2), self.n)
        change = size * (number[random.permutation(self.n)] - number[random.permutation(self.n)])
        then = number + np.rint(change + 2 * random.random(self.n) - 1).astype(np.int64)
        possible = (then >= least) & (then <= announced)
        then = np.clip(then, least, announced)
        trial, rows = self.scores.copy(), {}
        for place in self.model.of_batch(batch):
            rows[place] = self._series[place].copy()
            chance = self._series[place][_CHANCE] * (number + 0.5) / (then + 0.5)
            possible &= self._set_chance(place, rows[place], chance, trial)
        self._take_number(batch, then, np.zeros(self.n), possible, trial, rows)

    def _take_number(
        self,
        batch: int,
        then: Whole,
        log_ratio: Floats,
        possible: NDArray[np.bool_],
        trial: Floats,
        rows: dict[int, Floats],
    ) -> None:
        """Accept a number carried out, its chance drawn as the number tells, and all chances of monitors."""
        announced = self.model.announced[batch]
        now = self.number[:, batch].copy()
        drawn = self.rng.beta(then + 0.5, announced - then + 0.5)
        trial[:, batch], _ = score_of_carried_out(self.model, np.clip(drawn, _LEAST, _MOST))
        log_ratio += self._log_number(batch, trial, then) - self._log_number(batch, self.scores, now)
        for place, each in rows.items():
            log_ratio += self._given(place, each, then) - self._given(place, self._series[place], now)
        moved = [batch, *(self.model.place(place, "chance") for place in rows)]
        log_ratio += self._log_prior_ratio(moved, trial)
        possible &= np.abs(trial[:, batch]) < _LARGEST
        taken = self._take(log_ratio, possible, trial, rows)
        self.number[taken, batch] = then[taken]

    def _log_prior_ratio(self, places: list[int], trial: Floats) -> Floats:
        """Log ratio of the prior densities where some scores differ."""
        change = trial[:, places] - self.scores[:, places]
        pull = self.scores @ self.model.precision[:, places]
        inner = self.model.precision[np.ix_(places, places)]
        found: Floats = -(change * pull).sum(axis=1) - 0.5 * ((change @ inner) * change).sum(axis=1)
        return found

    def _take(
        self, log_ratio: Floats, possible: NDArray[np.bool_], trial: Floats, rows: dict[int, Floats]
    ) -> NDArray[np.bool_]:
        """Accept by Metropolis' rule, in place; say where."""
        taken = possible & (np.log(self.rng.random(self.n)) < log_ratio)
        self.scores[taken] = trial[taken]
        for place, each in rows.items():
            self._series[place][:, taken] = each[:, taken]
        return taken


def _some(n: int, size: int, random: np.random.Generator) -> NDArray[np.bool_]:
    """Which scores a chain moves: one of them, or each with an even chance."""
    one = np.arange(size) == random.integers(size, size=n)[:, None]
    return np.where(random.random((n, 1)) < 0.5, one, random.random((n, size)) < 0.5)
