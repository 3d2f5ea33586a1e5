# %% [markdown]
# # Who is missing: shares of groups, and totals over strata
#
# Every monitor prints how many of those listed are women, minors or soldiers, and where they are held. These are shares
# of the people *listed*. This notebook asks which share each group has among all, listed or not, how sure that is, and
# what may be added up. It begins with an invented country, where the truth is known, and goes on with real lists whose
# members are counted.

# %%
import pandas as pd

import detcount as dc

# %% [markdown]
# ## 1. Lists that reach some people better than others
#
# Four lists of one invented country. All reach men better than women, and the fourth, of lawyers, hardly reaches minors:

# %%
reach = {
    "men": (3000, [0.30, 0.25, 0.20, 0.15]),
    "women": (900, [0.20, 0.16, 0.15, 0.08]),
    "minors": (400, [0.22, 0.15, 0.18, 0.02]),
}
groups = {
    name: dc.simulate.population(size, chances, dc.simulate.LogitNormal(0.6), seed=number).table
    for number, (name, (size, chances)) in enumerate(reach.items())
}
found = dc.strata.composition(groups)
frame = found.to_frame().set_index("group")[
    ["n_observed", "listed_share", "share_low", "share", "share_high"]
]
truth = {name: size / sum(size for size, _ in reach.values()) for name, (size, _) in reach.items()}
frame.assign(truth=pd.Series(truth)).round(3)

# %%
found.plot()

# %% [markdown]
# With rows of people, `dc.stratify(frame, by="sex", lists=[...])` makes such tables, and on the command line
# `detcount assess people.csv --lists a,b,c --by sex,age` prints this as a section of the report.
#
# The groups add up to the total by construction: each draw of the groups is a draw of the total, shared out.

# %%
print(found.total)
print(f"{sum(found.points.values()):,.0f}")

# %% [markdown]
# ## 2. The same on real lists
#
# The truth commission of Peru matched the names of people killed or disappeared between 1980 and 2000 from six sources.
# What ships with detcount is how many people are on which sources, by who is held responsible and by period. The members
# of one source are a population of known size whose groups are known; the other sources are lists of it.

# %%
strata = {
    f"{who}, {period.replace('_', '-')}": dc.datasets.load(f"peru_{who}_{period}")
    for who in ("STATE", "SHINING_PATH", "OTHER")
    for period in ("1980_84", "1985_89", "1990_2002")
}


def members(table, source):
    """How many the source names, and those of them whom the others name too."""
    rows = table.to_frame()
    rows = rows[rows[source] == 1]
    others = [name for name in table.lists if name != source]
    seen = rows[rows[others].any(axis=1)]
    if seen.empty:
        return rows["count"].sum(), None
    return rows["count"].sum(), dc.CaptureTable.from_frame(
        seen[[*others, "count"]], lists=others, count="count"
    )


judged = []
for source in ("CVR", "DP", "COMISEDH", "CNDDHH", "CEDAP"):
    known = {name: members(table, source) for name, table in strata.items()}
    known = {name: (size, table) for name, (size, table) in known.items() if table is not None}
    answer = dc.strata.composition({name: table for name, (_, table) in known.items()})
    whole = sum(size for size, _ in known.values())
    true = {name: size / whole for name, (size, _) in known.items()}
    judged.append(
        {
            "members of": source,
            "persons": whole,
            "estimate": round(answer.total.point),
            "listed": sum(abs(answer.listed_shares[name] - true[name]) for name in true) / 2,
            "estimated": sum(abs(answer.shares[name] - true[name]) for name in true) / 2,
            "covered": sum(low <= true[name] <= high for name, (low, high) in answer.share_limits().items()),
            "groups": len(true),
        }
    )
pd.DataFrame(judged).round(3)

# %% [markdown]
# `listed` and `estimated` are total variations: the part of all persons who would have to change their group for the shares
# to be right. Estimated shares are nearer to the truth for some sources, for others not, and where the lists miss nearly
# everybody (the members of CEDAP) neither the total nor the shares say so. What was measured over many such populations stands in
# [docs/composition.md](../docs/composition.md).
#
# ## 3. Look at each stratum before you add
#
# One estimator over each stratum by itself. A stratum that has no answer is declined, with its reason:

# %%
names = ("STATE, 1980-84", "STATE, 1985-89", "STATE, 1990-2002", "SHINING_PATH, 1980-84")
fitted = dc.fit_strata(dc.Calibrated(), {name: strata[name] for name in names})
fitted.to_frame().set_index("stratum")[["n_observed", "low", "high", "declined"]].round(0)

# %% [markdown]
# For the Shining Path, whose victims the other organisations hardly named, the limits span a factor of nine, and its note says
# that the table is unlike those learned from. A total over all would hide this: **look at each stratum before you add**.

# %% [markdown]
# ## 4. What may be added, and how
#
# To check a total the truth must be known. In an invented country of twelve regions, people differ in how easily they are
# found, and the lists of each region reach different shares of them:

# %%
regions, truth = {}, 0
for number in range(12):
    size = 400 + 150 * number
    chances = [0.25 + 0.02 * number, 0.30 - 0.01 * number, 0.15, 0.20]
    regions[f"region {number + 1}"] = dc.simulate.population(
        size, chances, dc.simulate.LogitNormal(0.8), seed=number
    ).table
    truth += size

fitted = dc.fit_strata(dc.Calibrated(), regions)
sums = fitted.to_frame()[["low", "high"]].sum()
print(fitted.total())
print(f"sum of the limits: {sums['low']:,.0f} to {sums['high']:,.0f}")
print(f"truth: {truth:,}")

# %% [markdown]
# The sum of the low limits is no low limit of the total: not every region is low at once. Nor does each region err for
# itself: a method that misses in one stratum of a source tends to miss in the others, in the same direction. How far was
# learned from strata whose size is known, and the total goes with it. An estimator whose shared errors nobody has measured
# gets two totals, one that takes each error for itself and one that takes them all as one:

# %%
print(dc.fit_strata(dc.abundance.LogLinear(), regions).total())

# %% [markdown]
# Both are narrow, and both are far too low: **more strata do not mend what every stratum gets wrong.**
#
# ## 5. Two periods
#
# What two tables have in common of their errors cancels in a difference. A second year, in which more women are held:

# %%
later = dict(groups)
later["women"] = dc.simulate.population(1800, reach["women"][1], dc.simulate.LogitNormal(0.6), seed=9).table
change = found.difference(dc.strata.composition(later))
print(change)

# %% [markdown]
# ## 6. What to print
#
# Shares with their limits, and those of the listed beside them; the total with an interval of its own; which groups were taken
# together as few are listed of them; how groups were cut, decided before any estimate was seen.

# %%
print(found.sentence())
