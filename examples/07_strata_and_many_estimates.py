# %% [markdown]
# # Strata and many estimates: a total is not a sum
#
# A total over strata is asked for everywhere: by region, by prison, by who is held responsible. It is where many
# mistakes are made. This notebook fits many tables at once, first real ones, where one stratum shows what strata can
# hide, then invented ones, where the truth is known and a total can be checked.
#
# The real ones are of the truth commission of Peru, which matched the names of people killed or disappeared between
# 1980 and 2000 from six sources. What ships with detcount is how many people are on which sources, by who is held
# responsible and by period. No name is in it.

# %%
# %matplotlib inline
import pandas as pd

import detcount as dc

about = dc.datasets.describe("peru_SHINING_PATH_1980_84")
print(about.source)
print(*about.caveats, sep="\n")

# %% [markdown]
# ## 1. A table for each stratum
#
# With rows of people, `dc.stratify(frame, by="region", lists=[...])` makes one table a stratum. Here the tables are there
# already: the years 1980 to 1984, by who is held responsible.

# %%
strata = {
    "state": dc.datasets.load("peru_STATE_1980_84"),
    "Shining Path": dc.datasets.load("peru_SHINING_PATH_1980_84"),
    "others": dc.datasets.load("peru_OTHER_1980_84"),
}
for name, table in strata.items():
    coverage = dc.diagnose.sample_coverage(table).chao_tsay
    print(f"{name:13} {table.n_observed:5,} listed, sample coverage {coverage:.0%}")

# %% [markdown]
# ## 2. One estimator over all of them
#
# A stratum that has no answer is declined, with its reason, and nothing stops. The third period of the same table, for one:

# %%
third = {"state, 1990 to 2002": dc.datasets.load("peru_STATE_1990_2002")}
print(dc.fit_strata(dc.abundance.ChaoLowerBound(), {**strata, **third}))

# %% [markdown]
# Now the interval that `assess` recommends, for the same strata:

# %%
calibrated = dc.fit_strata(dc.Calibrated(), strata)
print(calibrated)

# %% [markdown]
# For the state and for others the two agree. For the Shining Path they contradict each other: a *lower bound* of 50,000,
# and an interval that ends at 22,000. At least one of them is wrong, and the lists say which should be trusted: neither.
# The organisations that kept most of the lists did not work where the Shining Path killed, and nearly nobody is on two:

# %%
print(dc.diagnose.list_summary(strata["Shining Path"]))

# %% [markdown]
# (The sample coverage of 65%, as good as that of the state, is a mean over lists: three of them, with 18 people in all, are known
# wholly to the others.) The lower bound multiplies what a handful of people on two lists say. The calibrated interval takes it that
# lists meet as they do elsewhere, and here they do not; its note says that the table is unlike those it learned from ([docs/calibration.md](../docs/calibration.md) names these strata among its misses). The honest
# entry in a table of strata is the floor: 2,448 listed, no estimate. A total over all three would hide this, and that is the
# first lesson: **look at each stratum before you add**.
#
# ## 3. What may be added, and how
#
# To check a total the truth must be known. In an invented country of twelve regions, people differ in how easily they are
# found, and the lists of each region reach different shares of them:

# %%
regions, truth = {}, 0
for number in range(12):
    size = 400 + 150 * number
    reach = [0.25 + 0.02 * number, 0.30 - 0.01 * number, 0.15, 0.20]
    invented = dc.simulate.population(size, reach, dc.simulate.LogitNormal(0.8), seed=number)
    regions[f"region {number + 1}"], truth = invented.table, truth + size

fitted = dc.fit_strata(dc.Calibrated(), regions)
frame = fitted.to_frame().set_index("stratum")[["n_observed", "low", "high"]].round(0)
frame["high / low"] = (frame["high"] / frame["low"]).round(1)
frame

# %%
fitted.plot()

# %% [markdown]
# The sum of the low limits is no low limit of the total: not every region is low at once. Nor does each region err for
# itself: a method that misses in one stratum of a source tends to miss in the others, in the same direction. How far was
# learned from strata whose size is known, and the total goes with it:

# %%
total = fitted.total()
print(total)
sums = frame[["low", "high"]].sum()
print(f"sum of the limits: {sums['low']:,.0f} to {sums['high']:,.0f}")
print(f"truth: {truth:,}")

# %% [markdown]
# An estimator whose shared errors nobody has measured gets two totals: one that takes each error for itself and one that takes
# them all as one. The truth about them lies between, and both are printed. Independent lists, in the same regions:

# %%
print(dc.fit_strata(dc.abundance.LogLinear(), regions).total())

# %% [markdown]
# Both totals are narrow, and both are far too low: people differ, every region errs in the same direction, and adding up makes
# the error surer. **More strata do not mend what every stratum gets wrong.**
#
# ## 4. Strata or one table?
#
# Regions with lists of different reach, put into one table, make lists depend on each other. Strata take that part away, and
# their price is width: the smaller a stratum, the fewer people on two lists. Where reach differs as little as here one table
# does as well, and the two should not be far apart. Where they are, say so, and ask why:

# %%
rows = pd.concat([table.to_frame() for table in regions.values()])
lists = list(next(iter(regions.values())).lists)
one = dc.CaptureTable.from_frame(
    rows.groupby(lists, as_index=False)["count"].sum(), lists=lists, count="count"
)
print("one table:", dc.Calibrated().fit(one))
print("strata:   ", total)

# %% [markdown]
# ## 5. Hundreds of strata
#
# Many strata are one call too. In these lists are independent and people alike, so that the first total is the right one.
# The call gives the same bits with any number of workers ([docs/scale.md](../docs/scale.md)):

# %%
places = {
    f"place {number:03d}": dc.simulate.population(300 + number, [0.35, 0.25, 0.2], seed=number).table
    for number in range(200)
}
many = dc.fit_strata(dc.abundance.LogLinear(), places, n_jobs=2)
print(many.total())
print("truth:", sum(300 + number for number in range(200)))

# %% [markdown]
# ## 6. What to print
#
# The strata with their listed people and limits, and the floor alone where lists do not meet; the total with an interval of its
# own; which strata had no answer, and why; how the strata were cut, decided before any estimate was seen.

# %%
print(total.sentence())
