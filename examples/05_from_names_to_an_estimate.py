# %% [markdown]
# # From messy name lists to an estimate
#
# A ministry hands over a list in capitals, surnames first, with document numbers. A monitor has a spreadsheet
# with names as people say them. A committee of families has a list with ages, taken down by telephone. Which
# rows are the same person? The answer decides the estimate. A link that is missed adds a person and takes
# away an overlap, so that the number comes out too high; a wrong link does the opposite.
#
# The people here are invented (`simulate.name_lists`), so that the truth is known. Lists of real people are never in a notebook.

# %%
import pandas as pd

import detcount as dc

invented = dc.simulate.name_lists(900, pool="narrow", relatives=0.08, seed=11)
for name, frame in invented.frames.items():
    print(name, len(frame), "rows:", ", ".join(frame.columns))

# %% [markdown]
# The first rows of each, as they come. One word in ten is misspelt, documents are missing in 15, 40 and 75%
# of the rows, and some people are twice on a list. One in twelve was arrested together with a brother or a
# sister. There are 51 surnames in all, so that names say little, as they do where many people bear the same.

# %%
pd.concat({name: frame.head(3).astype(str) for name, frame in invented.frames.items()}).droplevel(1).T.fillna(
    ""
)

# %% [markdown]
# ## 1. Reading
#
# Files or frames, each with columns of its own. What was taken for what, and why, is printed; what cannot be read is said by row and
# column, and never shown.

# %%
lists = dc.linkage.read_lists(invented.frames)
print(lists)
lists.mapping

# %%
print(lists.problems if len(lists.problems) else "no problems")

# %% [markdown]
# ## 2. How not to do it
#
# The quick way: the same document is the same person. Whoever has no document, or a misread one, is then nobody's second
# entry, and is counted anew on each list:

# %%
truth = invented.truth.to_frame()
print(f"{len(truth)} rows of {truth['person'].nunique()} people, of 900 in all")

entries = pd.concat(
    [
        pd.DataFrame(
            {"list": name, "document": frame["Cédula"].astype(str).str.replace(r"\D", "", regex=True)}
        )
        for name, frame in invented.frames.items()
    ],
    ignore_index=True,
)
missing = entries["document"].eq("")
entries.loc[missing, "document"] = [f"row {row}" for row in entries.index[missing]]
entries = entries.drop_duplicates()
by_document = dc.CaptureTable.from_memberships(entries, person="document", list="list")
print("the same document:", dc.abundance.LogLinear().fit(by_document))

# %% [markdown]
# ## 3. Linking
#
# One model for all lists and for duplicates within them: how names are misspelt, which names are rare, how often a document or a day is
# wrong, all learned from the lists themselves. It draws whole answers, so that doubt stays doubt.

# %%
linked = dc.linkage.link(lists, key="a secret of the analyst", n_draws=200, seed=1)
print(linked)
print(linked.quality)

# %% [markdown]
# Here the truth is known, so the expected errors can be compared with the errors that were made:

# %%
print(linked.measure(truth))

# %% [markdown]
# ## 4. The pairs in doubt
#
# Few are. Each is shown by what its fields say for or against, without the fields:

# %%
linked.doubtful.head(6).round(2)

# %% [markdown]
# `linked.review("review.xlsx")` writes those whose answer would move the estimate most, for somebody who can look at the files;
# `link(..., decisions="review.xlsx")` then holds what was decided.
#
# ## 5. To the estimate
#
# The pairs in doubt are few. But a hostile reader will ask: and if all of them are the same person? If none is?

# %%
print(linked.bound())

# %% [markdown]
# Between the two stands the estimate over the drawn tables, with what part of its width comes from the links:

# %%
estimate = dc.pooling.pool(dc.abundance.LogLinear(), linked.tables(50))
print(estimate)
print(f"{estimate.detail.share_between:.1%} of the variance comes from the links; the truth is 900")

# %%
estimate.plot()

# %% [markdown]
# And all families side by side, over the drawn tables, with a verdict and a report as of any other lists
# (`assessment.to_html("report.html")`):

# %%
assessment = dc.assess(linked, n_draws=20)
print(assessment.sentence())

# %% [markdown]
# ## 6. What leaves the room
#
# A capture table has no names. That is what may be kept, sent and published, with small cells left out:

# %%
print(linked.table())
print(linked.people())

# %% [markdown]
# ## 7. What to ask of real lists
#
# - Did one list copy rows from another? Say so in a column `referred_by`: a copied row is no second witness.
# - Do the entries belong? Check a random sample and state it: `linkage.Audit`.
# - Is a list clean of duplicates? `max_copies={"government": 1}`.
# - Who decided the doubtful pairs, and when? The decisions are kept by keyed digests, and the key stays with the analyst.
#
# [docs/linkage.md](../docs/linkage.md) has the figures on lists that nothing was tuned on, and what the model does not know.
