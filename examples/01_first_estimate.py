# %% [markdown]
# # A first estimate: from lists to a sentence that can be printed
#
# Between March and June 1999 thousands of people were killed in Kosovo. Three organisations (ABA/CEELI,
# OSCE, Human Rights Watch) interviewed refugees and witnesses, each in its own places and at its own time,
# and wrote down names. A fourth list (EXH) comes from exhumations. None of them has everybody. Researchers
# matched the names; what is used here is only the table that they published: how many persons are on which
# lists. No name is in it.
#
# The question is the one for lists of detained people too: **how many were there in all, and how sure can
# we be?**
#
# *Hay una versión en español: `01_una_primera_estimacion.ipynb`.*

# %%
import detcount as dc

about = dc.datasets.describe("kosovo")
print(about.what)
print(about.source)
print(*about.caveats, sep="\n")

# %% [markdown]
# ## 1. From a frame to a table
#
# Your data will be a frame with a row for each person, or, as here, a row for each combination of lists
# with a count. A column for each list says 0 or 1.

# %%
frame = dc.datasets.load("kosovo").to_frame()
frame.head()

# %%
table = dc.CaptureTable.from_frame(frame, lists=["EXH", "ABA", "OSCE", "HRW"], count="count")
table

# %% [markdown]
# `from_frame` refuses what cannot be right: a 2, a missing value, a person on no list, a combination that
# stands twice. It never mends data in silence. A row a person gives the same table:

# %%
persons = frame.loc[frame.index.repeat(frame["count"]), ["EXH", "ABA", "OSCE", "HRW"]]
print(dc.CaptureTable.from_frame(persons, lists=["EXH", "ABA", "OSCE", "HRW"]) == table)

# %% [markdown]
# 4,400 persons are on at least one list. That is the **floor**: if the names were matched well it needs no
# model.
#
# ## 2. Look at the overlaps
#
# Everything else comes from the overlaps. How much of each list do the others know?

# %%
print(dc.diagnose.list_summary(table))

# %%
print(dc.diagnose.sample_coverage(table))

# %% [markdown]
# More than half of the persons on a list are, on average, on no other. The lists are far from naming
# everybody.
#
# Do the lists depend on each other? Among the persons on some other list, being on one of a pair goes with
# being on the other, for nearly every pair:

# %%
print(dc.diagnose.pairwise_odds_ratios(table))

# %% [markdown]
# Odds ratios above 1 are what one expects: some places and some killings were known to everybody, others to
# nobody. An estimate that takes the lists as independent will be **too low**.
#
# ## 3. One estimator by hand
#
# Two lists, taken as independent:

# %%
two = dc.abundance.Chapman().fit(table.keep(["EXH", "OSCE"]))
print(two)

# %% [markdown]
# The interval is narrow, and says only what chance does. What the number assumes stands with it:

# %%
print(*two.assumptions, sep="\n")

# %% [markdown]
# With all four lists the dependence can be put into a log-linear model. First without any, and where it
# fits badly:

# %%
independent = dc.abundance.LogLinear().fit(table)
print(independent)
print(dc.diagnose.residuals(independent, table))

# %% [markdown]
# That model expects 86 persons on EXH, ABA and OSCE and not on HRW; there are 181. Now all 113 hierarchical
# models are compared, and the best by BIC is taken. The choice is made again in every one of 1,000
# resamples, so that the interval holds its uncertainty too:

# %%
selected = dc.abundance.SelectedLogLinear().fit(table)
print(selected)
print(*selected.notes, sep="\n")

# %%
for model in selected.detail.models[:4]:
    print(f"{model.formula:14} BIC {model.criterion:6.2f}   {model.point:8,.0f} persons")

# %% [markdown]
# The study of 2002 came to this number too, 10,356 people (9,002 to 12,122). But look at the table: the
# second and the third model fit as well, within one unit of BIC, and say 12,741 and 18,393. The listed
# persons cannot decide between them. What differs between these models is what they say of persons on no
# list.
#
# ## 4. Everything side by side
#
# `assess` runs the families of estimators, says which decline and why, and gives a verdict. First among them
# is a calibrated interval. It was learned from populations whose size is known: there the 95% intervals of
# the methods in common use cover the truth about half of the time, because real lists depend on each other in
# ways that no table of listed persons shows. The calibrated one is as wide as it has to be to cover it.

# %%
assessment = dc.assess(table, claim=20_000)
print(assessment)

# %%
assessment.plot()

# %% [markdown]
# ## 5. What the disagreement means
#
# - The models that take lists as independent, and the lower bounds, stand lowest. The odds ratios said that
#   they would.
# - The methods that claim a number are less than a factor of 2 apart, but their intervals go from below
#   8,000 to above 30,000. The shaded strips show where the Bayesian methods put their probability: each is
#   sure of itself, and they are sure of different things.
# - Sample coverage is below 55%. At that coverage most of what an estimate adds rests on its model, not on
#   the lists.
# - The calibrated interval goes from 9,000 to 21,000: its upper limit is more than twice the lower. At this
#   coverage a number from its middle would say more than is known, so the report leaves it out.
#
# So the verdict is a **range**, not one number: the limits of the calibrated interval. It assumes that these
# people and lists are like the known ones in how far standard methods miss, and nothing on which lists
# depend on which.
#
# Could it have been 20,000? By the model that BIC chooses it takes a dependence among all the lists together,
# which nobody can see, beyond the dependence that the model has already:

# %%
print(assessment.sensitivity.tipping)

# %% [markdown]
# Odds ratios of that size are seen between several pairs of these lists, and 20,000 is inside the calibrated
# interval. It cannot be ruled out by the lists; whoever says 20,000 has to say why the dependence should be
# so strong, and whoever says 10,000 why there should be none.
#
# ## 6. The sentence

# %%
print(assessment.sentence())

# %%
print(assessment.sentence(lang="es"))

# %% [markdown]
# ## 7. The record, and what to cite
#
# The same data, version and seed give the same number next year. The digest says which data these were.

# %%
record = selected.record()
print(record["estimator"], "| seed", record["seed"], "| data", record["data_sha256"][:16])

# %%
print(selected.cite())

# %% [markdown]
# `assessment.to_html("report.html", lang="es")` writes all of this as one page that can be sent. Which
# estimator when, and what the verdicts mean: [docs/choosing.md](../docs/choosing.md). What each assumption
# means for lists of detained people: [docs/assumptions.md](../docs/assumptions.md).
