"""Many chains side by side that draw waves, lots, delays and ends of campaigns given published counts."""

from __future__ import annotations

import numpy as np

from detcount._numerics.process.allocation import allocate
from detcount._numerics.process.delays import Reach, draw_excess, move_delay, move_spread
from detcount._numerics.process.exchanges import move_scale, move_speed, rearrange, trade_all
from detcount._numerics.process.register import Array, Register
from detcount._numerics.process.state import GLOBALS, Scales, State, other_family

__all__ = ["Chains"]

_SPEEDS = 2  # lots of which the speed moves in each sweep
_REARRANGED = 10  # pairs of blocks in each sweep


class Chains:
    """Chains, and how far their moves go."""

    def __init__(
        self, data: Register, scales: Scales, n_chains: int, random: np.random.Generator, n_groups: int = 1
    ) -> None:
        self.state = State(data, scales, n_chains, random, n_groups)
        self.reach = Reach(self.state)

    def sweep(self) -> None:
        """Move everything once."""
        state, reach = self.state, self.reach
        draw_excess(state)
        move_delay(state, reach, compensated=True)
        move_delay(state, reach, compensated=False)
        move_spread(state)
        allocate(state, reach)
        for _ in range(_REARRANGED):
            rearrange(state)
        trade_all(state)
        for with_lots in (False, True):
            move_scale(state, with_lots=with_lots)
        for _ in range(_SPEEDS):
            move_speed(state)

    def adapt(self) -> None:
        """While warming up: reach and direction of moves, from where the chains are."""
        self.reach.adapt(self.state)

    def other_family(self) -> Array:
        """Log likelihood under the other family of delays, same medians and shapes, less that of this."""
        state = self.state
        exposure = state.exposure_at(state.log, state.slow, other_family(state.scales.family))
        rest = state.rest_of(exposure, state.share, state.background)
        return state.likelihood_of(state.waves_of(exposure, state.size) + rest) - state.likelihood

    def flatter_prior(self) -> Array:
        """Log of the prior of the global parameters to the power 1/2, less that of the whole."""
        state = self.state
        a, b = state.scales.slow
        prior = state.prior(state.log, list(range(len(GLOBALS))))
        return -0.5 * (prior + (a - 1) * np.log(state.slow) + (b - 1) * np.log1p(-state.slow))

    def snapshot(self) -> dict[str, Array]:
        """What is kept of a sweep, chains last."""
        state = self.state
        return {
            "log": state.log.copy(),
            "slow": state.slow.copy(),
            "size": state.size.copy(),
            "share": state.share.copy(),
            "speed": state.speed.copy(),
            "background": state.background.copy(),
            "ratio": state.ratio.copy(),
            "active": state.active[-1].astype(np.float64),
            "likelihood": state.likelihood.copy(),
            "other": self.other_family(),
            "flatter": self.flatter_prior(),
        }
