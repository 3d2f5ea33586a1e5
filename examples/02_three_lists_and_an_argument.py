# %% [markdown]
# # Three lists and an argument: why one number is not enough
#
# Between October 2023 and June 2024 three lists of people killed by traumatic injury in the Gaza Strip were
# kept apart: the one of the hospitals and their ministry, an online survey that relatives filled in, and
# obituaries in social media. Jamaluddine and others (2025) matched the names and printed how many people are
# on which lists. Only that table is used here; no name is in it.
#
# Whoever has such a table is soon in an argument. One side takes the lists as independent and says a number.
# The other says that the lists depend on each other, and says another one. Both can show a narrow interval.
# This notebook goes through the argument with everything that three lists can say, and ends with the part
# that they cannot.

# %%
import detcount as dc

table = dc.datasets.load("gaza")
about = dc.datasets.describe("gaza")
print(about.source)
print(*about.caveats, sep="\n")
print(table.summary())

# %% [markdown]
# ## 1. What needs no model
#
# 29,271 people are on at least one list, each once, if the names were matched well. That is the floor, and
# nothing said below it can be right. How much of each list do the other two know?

# %%
print(dc.diagnose.list_summary(table))
print(dc.diagnose.sample_coverage(table))

# %% [markdown]
# Two thirds of the people on a list are, on average, on no other. So most of whatever is added to the floor
# will come from a model, and the models differ in one thing: how they think that the lists depend on each
# other.
#
# ## 2. The first voice: independent lists
#
# If being on one list says nothing of being on another, each pair of lists is enough for an answer
# (Chapman's estimator). Three pairs give three answers to the same question:

# %%
for pair in (["hospital", "survey"], ["hospital", "social_media"], ["survey", "social_media"]):
    estimate = dc.abundance.Chapman().fit(table.keep(pair))
    print(f"{' and '.join(pair)}: {estimate}")

# %% [markdown]
# No two of the intervals touch. They say what chance does, and it is not chance that makes them differ: at
# most one of the three pairs is independent. Among the people on the third list one can look:

# %%
print(dc.diagnose.pairwise_odds_ratios(table))

# %% [markdown]
# All three pairs depend, and not in one direction. People on the survey are likelier to be in social media
# too: both come from families who could write, and had a line. Those who reached a hospital are *less* likely
# to be on the survey. Nobody should be surprised; but an estimate with independent lists answers a question
# about some other place.
#
# ## 3. The second voice: let the lists depend
#
# A log-linear model can hold a dependence for each pair of lists. With three lists there are seven observed
# counts and, with all three pairs, seven terms: the model fits whatever was observed, and nothing is left to
# test it with. What it still assumes is that the three together have no dependence of their own.

# %%
all_pairs = (("hospital", "survey"), ("hospital", "social_media"), ("survey", "social_media"))
for pairs in ((), all_pairs[:1], all_pairs[1:2], all_pairs[2:], all_pairs):
    depending = ", ".join(" and ".join(pair) for pair in pairs) or "none"
    print(f"pairs that depend: {depending}\n    {dc.abundance.LogLinear(pairs).fit(table)}")

# %% [markdown]
# From 51,500 to 74,000, every interval narrow, and hardly two of them overlap. BIC chooses the largest of the
# eight models, and with it comes the number that is nearest to the study's own (64,260, made within strata of
# age and sex). But the second model, three units of BIC behind, says 79,671, and the third 53,126:

# %%
selected = dc.abundance.SelectedLogLinear().fit(table)
print(selected)
for model in selected.detail.models[:4]:
    print(f"{model.formula:12} BIC {model.criterion:9.1f}   {model.point:8,.0f} people")

# %% [markdown]
# With 29,271 people chance is small, and still the models next to the best stand 26,000 people apart. What
# no table shows at all is the dependence of the three lists together; every model here says that it is none.
#
# ## 4. The third voice: people differ
#
# Perhaps people differ: some die in a hospital in the city, with many relatives who write; others under a house
# in the north, with nobody left. Then every list misses the same people. The lower bounds of Chao need no form for
# how people differ; what claims a number does:

# %%
for estimator in (
    dc.abundance.ChaoLowerBound(),
    dc.abundance.Heterogeneity("Mth", "Chao"),
    dc.abundance.Heterogeneity("Mth", "Poisson"),
    dc.abundance.Heterogeneity("Mth", "Darroch"),
):
    print(estimator.fit(table))

# %% [markdown]
# Now it is 69,000 to 99,000. The first of them, above 90,000, is called a lower bound; but it is one only if every
# list names the same share of people, and the hospital list is seven times as long as social media. This is why
# what has to hold stands beside every number:

# %%
print(*dc.abundance.ChaoLowerBound().fit(table).assumptions, sep="\n")

# %% [markdown]
# ## 5. The fourth voice: average over the models
#
# A Bayesian looks at all the models with their weights. Here that ends in a posterior with two summits, one near
# 53,000 and one near 79,500, and a mean between them that hardly any model says:

# %%
graphs = dc.abundance.DecomposableGraphs().fit(table)
print(graphs)
print(*graphs.notes, sep="\n")

# %% [markdown]
# ## 6. Everybody in one figure
#
# `assess` lets all of them speak, and adds the interval that was learned from populations whose size is known.
# It is as wide as it had to be there:

# %%
assessment = dc.assess(table)
assessment.plot()

# %%
print(assessment.verdict, "|", assessment.range)
print(assessment.reason)

# %% [markdown]
# The verdict is a range. The families that claim a number stand up to a factor of 1.8 apart, and their own
# intervals are narrow: each would have been printed, alone, as a sure thing.
#
# ## 7. What no list can say
#
# All of it turns on the odds ratio of the three lists together, among people who are on none or on all. It has
# to be assumed. How far does the answer move?

# %%
curve = dc.odds_ratio_curve(selected, [0.25, 0.5, 1, 2, 4])
curve.to_frame().round(0)

# %% [markdown]
# An odds ratio of 2 is nothing unusual between lists of people, and it takes the total from 65,000 to 100,000. One
# of one half takes it to 47,000. Whoever prints 65,000 says: exactly 1. Perhaps it is; the lists do not know.
#
# One more voice goes round in such arguments: some entries do not belong. If a twentieth of a list were people who
# did not die of an injury, and stand on no other list, the total would fall by this much:

# %%
for row in assessment.wrong_entries:
    print(row)

# %% [markdown]
# ## 8. The sentence that survives the argument

# %%
print(assessment.sentence())

# %%
print(assessment.sentence(lang="es"))

# %% [markdown]
# It names the floor, which nobody can argue away; a range, with what has to hold for it; and why there is no single
# number. Whoever wants a narrower one has two ways: a fourth list, made in another way than the three; or matched
# names *within strata*, since where someone died and how old they were is what makes lists depend. The study did the
# second. Neither is done by a better formula.
#
# Which estimator when: [docs/choosing.md](../docs/choosing.md). What the recommended interval is worth, and what it is
# not: [06_what_intervals_are_worth.ipynb](06_what_intervals_are_worth.ipynb).
