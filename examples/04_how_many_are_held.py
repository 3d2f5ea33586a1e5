# %% [markdown]
# # How many are held? A register is not the stock
#
# Between September 2024 and January 2026 several monitors published how many people were held in
# Venezuela for political ends. These are totals of **registers**: people whom a monitor knows. How many
# were held, known to a monitor or not, is the **stock**, and no total of a register holds it. This
# notebook goes through the real, public totals (no person is in them) and asks:
#
# - what the totals say by themselves, and what bounds the number of all who were held;
# - how many must have left a register, beside what was announced;
# - why no range of all who were held is printed;
# - what a register will publish next, which is the one thing here that can be checked;
# - and, in an invented country, what lists of names would add.
#
# *Hay una versión en español: `04_cuantas_personas_siguen_detenidas.ipynb`.*

# %%
import detcount as dc

stock = dc.datasets.load("venezuela_stock")
arrests = dc.datasets.load("venezuela_arrests")
releases = dc.datasets.load("venezuela_releases")
print(stock)

# %% [markdown]
# ## 1. Every monitor on one figure
#
# Each has rules of its own: who is a political prisoner, whether house arrest counts, how an arrest is
# confirmed. The registers differ by hundreds, and each is the work of one monitor, not an estimate.

# %%
assessment = dc.assess_stock(stock=stock, arrests=arrests, releases=releases)
assessment.plot_registers()

# %% [markdown]
# Two totals for one day are both kept and shown:

# %%
for row in assessment.twice:
    print(row)

# %% [markdown]
# ## 2. The verdict
#
# Without lists of names and without estimates at some dates there is no number of all who were held: each
# register stands by its name and its day.

# %%
print(assessment.verdict)
print(assessment.sentence())

# %% [markdown]
# What bounds a day takes three statements: everybody on the register was arrested, whoever left is removed
# within a month, and the running total of arrests never lacks more than so many entries. There is none for
# the last month, as nobody can have stayed on the register for a month since:

# %%
for row in assessment.day_rows[1::4]:  # the first total is "at least", and no bound begins with it
    least = f"{row.least:5,.0f} or more by balance" if row.least else "no bound"
    print(f"{row.day}  register {row.published:5,}   {least}")
within, backlog = assessment.conditions
print(f"if whoever left is removed within {within} days, and its total of arrests lacks at most {backlog}")

# %% [markdown]
# How many would be held, if the register knew a share of them? That is a division, and no estimate, as
# nothing here shows the share:

# %%
for share in (0.5, 0.7, 0.9):
    print(f"if the register knew {share:.0%}: {711 / share:,.0f}")

# %% [markdown]
# A model of the register (`stock.IntegratedStock`) declines for the same reason, unless somebody states which
# share it knows:

# %%
try:
    dc.stock.IntegratedStock(register="Foro Penal").fit(stock)
except dc.errors.NotEstimableError as declined:
    print(declined)

# %% [markdown]
# ## 3. Who left the register, beside what was announced
#
# A register has a balance: held before, and entered, less held in the end. Whoever left must have been in
# it. Announcements stand beside it with their own days, and nothing is subtracted where the days differ:

# %%
for row in assessment.exits:
    print(
        f"{row.start} to {row.end}: {row.held_at_start:,} + {row.entered:,} - {row.held_at_end:,} = {row.implied:,}"
    )
    for each in row.announced:
        print(f"    announced {each.start} to {each.end}: {each.count:,} ({each.source})")

# %% [markdown]
# ## 4. What the register will publish
#
# Forecasts of a register can be checked. From each day on which enough totals had been published, the next
# three were forecast by the last one. Limits of 80% should cover about 80% of the totals that came; where
# they covered fewer, they are too narrow.

# %%
for row in assessment.backtest:
    print(
        f"{row['ahead']} ahead, {row['n']} forecasts: error {row['error']:.3f}, within the limits {row['cover_80']:.0%}"
    )

# %% [markdown]
# ## 5. What would settle it
#
# Not more totals. The report says what would:

# %%
print(*(f"- {line}" for line in assessment.settle), sep="\n")

# %% [markdown]
# In an invented country the truth is known. Three lists of names with days of arrest and exit, of which
# none has everybody, say how many are on none of them:

# %%
system = dc.simulate.detention_system(n_days=260, seed=3)
lists = dc.assess_stock(people=system.people, stock=system.stock)
print(lists.headline())
print("truth:", system.truth.at(lists.day), " register:", lists.totals[0].count)

# %%
lists.plot()
