# %% [markdown]
# # Four questions, ten lines each
#
# How many were detained? How many are held? How many of those announced were released? Who is missing from the lists? Each answer takes ten
# lines, and a folder of lists takes two commands.
#
# The people and the lists are invented, so that the truth is known. Lists of real people are never in a notebook.

# %%
from pathlib import Path
from tempfile import mkdtemp

import detcount as dc

invented = dc.simulate.name_lists(700, seed=8)
system = dc.simulate.detention_system(n_days=120, seed=2)

# %% [markdown]
# ## 1. How many were detained?
#
# Three lists of names, misspelt and often without documents. Who is who is found first. The number is over draws of it, so that what is not
# known of the links is in its limits.

# %%
names = dc.linkage.read_lists(invented.frames)
linked = dc.linkage.link(names, definition=dc.Definition(unit="person", who="invented people"))
detained = dc.assess(linked, families=["averaged", "calibrated"], n_draws=20)
print(linked.headline())
print(detained.verdict, detained.range)
print(f"truth: {invented.truth.population} people, of whom {invented.truth.n_persons} are listed")

# %% [markdown]
# ## 2. How many are held?
#
# Lists with days of arrest and exit, and the totals of a register beside them. A register is not the stock: it lacks whom its monitor does
# not know. One in twenty of these people can be on no list at all. Of 16 such systems, seeds 0 to 15, the limits of the last day covered the
# truth in 13, and were too low in the others.

# %%
held = dc.assess_stock(people=system.people, stock=system.stock)
path = held.answers[held.recommended_key]
last = path.dates[-1]
print(held.verdict, path.at(last).interval(0.95))
print(f"the register: {system.stock.count[-1]}; truth: {system.truth.at(last)}")
path.plot(system.stock)

# %% [markdown]
# ## 3. How many of those announced were released?
#
# What an authority announced of each wave of releases, and what a monitor verified. Nothing rests on a prior: the counts leave bounds.

# %%
announced = system.releases.to_frame()
verified = announced.assign(source="monitor", role="verified", count=(announced["count"] * 0.6).astype(int))
columns = ["published", "source", "role", "event", "start", "end", "count"]
rows = {name: [*announced[name], *verified[name]] for name in columns}
released = dc.assess_releases(dc.PublishedReleases.from_frame(rows))
print(released.sentences()[0])
start, end = announced["start"].iloc[-1], announced["end"].iloc[-1]
print("truth:", system.truth.exits(start, end), "left after the first of these days, for whatever reason")

# %% [markdown]
# ## 4. Who is missing?
#
# The share of women among those listed, and among all. The sex is that which most rows of a person say.

# %%
rows = linked.clusters
said = {(name, k): sex for name, frame in invented.frames.items() for k, sex in enumerate(frame["Sexo"], 1)}
rows["sex"] = [said[row] for row in zip(rows["list"], rows["row"], strict=True)]
people = rows.pivot_table(index="person", columns="list", values="row", aggfunc="size").notna().astype(int)
people["sex"] = rows.groupby("person")["sex"].agg(lambda sexes: sexes[sexes != ""].mode().get(0, "?"))
tables = dc.stratify(people, by="sex", lists=list(linked.lists))
found = dc.strata.composition(tables)
low, high = found.share_limits()["F"]
print(
    f"{found.listed_shares['F']:.0%} of those listed, {low:.0%} to {high:.0%} of all are women; truth: one in four"
)

# %% [markdown]
# ## A folder
#
# All of it at once, from files. `detcount start` says what each file seems to be and asks what only a person knows; `detcount report` makes
# the report, here from Python.

# %%
folder = Path(mkdtemp())
for name, frame in invented.frames.items():
    frame.to_csv(folder / f"{name}.csv", index=False)
system.stock.to_frame()[["date", "source", "role", "count"]].to_csv(folder / "totals.csv", index=False)
report = dc.report(folder, families=["averaged", "calibrated"])
for row in report.rows():
    print(row["question"], "|", row["verdict"], row["floor"], row["low"], row["high"])
