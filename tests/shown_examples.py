"""One of each table and result that shows itself, with names that would open markup if not escaped."""

from collections.abc import Callable
from functools import cache
from typing import Any

import detcount as dc
from detcount import stock
from detcount.assessment import JointReport
from detcount.estimates import UncertainCount
from detcount.strata import composition
from invented_linkage import invented_linkage
from invented_released import linked_by
from register_totals import running, totals

HOSTILE = ("<script>alert(1)</script>", 'x" onload="y', "fam & <b>ilias")
COUNTS = {"100": 160, "010": 150, "110": 34, "001": 145, "101": 37, "011": 29, "111": 14}
SMALL = {**COUNTS, "111": 3, "011": 0, "101": 2}
# so that each is made quickly: what is looked at are words and shapes
FEW = dc.releases.AnnouncedBatches(n_draws=200)
LIGHT = dc.releases.ReleaseProcess(n_draws=200)

# Results whose numbers tell how many persons are on which lists: a notebook shows their headline alone.
SMALL_CELLS = {
    "ReleasedByNameEstimate",
    "LeaveOneListOut",
    "ListSummary",
    "PairwiseOddsRatios",
    "PredictiveCheck",
    "Residuals",
    "SampleCoverageSummary",
}


@cache
def table(*, small: bool = False) -> dc.CaptureTable:
    return dc.CaptureTable.from_counts(SMALL if small else COUNTS, lists=HOSTILE)


@cache
def waves() -> stock.ReleaseWaves:
    """Two waves of releases beside the list of a hostile monitor."""
    rows = {
        "wave": [HOSTILE[0], HOSTILE[2]],
        "day": ["2026-01-03", "2026-02-03"],
        "source": [HOSTILE[1]] * 2,
        "list_size_before": [77, 62],
        "released_identified": [35, 24],
        "of_these_on_list": [18, 24],
        "released_counts": ["same", "same"],
    }
    return stock.ReleaseWaves.from_frame(rows)


@cache
def published() -> dc.PublishedReleases:
    """Counts of a hostile ministry and of two hostile monitors."""
    rows = [
        ("2026-01-03", "ronda", HOSTILE[0], "announced", 90),
        ("2026-01-04", "ronda", HOSTILE[1], "verified", 12),
        ("2026-01-05", "ronda", HOSTILE[1], "verified", 19),
        ("2026-01-07", "ronda", HOSTILE[1], "verified", 31),
        ("2026-01-12", "ronda", HOSTILE[1], "verified", 44),
        ("2026-01-20", "ronda", HOSTILE[1], "verified", 47),
        ("2026-01-09", "ronda", HOSTILE[2], "verified", 25),
    ]
    columns = ("published", "event", "source", "role", "count")
    frame = {name: [row[k] for row in rows] for k, name in enumerate(columns)}
    n = len(rows)
    return dc.PublishedReleases.from_frame(
        {**frame, "start": ["2026-01-02"] * n, "end": ["2026-01-03"] * n, "measure": ["people"] * n}
    )


DAYS = ("2025-01-06", "2025-01-13", "2025-01-20")


HELD = totals(DAYS, [900, 870, 815], source=HOSTILE[0])
REGISTER = totals(
    [f"2025-0{month}-{day:02d}" for month in (1, 2, 3) for day in (6, 13, 20, 27)],
    [900, 870, 815, 830, 828, 815, 790, 795, 801, 760, 750, 755],
    source=HOSTILE[0],
)
ARRESTS = running(DAYS, [2000, 2011, 2030], start="2024-07-29", source=HOSTILE[0])


def matched() -> Any:
    """Releases seen by two monitors, case by case."""
    # names are printed as they are in every language: no word of the catalogues is among them
    monitors = (
        dc.simulate.Monitor("comité"),
        dc.simulate.Monitor("familias", 0.6, delay_parameters=(1.2, 2.5)),
    )
    campaign, day = dc.simulate.release_campaign(monitors=monitors, seed=4), "2026-02-10"
    return dc.releases.MonitoredCases.from_frame(
        campaign.cases_as_of(day), monitors=[one.name for one in monitors], as_of=day
    )


def by_name() -> Any:
    """Forty named as released by a hostile ministry, thirty verified by a hostile monitor."""
    who, day = list(range(40)), 20_447
    linked = linked_by(
        HOSTILE[::2], [0, 1] * 18, who[:36], [day - 90] * 36, [10**6] * 36, [-(10**6)] * 36, HOSTILE[1:],
        ("announced", "verified"), [(day, day + 1), (-(10**6), 10**6)], [0] * 40 + [1] * 30,
        [*who, *range(8, 34), *range(60, 64)], [10**6] * 40 + [day + 2] * 30, n_draws=20, noise=0.02,
    )  # fmt: skip
    return dc.releases.ReleasedByName().fit(linked)


def monitored() -> Any:
    return dc.releases.MonitoredReleases().fit(matched())


def estimate() -> Any:
    """An estimate of two of the lists."""
    return dc.abundance.Chapman().fit(table().keep(HOSTILE[:2]))


@cache
def people() -> dc.PersonLists:
    """Persons on three hostile lists, with days of every kind."""
    n = 40
    rows = {
        "id": [f"{k // 2}" for k in range(2 * n)],
        "list": [HOSTILE[k % 3] for k in range(2 * n)],
        "entered": ["2024-08-03", "2024-08", "before 2024-09", "2024-07-20"] * (n // 2),
        "left": [None, "2024-12-01", None, None, None, None, "unknown", "2024-09-10"] * (n // 4),
        "seen": ["2024-10-01", None] * n,
    }
    return dc.PersonLists.from_frame(
        rows, person="id", list="list", entered="entered", left="left", listed_on="seen", lists=HOSTILE
    )


def name_lists() -> dc.linkage.NameLists:
    """Three hostile lists of names, with cells that cannot be read."""
    rows = {
        "Nombre": ["Ana Pérez Rojas", "", "Luis Mora"],
        "Cédula": ["V-12.345.678", "", "1,23E+07"],
        "<b>edad</b>": ["31", "", "200"],
    }
    return dc.linkage.read_lists(dict.fromkeys(HOSTILE, rows))


def versions() -> dc.quality.Versions:
    """Versions of a list, of two hostile sources."""
    days = {"first": ["2026-01-01", "2026-02-01"], "second": ["2026-02-01", "2026-03-01"]}
    counts = {"in_first": [100, 90], "gone": [4, 5], "new_in_second": [0, 10]}
    return dc.quality.Versions.from_counts({**days, "source": HOSTILE[:2], **counts})


def groups(*, later: bool = False) -> dict[str, dc.CaptureTable]:
    """Two groups with hostile names."""
    counts = {history: n // 3 + (2 if later else 1) for history, n in COUNTS.items()}
    other = dc.CaptureTable.from_counts(counts, lists=HOSTILE)
    return {HOSTILE[0]: other, HOSTILE[2]: table()} if later else {HOSTILE[0]: table(), HOSTILE[2]: other}


def linked() -> Any:
    """Rows of three hostile lists, some of them doubtful."""
    return invented_linkage(lists=HOSTILE, seed=2)


EXAMPLES: dict[str, Callable[[], Any]] = {
    "AbundanceEstimate": lambda: dc.abundance.SelectedLogLinear().fit(table(small=True)),
    "Assessment": lambda: dc.assess(table(small=True), families=("chao", "independence", "calibrated")),
    "AuditAnswers": lambda: dc.quality.AuditAnswers.from_frame(
        {"belongs": ["yes", "no", ""] * 10, "list": [HOSTILE[0]] * 30, "drawn_from": [90] * 30}
    ),
    "BatchesEstimate": lambda: FEW.fit(published()),
    "CaptureTable": table,
    "Composition": lambda: composition(groups()),
    "CompositionDifference": lambda: example("Composition").difference(composition(groups(later=True))),
    "CoverageEstimate": lambda: stock.CoverageFromReleases().fit(waves()),
    "DelayEstimate": lambda: dc.releases.VerificationDelay(monitor="comité").fit(matched()),
    "Evaluation": lambda: dc.calibration.evaluate(dc.abundance.ChaoLowerBound()),
    "Flows": lambda: stock.flows(
        dc.abundance.LogLinear(), people(), example("StockPath"), "2024-08-02", "2024-10-01"
    ),
    "GapEstimate": lambda: example("BatchesEstimate").batches[0],
    "JointReport": lambda: JointReport(
        lists=example("Assessment"),
        stock=example("StockAssessment"),
        releases=example("ReleasesAssessment"),
        files=(),
        seed=0,
    ),
    "LeaveOneListOut": lambda: dc.leave_one_list_out(dc.abundance.Chapman(), table()),
    "Linkage": linked,
    "LinkageAssessment": lambda: dc.assess(
        linked(), families=("chao", "independence", "calibrated"), n_draws=5
    ),
    "LinkageBound": lambda: linked().bound(),
    "LinkageQuality": lambda: linked().quality,
    "ListSummary": lambda: dc.diagnose.list_summary(table()),
    "MonitoredEstimate": monitored,
    "ReleasedAssessment": lambda: dc.assess_released(example("ReleasedByNameEstimate").linked),
    "ReleasedByNameEstimate": by_name,
    "NameLists": name_lists,
    "PairwiseOddsRatios": lambda: dc.diagnose.pairwise_odds_ratios(table()),
    "PersonLists": people,
    "PredictiveCheck": lambda: dc.posterior_predictive(
        dc.abundance.DecomposableGraphs().fit(table()), table(), n_draws=100
    ),
    "PriorSensitivity": lambda: dc.prior_sensitivity(
        dc.abundance.DecomposableGraphs(), table(), [dc.abundance.InverseN(), dc.abundance.UniformN(1, 900)]
    ),
    "Plan": lambda: dc.plan(
        table(),
        [
            dc.planning.AuditSample(HOSTILE[0], 60, cost=2.0),
            dc.planning.RandomSample(90, 1700, cost=3.0),
            dc.planning.ClusterSample(3, 22, cost=4.0),
        ],
        budget=5.0,
        goal=400.0,
    ),
    "ProcessEstimate": lambda: LIGHT.fit(published()),
    "ReleaseWaves": waves,
    "ReleasesAssessment": lambda: dc.assess_releases(published()),
    "PublishedArrests": lambda: ARRESTS,
    "PublishedReleases": published,
    "PublishedStock": lambda: HELD,
    "RegisterBacktest": lambda: stock.backtest_register(REGISTER, least=4),
    "RegisterForecast": lambda: stock.LastValue().fit(REGISTER),
    "RepeatedCounts": lambda: dc.RepeatedCounts.from_frequencies({1: 54, 2: 17, 4: 3}),
    "Reproduction": lambda: dc.reproduce(
        {**dc.abundance.LogLinear().fit(table()).record(), "n_observed": 7}, table()
    ),
    "Residuals": lambda: dc.diagnose.residuals(dc.abundance.LogLinear().fit(table()), table()),
    "SampleCoverageSummary": lambda: dc.diagnose.sample_coverage(table()),
    "SensitivityCurve": lambda: dc.odds_ratio_curve(estimate(), [0.5, 1, 2]),
    "Snapshots": lambda: stock.snapshots(people(), ["2024-08-20", "2024-09-20", "2024-10-20"]),
    "StockAssessment": lambda: dc.assess_stock(people=people(), stock=HELD, arrests=ARRESTS),
    "StockFlowAudit": lambda: stock.stock_flow_audit(HELD, ARRESTS, DAYS[0], DAYS[-1]),
    "StockPath": lambda: stock.series(
        dc.abundance.LogLinear(),
        stock.snapshots(people(), ["2024-08-02", "2024-09-20", "2024-10-01"]),
        n_draws=200,
    ),
    "Imputed": lambda: dc.strata.impute(
        {HOSTILE[0]: [1, 0, 1] * 20, HOSTILE[1]: [1, 1, 0] * 20, HOSTILE[2]: ["m", "f", None] * 20},
        lists=HOSTILE[:2],
        fields=HOSTILE[2:],
        n_replicates=5,
        n_classes=2,
    ),
    "StrataResult": lambda: dc.fit_strata(
        dc.abundance.Chapman(), {HOSTILE[0]: table().keep(HOSTILE[:2]), HOSTILE[1]: table()}
    ),
    "StrataTotal": lambda: example("StrataResult").total(),
    "TrimmedEstimate": lambda: dc.quality.Trimmed().fit(table().keep(HOSTILE[:2])),
    "Versions": versions,
    "WithdrawalsEstimate": lambda: dc.quality.Withdrawals().fit(versions()),
    "TippingValue": lambda: dc.odds_ratio_curve(estimate(), claim=3000).tipping,
    "UncertainCount": lambda: UncertainCount.from_draws([3, 4, 4, 9], bounds=(3, 10), identified_by="data"),
}


@cache
def example(name: str) -> Any:
    """The table or result of a class, made once in a run."""
    return EXAMPLES[name]()
