# %% [markdown]
# # How many are held? A register is not the stock
#
# Between September 2024 and January 2026 several monitors published how many people were held in
# Venezuela for political ends. These are totals of **registers**: people whom a monitor knows. How many
# were held, known to a monitor or not, is the **stock**, and no total of a register holds it. This
# notebook goes through the real, public totals (no person is in them) and asks:
#
# - what the totals say by themselves, and what holds whatever is assumed;
# - what a stated prior adds, and how much rests on it;
# - how many must have left, beside what was announced;
# - what a register will publish next, which is the one thing here that can be checked;
# - and, in an invented country, what lists of names would add.
#
# *Hay una versión en español: `04_cuantas_personas_siguen_detenidas.ipynb`.*

# %%
# %matplotlib inline
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
for row in assessment.content().twice:
    print(row.day, row.source, row.counts)

# %% [markdown]
# ## 2. The verdict
#
# Without lists of names and without estimates at some dates the verdict is a range at the most:

# %%
print(assessment.verdict)
print(assessment.sentence())

# %% [markdown]
# The limits rest on a stated prior of how many people the register never enters. Beside each printed
# total, what bounds the day and what the prior adds. The bound takes no prior, and two statements: whoever
# left is struck off within a month, and the running total of arrests never lacks more than so many entries.
# In the last month it is 0, as nobody can have stayed on the register for a month since:

# %%
for row in assessment.content().days[1::4]:  # the first total is "at least", and no path begins with it
    known = f"{row.day}  register {row.published:5,}   by balance {row.least:5,.0f} or more"
    print(f"{known}   by the prior {row.low:,.0f} to {row.high:,.0f}")
print(assessment.content().conditions)

# %%
assessment.plot()

# %% [markdown]
# How much is the prior? Say that the register enters nearly all of those arrested, or that it enters
# fewer than half, and fit again. The path of the register is the same, and the number held is another:

# %%
for coverage in [(0.7, 0.95), (0.33, 0.9), (0.25, 0.6)]:
    spec = dc.stock.IntegratedStock(register="Foro Penal", coverage=coverage)
    held = spec.fit(stock, arrests=arrests, releases=releases).at("2025-10-27").interval()
    least, most = coverage
    print(f"the register enters {least:.0%} to {most:.0%}: {held.low:,.0f} to {held.high:,.0f} held")

# %% [markdown]
# ## 3. Exits that are implied, beside what was announced
#
# A register has a balance: held before, and arrests, less held in the end. Whoever left must have been in
# it. Between 7 October 2024 and 31 March 2025 the register's own totals imply some 1,440 exits. The
# announcements of about these days add up to more:

# %%
for row in assessment.content().exits:
    low, implied, high = row.audit
    announced = "; ".join(f"{count:,} ({source})" for source, count in row.announced)
    print(f"{row.start} to {row.end}: {implied:,.0f} left the register ({low:,.0f} to {high:,.0f})")
    print(f"    announced: {announced or 'nothing of about these days'}")

# %% [markdown]
# The path of the stock implies more exits than the register, as people whom no monitor knew left too; but
# how many is the prior:

# %%
print(assessment.path.exits("2024-10-07", "2025-03-31"))

# %% [markdown]
# ## 4. What the register will publish
#
# Forecasts of a register can be checked. From each day on which enough totals had been published, the
# next three were forecast from what was known then. Limits of 80% should hold about 80% of the totals
# that came.

# %%
for row in assessment.content().backtest:
    print(f"{row.method:17} {row.ahead} ahead: error {row.error:.3f}, within the limits {row.cover:.0%}")

# %% [markdown]
# ## 5. What would settle it
#
# Not more totals. The report says what would:

# %%
print(*(f"- {line}" for line in assessment.content().settle), sep="\n")

# %% [markdown]
# In an invented country the truth is known. Three lists of names with days of arrest and exit, of which
# none has everybody, say how many are on none of them:

# %%
system = dc.simulate.detention_system(n_days=260, seed=3)
lists = dc.assess_stock(people=system.people, stock=system.stock)
print(lists.headline())
print("truth:", system.truth.at(lists.day), " register:", lists.content().totals[0].count)

# %%
lists.plot()
