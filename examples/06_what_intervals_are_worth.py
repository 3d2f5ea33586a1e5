# %% [markdown]
# # What intervals are worth: populations whose size is known
#
# "12,928 persons (95% interval 8,952 to 20,965)." What does the 95% promise? That of a hundred intervals made
# like this one, about 95 hold the true number. Nobody can check that on the table at hand: the true number is
# what we do not know. But there are tables for which we do know it, and this notebook looks at those.
#
# The trick is old (Hook and Regal used it for registers of disease). Take four lists. **The members of one
# list are a population whose size you can count.** The other three lists, cut to these members, are real
# lists of a real population: some people are on none of the three, and the lists depend on each other as
# real lists do. Hide the size, estimate it from the three, and compare.

# %%
import matplotlib.pyplot as plt
import numpy as np

import detcount as dc
from detcount import abundance, calibration

table = dc.datasets.load("kosovo")
exhumed = calibration.cases_from(table, dataset="Kosovo")[0]
print(exhumed.name, "names", exhumed.truth, "persons")
print(exhumed.table)

# %% [markdown]
# 1,910 persons are on the list of exhumations. The three lists of interviews name 779 of them. What do
# standard estimators make of the three lists?

# %%
for estimator in (abundance.LogLinear(), abundance.ChaoLowerBound(), abundance.DecomposableGraphs()):
    print(estimator.fit(exhumed.table))

# %% [markdown]
# All three intervals are narrow, and 1,910 is in none of them.
#
# ## 1. Not one case, but 106
#
# The library ships 106 such cases, 84 of three lists or more, in groups of public tables that share people.
# They are people killed in Kosovo, killed or disappeared in Peru, children recruited in Colombia, potential
# victims of trafficking in the United Kingdom and in the Netherlands, people who use drugs, patients.

# %%
cases = dc.datasets.known_truth()
training = calibration.training_cases()
print(training)
for group in training.groups:
    chosen = [case for case in cases if case.group == group]
    sizes = sorted(case.truth for case in chosen)
    print(f"{group:22} {len(chosen)} cases of {sizes[0]:,} to {sizes[-1]:,} persons")

# %% [markdown]
# `calibration.evaluate` holds an estimator to all of them. *Cover* is the share of truths inside the
# interval, the average over data sets, each counted once. The *score* adds to the width (of log N) forty
# times the distance by which the truth is missed. So neither a narrow interval that misses nor a wide one
# that says nothing does well; lower is better. *Bias* is the median of log(estimate / truth).


# %%
def line(name, result):
    return (
        f"{name:38} {result.cover(0.5):5.2f} {result.cover(0.95):5.2f} {result.score(0.95):6.2f} "
        f"{result.width(0.95):6.2f} {result.bias:+6.2f}"
    )


plain = {
    "independent lists": abundance.LogLinear(),
    "Chao's lower bound": abundance.ChaoLowerBound(),
    "average over decomposable graphs": abundance.DecomposableGraphs(),
}
results = {name: calibration.evaluate(estimator, ranked=False) for name, estimator in plain.items()}
print(f"{'':38} {'50%':>5} {'95%':>5} {'score':>6} {'width':>6} {'bias':>6}")
for name, result in results.items():
    print(line(name, result))

# %% [markdown]
# Read the third column: intervals that say 95% cover the truth in well under half of the tables. On 28 of
# these cases the packages in common use covered it 53 to 66 times in a hundred (`docs/calibration.md`). The
# bias says how: nearly all are **too low**.
#
# The reason is no error in the programs. A person who is on one list is more likely to be on another:
# because they come from a town where people ask, because the family is not afraid. Part of this shows in
# the overlaps. The part that concerns people **on no list** cannot show in any overlap, and no model of the
# listed can find it.
#
# ## 2. What can be learned
#
# But if estimators miss to the same side again and again, by factors that resemble each other, the factor
# can be learned. For each case: how many people were really on no list, divided by how many the estimate
# found?

# %%
errors = dc.Calibrated(base=calibration.FOUR_FAMILIES).fit(table)
factors = errors.detail.to_frame()
factors["factor"] = np.exp(factors["discrepancy"])
print(factors.sort_values("factor").iloc[:: len(factors) // 5].round(2).to_string(index=False))

# %%
figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
answered = [case for case in training.cases if case.name in errors.detail.discrepancies]
order = {group: position for position, group in enumerate(reversed(training.of_more_lists.groups))}
heights = [order[case.group] for case in answered]
axes.axvline(0, color="0.6", linewidth=1)
axes.scatter(factors["discrepancy"], heights, color="C0", alpha=0.75, label="a case")
for level, width in ((0.95, 2), (0.5, 6)):
    interval = errors.interval(level)
    ends = [
        np.log((limit - errors.n_observed) / errors.detail.n_unobserved)
        for limit in (interval.low, interval.high)
    ]
    axes.plot(
        ends, [-1, -1], color="C1", linewidth=width, solid_capstyle="butt", label=f"{level:.0%} of new cases"
    )
axes.set_yticks([*order.values(), -1], [*order, "a new data set"])
axes.set_xticks(np.log([0.5, 1, 2, 4, 8]), ["half", "as many", "twice", "4 times", "8 times"])
axes.set_xlabel("people on no list: truth compared with the estimate")
axes.set_title("Most estimates of people on no list fall short", loc="left", fontsize=11)
axes.spines[["top", "right", "left"]].set_visible(False)
axes.tick_params(left=False)
figure.legend(frameon=False, loc="outside lower center", ncols=3, fontsize=9)
plt.show()

# %% [markdown]
# Each point is a case: the base (four estimators, one of each family, taken together) was too low by this
# factor. The orange bar is what `Calibrated(base=...)` makes of them for a data set that it has not seen:
# half of new cases should lie in the thick part, 95% in the thin one. It is wide, because eleven groups of
# data sets are few, and a twelfth may differ from all of them.
#
# The factors say how far, and nothing of why. But a case of known size has *all* cells, that of the
# people on no list too, and so shows how its lists depend on each other: every pair, every three, and the
# interaction of all lists together that no table of listed people can show. What sizes such interactions
# have, the cases teach as well. The same log-linear model then asks the table at hand: which numbers of
# people on no list make its interactions look like those?

# %%
estimate = dc.Calibrated().fit(table)
sizes = estimate.detail.interactions.sizes
print(f"odds ratio of two lists: {np.exp(sizes.mean):.1f} in the middle,")
low, high = np.exp(sizes.mean + np.array([-1, 1]) * sizes.pairs)
print(f"two thirds of pairs from {low:.1f} to {high:.1f}")
for name, each in (("errors", errors), ("interactions", estimate)):
    print(f"{name:12} {each}")

# %% [markdown]
# `Calibrated()` takes the interactions: on cases that had taught nothing they did better than the errors,
# and better than both in equal parts.
#
# ## 3. Does it hold?
#
# Not if we ask the cases that taught it. So each group of data sets is predicted from the **other** groups
# only; `evaluate` sees to that by itself.

# %%
results["calibrated"] = calibration.evaluate(dc.Calibrated(), ranked=False)
print(f"{'':38} {'50%':>5} {'95%':>5} {'score':>6} {'width':>6} {'bias':>6}")
for name in ("independent lists", "average over decomposable graphs", "calibrated"):
    print(line(name, results[name]))

# %%
figure, panels = plt.subplots(1, 2, figsize=(8, 5.6), sharey=True, layout="constrained")
for axes, name in zip(panels, ("independent lists", "calibrated"), strict=True):
    axes.axvline(1, color="0.3", linewidth=1)
    for height, case in enumerate(reversed(results[name].answered)):
        low, high = np.array(case.limits[-1]) / case.truth
        inside = low <= 1 <= high
        axes.plot([low, high], [height, height], color="C0" if inside else "C3", linewidth=2)
        axes.plot(case.point / case.truth, height, "o", color="C0" if inside else "C3", markersize=4)
    held = sum(case.limits[-1][0] <= case.truth <= case.limits[-1][1] for case in results[name].answered)
    axes.set_xscale("log")
    axes.set_xticks([0.25, 0.5, 1, 2, 4], ["1/4", "1/2", "truth", "2", "4"])
    axes.minorticks_off()
    axes.set_xlim(0.1, 14)
    axes.set_title(f"{name}: {held} of {results[name].n_answered} cover the truth", loc="left", fontsize=11)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(left=False)
panels[0].set_yticks([])
panels[0].set_ylabel("cases")
figure.supxlabel("estimate and 95% interval, as multiples of the truth", fontsize=10)
plt.show()

# %% [markdown]
# The intervals on the right are far longer. **That is their honest length.** The short ones on the left are
# short because they leave out the largest part of what is not known.
#
# Of these cases the calibrated 95% intervals cover nine in ten if every group counts the same, and those that
# they miss lie above: lists of opioid users, and victims whom hardly any list names.
#
# ## 4. On the table at hand

# %%
print(estimate)
for level in (0.5, 0.8, 0.95):
    print(estimate.interval(level))
print(*estimate.notes, sep="\n")
print(*estimate.assumptions, sep="\n")

# %% [markdown]
# The last assumption carries the result: the people and lists at hand are like those of the training cases in how far
# standard estimators miss, and in how strongly lists depend on each other. Which lists do is not assumed.
#
# ## 5. Where it fails
#
# That assumption can be false. Most training cases have lists that overlap little. Here is an invented
# population in two classes, of which one is on hardly any list, and in which the other is on nearly all:
# the overlaps are large, and the base finds almost nobody missing.

# %%
invented = calibration.cases_from(dc.datasets.load("lcm_sim1_expected"), dataset="invented")
for case in invented[:3]:
    print(f"{case.truth} persons;", dc.Calibrated().fit(case.table))

# %% [markdown]
# Two of the three intervals are narrow, and miss. Calibration shifts and widens; it does not see a class of
# people whom all lists avoid. The people on *no* list at all may be such a class. Also the other way round:
# where lists really are independent, a calibrated interval is several times wider than it need be.

# %%
from detcount import simulate

population = simulate.population(2000, [0.3, 0.12, 0.22, 0.08], simulate.Independent(), seed=4)
print(population.truth, "persons, independent lists")
print(abundance.LogLinear().fit(population.table))
print(dc.Calibrated().fit(population.table))

# %% [markdown]
# `docs/coverage.md` has such figures for every estimator and many kinds of populations.
#
# ## 6. Cases of your own
#
# If you have a table of four lists or more from people and lists like yours, you have cases: `cases_from`
# makes them. Add them to the training cases, and give tables of the same people one `group`, so that an evaluation
# leaves them out together.

# %%
mine = calibration.cases_from(dc.datasets.load("duck"), dataset="own", group="own")
print(
    f"{len(mine)} cases;",
    "the first has",
    mine[0].truth,
    "members,",
    mine[0].table.n_observed,
    "on other lists",
)
larger = training.with_cases(mine)
print(larger)

# %% [markdown]
# (They are ducks, seen in several years: a stand-in for a table of yours.) How would the training cases that ship
# have done on them? Named as `training`, they are what is learned from, and `mine` are judged:

# %%
outside = calibration.evaluate(dc.Calibrated(training=training), calibration.TrainingCases("own", mine))
print(line("on cases of one's own", outside))

# %% [markdown]
# Five of six truths are covered, and the score is poor: they are not like the training cases. So let them teach. The
# interval for the table at hand uses the larger set of cases:

# %%
print(dc.Calibrated(training=larger).fit(table))
print(dc.Calibrated(training=larger).fit(table).notes[0])

# %% [markdown]
# The data set at hand must not teach its own interval: Kosovo's cases are in the training cases that ship, and to
# judge Kosovo honestly they are left out:

# %%
print(dc.Calibrated(training=training.without("Kosovo")).fit(table))

# %% [markdown]
# ## What to take from this
#
# - A 95% interval of a standard method on real lists covers the truth a good half of the time. Print it
#   beside the others, never alone.
# - A calibrated interval covers the truth about as often as it says **on lists like those of the training cases**, and
#   says so.
# - It is wide. If a decision needs a narrower one, what is missing is another list, not another model.
# - The floor, how many are listed, needs none of this.
