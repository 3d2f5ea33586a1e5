"""Numbers of the sampler of latent classes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Priors:
    """Priors of latent classes, and starts of their chains.

    Parameters
    ----------
    many_lists : int, lists
        Lists from which the shares of lists have a prior of small values, and chains start with all classes.
        Scored in benchmarks/results/calibration_by_simulation.md.
    flat : int, lists
        Lists whose flat priors draw N down as much as those of many lists may together. Scored in
        benchmarks/results/calibration_by_simulation.md.
    around : tuple of float, probability
        Start of a class: its share on the lists of its first person, and on the others. Scored in
        benchmarks/results/latent_class.md.
    most : float, share
        Start of a chain far out: share of all persons in the first class. Scored in
        benchmarks/results/latent_class.md.
    rarely : float, share
        Share on lists of that class, relative to those listed. Scored in benchmarks/results/latent_class.md.
    """

    many_lists: int = 10
    flat: int = 2
    around: tuple[float, float] = (0.7, 0.03)
    most: float = 0.9
    rarely: float = 0.05


PRIORS = Priors()


@dataclass(frozen=True)
class Tuning:
    """Sampling of latent classes: annealing, chains and tempering.

    Parameters
    ----------
    length : float, logits
        Length of a trajectory: the scale on which N is free to move. Scored in
        benchmarks/results/latent_class.md.
    least_steps : int, steps
        Fewest steps of a trajectory. Scored in benchmarks/results/latent_class.md.
    most_steps : int, steps
        Most steps of a trajectory. Scored in benchmarks/results/latent_class.md.
    cache : int, numbers
        Numbers in the largest array of a block. Convention: what the cache of a processor holds.
    longer : float, times
        Step, over that of the target, from which levels are moved by themselves. Scored in
        benchmarks/results/latent_class.md.
    flattest : float, inverse temperature
        Lowest level of tempering. Scored in benchmarks/results/latent_class.md.
    least_swapped : float, probability
        Acceptance of exchanges between two stages that need no level between them. Scored in
        benchmarks/results/latent_class.md.
    acceptance : float, probability
        Target acceptance rate. Scored in benchmarks/results/latent_class.md.
    gain : float, log step
        Change of the step for the acceptance missed. Scored in benchmarks/results/latent_class.md.
    first_step : float, logits
        First step of annealing. Scored in benchmarks/results/latent_class.md.
    largest_step : float, logits
        Largest step. Scored in benchmarks/results/latent_class.md.
    halvings : int, steps
        Bisections of a power. Convention: rounding of the power.
    populations : int, populations
        Populations that must agree. Convention: four.
    r_hat : float, R-hat
        Largest R-hat of populations that agree. Threshold of the authors (Vehtari 2024).
    size : int, particles
        Particles of a population. Scored in benchmarks/results/latent_class.md.
    least_size : int, particles
        Fewest particles. Scored in benchmarks/results/latent_class.md.
    largest_size : int, particles
        Most particles. Scored in benchmarks/results/latent_class.md.
    common : int, cells
        Cells of all classes beyond which populations are smaller. Scored in
        benchmarks/results/latent_class.md.
    moves : int, trajectories
        Trajectories of a stage of annealing. Scored in benchmarks/results/latent_class.md.
    share : float, share
        Effective share of the particles after a stage. Scored in benchmarks/results/latent_class.md.
    fine : float, share
        The same in fine annealing. Scored in benchmarks/results/latent_class.md.
    rounds : int, rounds
        Rounds of fine annealing. Scored in benchmarks/results/latent_class.md.
    block : int, iterations
        Iterations between checks. Scored in benchmarks/results/latent_class.md.
    target_block : int, iterations
        Iterations of tempering between checks. Scored in benchmarks/results/latent_class.md.
    targets : int, chains
        Chains at the target of each population. Scored in benchmarks/results/latent_class.md.
    followed : int, chains
        Chains at the target that start apart. Scored in benchmarks/results/latent_class.md.
    enough_to_judge : int, draws
        Draws of a row from which disagreement is final. Scored in benchmarks/results/latent_class.md.
    enough_exchanged : int, draws
        The same in tempering. Scored in benchmarks/results/latent_class.md.
    scattered : int, chains
        Chains that start anywhere. Scored in benchmarks/results/latent_class.md.
    sweeps : int, sweeps
        Gibbs sweeps of a chain that starts anywhere. Scored in benchmarks/results/latent_class.md.
    settling : tuple of int, trajectories
        Trajectories before chains are judged to stand elsewhere. Scored in
        benchmarks/results/latent_class.md.
    tail : float, probability
        Tail of the draws beyond which is elsewhere. Scored in benchmarks/results/latent_class.md.
    apart : float, share
        Share of the chains elsewhere that counts as a mode. Scored in benchmarks/results/latent_class.md.
    leaving : int, blocks
        Blocks of tempering in which most chains must have left a mode. Scored in
        benchmarks/results/latent_class.md.
    leaving_block : int, iterations
        Iterations of such a block. Scored in benchmarks/results/latent_class.md.
    naming : int, blocks
        Blocks of tempering before a mode is reported where nothing agrees. Scored in
        benchmarks/results/latent_class.md.
    most_kept : int, draws
        Draws of the parameters that are kept. Convention: two thousand.
    seeded : int, chains
        Chains of a row that start with all classes. Scored in benchmarks/results/latent_class.md.
    adapted : int, trajectories
        Trajectories in which their step is adapted. Scored in benchmarks/results/latent_class.md.
    first_seeded_step : float, logits
        First step of these chains. Scored in benchmarks/results/latent_class.md.
    least_seeded : int, draws
        Fewest draws of a row of these chains. Scored in benchmarks/results/latent_class.md.
    runs : tuple of tuple of float, times the length; one in so many; share
        Of each run of the particles: length of a trajectory, how many particles go on, and the share of draws
        dropped. Scored in benchmarks/results/latent_class.md.
    seeded_length : float, times the length
        Length of a trajectory where classes die out along a ridge. Scored in
        benchmarks/results/latent_class.md.
    enough_seeded : int, draws
        Draws of a row from which their disagreement is final. Scored in benchmarks/results/latent_class.md.
    """

    length: float = 1.6
    least_steps: int = 4
    most_steps: int = 256
    cache: int = 1 << 19
    longer: float = 2.0
    flattest: float = 0.03
    least_swapped: float = 0.15
    acceptance: float = 0.75
    gain: float = 1.2
    first_step: float = 0.3
    largest_step: float = 0.6
    halvings: int = 25
    populations: int = 4
    r_hat: float = 1.01
    size: int = 128
    least_size: int = 32
    largest_size: int = 768
    common: int = 1000
    moves: int = 2
    share: float = 0.5
    fine: float = 0.8
    rounds: int = 3
    block: int = 4
    target_block: int = 6
    targets: int = 16
    followed: int = 8
    enough_to_judge: int = 190
    enough_exchanged: int = 384
    scattered: int = 32
    sweeps: int = 100
    settling: tuple[int, int] = (5, 15)
    tail: float = 0.005
    apart: float = 0.1
    leaving: int = 10
    leaving_block: int = 10
    naming: int = 2
    most_kept: int = 2000
    seeded: int = 16
    adapted: int = 20
    first_seeded_step: float = 0.1
    least_seeded: int = 800
    runs: tuple[tuple[float, int, float], ...] = ((1.0, 1, 0.0), (4.0, 2, 1 / 3))
    seeded_length: float = 3.0
    enough_seeded: int = 1600


TUNING = Tuning()
