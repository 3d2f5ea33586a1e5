# %% [markdown]
# # Announced and verified: what do the counts say?
#
# Between November 2024 and January 2026 authorities in Venezuela announced the release of political
# prisoners, again and again, in single announcements and in running totals whose windows moved. Monitors
# verified releases one by one. This notebook goes through the real, public counts (no person is in them) and
# asks what they say, and what they do not.
#
# *Hay una versión en español: `03_anunciado_y_verificado.ipynb`.*

# %%
import detcount as dc

reports = dc.datasets.load("venezuela_releases")
print(reports)

# %% [markdown]
# ## 1. Every event, with who counted it
#
# A count is of a window of days, in somebody's definition, known on one day. Counts of one name, or of the same days, are of
# one event. Each event has a sentence:

# %%
everything = dc.assess_releases(
    reports,
    stock=dc.datasets.load("venezuela_stock"),
    arrests=dc.datasets.load("venezuela_arrests"),
)
said = {
    event.name: sentence for event, sentence in zip(everything.events, everything.sentences(), strict=True)
}
everything.plot()

# %% [markdown]
# ## 2. 25 December 2025: 99 announced
#
# Foro Penal verified 75 on the next day and 61 three days after: it had taken people out, and a note of the file does not exclude
# an error of the outlet. Another monitor, JEP, verified 71. The names of the two were never compared:

# %%
print(said["event 2025-12-25"])

# %% [markdown]
# So between none and 28 were verified by neither. If those verified are of this announcement, at least 71 were let out, and at most
# 99; if that is not known, the least is 0:

# %%
christmas = next(event for event in everything.events if event.name == "event 2025-12-25")
print(christmas.bounds)

# %% [markdown]
# ## 3. 1 January 2026: 87 reported, then 88 announced
#
# On 5 January nobody had announced a number in this file, and the committees' 87 stand alone. The ministry's 88 were reported
# by 13 January. Foro Penal's 2 are of another prison, by the note of that row: a part alone, which heads no sentence.

# %%
print(dc.assess_releases(reports, as_of="2026-01-05").sentences()[0])
print(said["event 2026-01-01"])

# %% [markdown]
# ## 4. A total over days that nobody counted whole
#
# 643 were announced for 24 December to 24 January. No monitor's counts are of all these days, and of the others nothing is said:

# %%
print(said["since 2025-12-24"])

# %% [markdown]
# ## 5. Two totals of one day
#
# On 26 January Foro Penal gave two totals: since 1 December, and since 8 January. Their difference is of the days before 8
# January. With it, its counts hold exactly the days of the 626 that the Acting President announced; its total of three days more
# is not subtracted from these:

# %%
print(said["since 2025-12"])

# %% [markdown]
# ## 6. Who left the register
#
# Foro Penal's own totals of people held and of arrests say how many left, with no list of releases:

# %%
audit = everything.register.audit
print(f"{audit.held_at_start} + {audit.arrests} - {audit.held_at_end} = {audit.implied}")

# %% [markdown]
# The announced totals are of other days, and nothing is taken from either.
#
# ## 7. If and then
#
# How many of the 99 were completed depends on the share of what happens that a monitor finds in the end. No count shows it; the
# reader chooses:

# %%
for row in everything.supposed:
    if row.event == christmas:
        low, _, high = row.completed.printed()
        print(f"if {row.source} finds {row.share:.0%} in the end: {low:.0f} to {high:.0f} completed")

# %% [markdown]
# ## 8. Where there are names
#
# Counts never say who of those announced was a known prisoner, who had left before, and who was let out unannounced. Lists of names
# do. This campaign is invented, and nobody in it exists: two registers of the detained, the list that an authority published, and that
# of a monitor who verified releases. All are linked at once, over draws of who is who:

# %%
campaign = dc.simulate.released_lists(300, seed=3)
lists = dc.linkage.read_lists(campaign.frames, released=campaign.released, days=campaign.days)
by_name = dc.assess_released(dc.linkage.link(lists, n_draws=100)).full()
by_name.plot()

# %% [markdown]
# Each sentence rests on counts, but the last: its condition stands in it.

# %%
print(by_name.sentence())

# %% [markdown]
# As the campaign is invented, the truth is known:

# %%
truth = campaign.truth.counts("lista_oficial")
print({name: truth[name] for name in ("named", "verified", "not_on_register", "already_out")})
print("released, on any list or on none:", campaign.truth.released)

# %% [markdown]
# ## 9. What can be said, and what cannot
#
# | can be said | rests on |
# |---|---|
# | how many were announced, verified and reported, by whom, of which days, by when | the counts |
# | the least and the most that this leaves, in two readings | the counts |
#
# | cannot be said from totals | would take |
# |---|---|
# | what became of the others | lists of names, as above, or monitors whose people are matched case by case (`MonitoredReleases`) |
# | that somebody lied | evidence of another kind |
# | anything of days that nobody counted | counting them |
#
# The report of all this, in English or Spanish: `everything.to_html("report.html")`. The record that makes the numbers again:
# `everything.record()`.

# %%
print(everything.cite().splitlines()[0])
print("seed", everything.seed, "| data", reports.digest[:12])
