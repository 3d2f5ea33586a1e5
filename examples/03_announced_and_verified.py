# %% [markdown]
# # Announced and verified: how many releases happened?
#
# Between November 2024 and January 2026 authorities in Venezuela announced the release of political prisoners, again and
# again, as running totals whose windows moved. Monitors verified releases one by one. The two series never met. This
# notebook goes through the real, public counts (no person is in them) and asks what can be said:
#
# - how many of the announced releases happened;
# - how much of the gap is **delay** and will close by itself;
# - how much can **never be verified** by that monitor;
# - how much is **unsubstantiated**;
#
# and which of these the counts identify, and which rest on a prior that somebody must be ready to defend.
#
# *Hay una versión en español: `03_anunciado_y_verificado.ipynb`.*

# %%
# %matplotlib inline
import detcount as dc

reports = dc.datasets.load("venezuela_releases")
print(reports)

# %% [markdown]
# ## 1. Before any model: who counted what
#
# A count is of a window of days, in somebody's definition, known on one day. Two counts of different windows are not
# compared. Look at the windows first: "808 freed" has no first day at all.

# %%
everything = dc.assess_releases(
    reports,
    stock=dc.datasets.load("venezuela_stock"),
    arrests=dc.datasets.load("venezuela_arrests"),
    audit=("2024-10-07", "2025-03-31"),
)
everything.plot_windows(most=8)

# %%
windows = everything.windows
windows.loc[
    windows["announced_most"].notna(), ["event", "start", "end", "announced_least", "announced_most"]
].tail(12)

# %% [markdown]
# Counts that do not stand together are of three kinds: a source that raised its figure within a day (an update), one that
# lowered or restated it (a correction), and two that cannot both be true. Only the last are contradictions:

# %%
print(everything.conflicts["kind"].value_counts().to_string())
print(*everything.contradictions(), sep="\n")

# %% [markdown]
# ## 2. 25 December 2025: 99 announced, 75 verified, then 61
#
# On the next day Foro Penal had verified 75. Three days later, 61: it had taken people out. A count that falls is a
# correction, not a lie; the later figure is used, and a note names both.

# %%
spec = dc.releases.AnnouncedBatches(headline="Foro Penal")
for day in ["2025-12-26", "2025-12-29"]:
    batch = spec.fit(reports.as_of(day)).batch("event 2025-12-25")
    span = batch.carried_out.interval()
    least, most = batch.carried_out.bounds
    print(f"{day}: {batch.verified} verified; carried out {span.low:.0f} to {span.high:.0f} (95%)")
    print(f"    bounds {least:.0f} to {most:.0f}")
print(batch.notes[0])

# %%
print(dc.assessment.gap_text(batch))

# %% [markdown]
# Two things identify nothing here. One monitor with one current figure does not show its delay, so even *pending* rests on
# the prior; and no total ever shows how the rest splits. What holds whatever the chances and delays are, are the **bounds**,
# with what they take for granted:

# %%
print(batch.carried_out.bounds, "-", batch.bounds_assume)

# %% [markdown]
# How much does the prior matter? The same counts, three priors of the chance that a true release is ever verified:

# %%
for prior in [(1, 1), (2, 1.2), (20, 2)]:
    (other,) = (
        dc.releases.AnnouncedBatches(headline="Foro Penal", verification=prior)
        .fit(reports.as_of("2025-12-29"))
        .batches[-1:]
    )
    span = other.carried_out.interval()
    print(f"{prior}: {other.carried_out.median} ({span.low:.0f} to {span.high:.0f})")

# %% [markdown]
# ## 3. 1 January 2026: 88 announced, 2 verified, 87 reported
#
# The committees said 87 on the same day. Foro Penal published 2 by the next day, and no total of that event alone afterwards.
# One early figure says little: a monitor may not follow an announcement at all. The sentence to print has both numbers,
# each with its day, and the silence since:

# %%
labels = [row.gap.label for row in everything.content.announced]
texts = dict(zip(labels, everything.sentences(), strict=True))
print(texts["event 2026-01-01"])

# %% [markdown]
# So the interval of what was not carried out is wide, and holds the committees' number:

# %%
first = everything.batches.batch("event 2026-01-01")
span = first.unsubstantiated.interval()
print(f"unsubstantiated: {span.low:.0f} to {span.high:.0f} of 88 (95%, from the prior)")

# %% [markdown]
# ## 4. 12 January 2026: 116 announced
#
# By the morning of the 13th Foro Penal had verified 56. As it was known that day:

# %%
then = spec.fit(reports.as_of("2026-01-13")).batch("event 2026-01-12")
print(dc.assessment.gap_text(then))

# %% [markdown]
# On 16 January another monitor, JEP, counted 116 from 8 to 16 January: other days than those announced, as the sentence says.
# By that count, what looked like a gap of 60 was delay for the most part. On the 13th the model had it inside its interval,
# because it never took pending for false:

# %%
span = then.carried_out.interval()
print(f"on 13 January: {span.low:.0f} to {span.high:.0f} carried out (95%, from the prior)")
print(texts["event 2026-01-12"])

# %% [markdown]
# ## 5. November 2024: 225 announced, 107 to 169 verified
#
# The prosecutors announced 225 *reviews of measures*; Foro Penal counts people who left prison, by the window from 16 November.
# 107 on the first day, 131 two days later, 143 on the 20th; in December it gave 169 for the month. What could one say on 20 November of
# what the same monitor would say later?

# %%
november = dc.releases.ReleaseProcess().fit(reports.as_of("2024-11-20"))
later = november.nowcast("Foro Penal", start="2024-11-16", end="2024-11-30", on="2024-12-27")
span = later.interval(0.8)
print(
    f"forecast on 20 November for the whole month: {span.low:.0f} to {span.high:.0f} (80%); published on 27 December: 169"
)

# %% [markdown]
# ## 6. The whole of January: 808, 643, 626 against 302
#
# Three official totals, three windows, and Foro Penal's 302 since 8 January. Subtracting one from another means nothing. Each
# announced total is therefore set against what was verified in *its own* days, as the model of daily releases has it; the
# sentences say of how many of these days the monitor's counts are.

# %%
everything.plot_fan("Foro Penal")

# %%
for gap in everything.totals[-2:]:
    span = gap.eventually_verified.interval()
    print(
        f"{gap.announced} announced, {gap.start} to {gap.end}: {gap.verified} verified, {span.low:.0f} to {span.high:.0f} in the end"
    )
print(*everything.sentences()[:2], sep="\n")
print(*everything.unanswered(), sep="\n")

# %% [markdown]
# The 808 has no first day: it can be set against nothing, and the report says so instead of a number. Part of the
# distance between 302 and 626 is December: for "since December" Foro Penal itself had 383 on 26 January.

# %%
everything.plot(most=4)

# %% [markdown]
# ## 7. An audit from outside: how many left the register?
#
# Foro Penal's own weekly counts of people held and of arrests imply how many left, with no list of releases.

# %%
audit = everything.audit
interval = audit.exits.interval()
print(f"{audit.held_at_start} held, {audit.arrests} arrested, {audit.held_at_end} held: {audit.implied} left")
print(f"limits {interval.low:.0f} to {interval.high:.0f}")
most = audit.compare(reports).iloc[0]
print(f"announced: {most['count']}, which is {most['excess']} more")

# %% [markdown]
# 566 more announced than left the register. That is not 566 false releases: the announcements were of reviews of measures,
# people whom Foro Penal never listed are in neither number, and one window runs ten days longer.
#
# ## 8. What can be said, and what cannot
#
# | can be said | rests on |
# |---|---|
# | how many were verified, by whom, of which days, by when | the reports |
# | about how many more that monitor will verify, where it has reported several times | the counts |
# | the least and the most that can have been carried out | what the bounds say that they take for granted |
#
# | cannot be said from totals | would take |
# |---|---|
# | how many of the rest happened and will never be verified | monitors whose people are matched case by case (`MonitoredReleases`) |
# | that somebody lied | evidence of another kind |
# | anything about a total without its first day | asking for it |
#
# The report of all this, with figures, in English or Spanish: `everything.to_html("report.html")`. The record that makes the
# numbers again: `everything.record()`.

# %%
print(everything.cite().splitlines()[0])
print("seed", everything.seed, "| data", reports.digest[:12])
