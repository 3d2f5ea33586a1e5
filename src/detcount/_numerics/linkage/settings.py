"""Every number of the linkage that does not come from the lists, with its unit and its origin.

One thing, so that what the linkage believes, and where it stops, is read in one place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Priors:
    """Beliefs on lists before they are read.

    Parameters
    ----------
    word_errors : tuple, words
        Prior mean of each kind of error, a share of words written. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    word_error_strength : float, ratio
        Weight of these means, in words. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    word_count : float, counts
        Dirichlet count of each true word: few of the words that could be names are names. Halved
        and doubled in benchmarks/results/linkage_numbers.md.
    respelt_again : float, probability
        Probability that one more sound is spelt otherwise, once one is. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    words_covered : float, words
        Least share of all written words that the words of these lists are taken for. Halved and
        doubled in benchmarks/results/linkage_numbers.md.
    name_splits : tuple, share
        Share of names of 1 to 5 words with 0, 1, ... given names. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    name_split_strength : float, ratio
        Weight of these shares, in names. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    word_role_strength : float, ratio
        Weight of the first guess whether a word is a given name, in words. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    particle_first : float, log odds
        Log odds of given names that begin with a particle (*de*, *del*). Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    known_word : float, log odds
        Log odds of being a given name, of a word listed as one. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    devotion_word : float, number
        The same of a word such as *rosario* that is either. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    ending_odds : float, log odds
        Largest log odds that the ending of an unlisted word can give. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    order_free : tuple, counts
        Beta counts of given names first and surnames first where no header states it. Halved and
        doubled in benchmarks/results/linkage_numbers.md.
    order_stated : tuple, names
        The same where a header puts surnames first. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    order_labelled : tuple, counts
        Beta counts of parts in their own columns, and exchanged. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    word_role_bound : float, number
        Least probability that a word is of the other role: people slip in columns too. Halved and
        doubled in benchmarks/results/linkage_numbers.md.
    words_in_order : float, probability
        Probability that two words of one role stand in their usual order. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    two_of_three : tuple, probability
        Probability that two words standing for three or more are the first two, and the first and
        third. Halved and doubled in benchmarks/results/linkage_numbers.md.
    field_errors : tuple, counts
        Dirichlet shapes, in values written, of a miss, a slip and a hit in each field; of days of
        arrest the third is a second arrest. A shape of 0 is an error that a field has not. Halved
        and doubled in benchmarks/results/linkage_numbers.md.
    documents : float, numbers
        Numbers that a document can have: about the citizens' documents of Venezuela. Convention.
    number_slips : tuple, share
        Shares of a slip in a number: one digit replaced, two neighbours swapped, one digit lost or
        added. Halved and doubled in benchmarks/results/linkage_numbers.md.
    birth_slips : tuple, share
        Shares of a slip in a day of birth: one part wrong, day and month swapped, some days off,
        some weeks off, a year off. Halved and doubled in benchmarks/results/linkage_numbers.md.
    arrest_slips : tuple, number
        The same in a day of arrest. Halved and doubled in benchmarks/results/linkage_numbers.md.
    slip_strength : float, ratio
        Weight of these shares, in slips. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    lag_stays : tuple, days
        Parameters of the two geometric lags, in days: means of 2 and of 10. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    day_forms : float, days
        Days that one wrong part of a date can give: about 30 days, 11 months and as many years.
        Convention.
    unrelated_day : float, probability
        Probability of a day unrelated to the true one: one in 55 years. Convention.
    even_days : float, share
        Share of the background of days spread evenly between the first and the last. Halved and
        doubled in benchmarks/results/linkage_numbers.md.
    birth_smoothing : int, days
        Days to each side over which the background of days of birth is smoothed. Halved and doubled
        in benchmarks/results/linkage_numbers.md.
    sex_rows : float, rows
        Rows that the sex in all rows is worth beside those with the same given name. Halved and
        doubled in benchmarks/results/linkage_numbers.md.
    sex_wrong : tuple, counts
        Beta counts of a wrong and a right sex. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    sex_least : float, number
        Least probability of a sex, whatever the given name. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    pattern_rate : float, rate
        Rate of the gamma prior of the persons on each set of lists; its shape is at most 1. Nearly
        flat. Convention.
    copies : tuple, counts
        Beta prior of the probability q that a person stands once more in a list. Mean 0.05. Halved
        and doubled in benchmarks/results/linkage_numbers.md.
    relatives : tuple, rows
        Gamma prior of the probability that two rows are relatives arrested together: shape, and
        rate by row. Halved and doubled in benchmarks/results/linkage_numbers.md.
    offset : float, log odds
        Standard deviation of the offset of the log odds of one person more, shared by all rows of a
        draw. Scored beside six others on 60 systems of lists in benchmarks/results/linkage.md.
    attached_offset : float, log odds
        The same of a row of a released person beside a person of a register, whose own links are drawn
        already. Convention: half of theirs; figures in benchmarks/results/released_links.md.
    copying : tuple, counts
        Beta prior of the share of persons of two lists of released people of whom one row copies the other.
        Convention: uniform.
    matched : float, share
        Share of a list on another one, before anything is learned. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    doubles : float, share
        Share of a list that stands in it twice, before anything is learned. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    first_relatives : float, number
        Relatives by row, before anything is learned. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    missed_by_rules : tuple, counts
        Beta prior of the share of true pairs that a kind of rules misses: next to none where no
        miss was seen. Halved and doubled in benchmarks/results/linkage_numbers.md.
    miss_strength : float, ratio
        Weight of the common rate of misses in each class, in pairs. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    rare_spelling : float, ratio
        Weight of a rare spelling of a sound beside a usual one. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    nickname_order : float, share
        Share of each further name of a nickname, by that of the one before. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    namesakes : int, rows
        Rows of one list alike to the last cell, with a name alone, that can be namesakes. Halved
        and doubled in benchmarks/results/linkage_numbers.md.
    namesakes_share : float, rows
        The same as a share of the rows of the list. Halved and doubled in
        benchmarks/results/linkage_numbers.md.
    another_arrest : int, days
        Days after an arrest from which the next is another arrest, and no slip. Convention.
    rewritten : float, share
        Share of the words written as they are in the lists that another list writes by a rule of its own.
        Convention: half; it is learned where 200 words show it.
    unit_letter : float, ratio
        Weight of each further letter of a unit and of what is written for it, before letters are learned.
        Scored in benchmarks/results/rewritten.md.
    unit_same : float, ratio
        Weight of a unit that is written as it is, beside one whose consonants sound alike. Scored in
        benchmarks/results/rewritten.md.
    unit_unlike : float, ratio
        The same of one whose consonants sound otherwise. Scored in benchmarks/results/rewritten.md.
    unit_strength : float, units
        Units that these weights are worth. Scored in benchmarks/results/rewritten.md.
    rewritten_agree : float, share
        Share of two rows of one person that agree in a field, and of words that are written by the rule of
        the list. Scored in benchmarks/results/rewritten.md.
    """

    word_errors: tuple[tuple[str, float], ...] = (
        ("identity", 0.92),
        ("edit", 0.025),
        ("transposition", 0.005),
        ("spelling", 0.02),
        ("initial", 0.01),
        ("nickname", 0.005),
        ("rest", 0.01),
    )
    word_error_strength: float = 200.0
    word_count: float = 0.002
    respelt_again: float = 0.3
    words_covered: float = 0.25
    name_splits: tuple[tuple[float, ...], ...] = (
        (0.5, 0.5),
        (0.02, 0.96, 0.02),
        (0.005, 0.56, 0.425, 0.01),
        (0.002, 0.05, 0.90, 0.045, 0.003),
        (0.001, 0.03, 0.55, 0.40, 0.018, 0.001),
    )
    name_split_strength: float = 20.0
    word_role_strength: float = 2.0
    particle_first: float = -4.0
    known_word: float = 3.5
    devotion_word: float = 2.0
    ending_odds: float = 2.0
    order_free: tuple[float, float] = (2.0, 1.0)
    order_stated: tuple[float, float] = (1.0, 20.0)
    order_labelled: tuple[float, float] = (49.0, 1.0)
    word_role_bound: float = 0.001
    words_in_order: float = 0.98
    two_of_three: tuple[float, float] = (0.6, 0.4)
    field_errors: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("given names", (1.0, 3.0, 80.0)),
        ("surnames", (1.0, 1.0, 100.0)),
        ("document", (1.0, 1.0, 60.0)),
        ("passport", (1.0, 1.0, 60.0)),
        ("born", (1.0, 2.0, 40.0)),
        ("arrested", (1.0, 2.0, 1.0, 25.0)),
        ("place", (1.0, 0.0, 15.0)),
        ("sex", (1.0, 0.0, 80.0)),
    )
    documents: float = 3e7
    number_slips: tuple[float, float, float] = (0.6, 0.2, 0.2)
    birth_slips: tuple[float, ...] = (0.35, 0.15, 0.15, 0.15, 0.2)
    arrest_slips: tuple[float, ...] = (0.14, 0.06, 0.4, 0.4, 0.0)
    slip_strength: float = 20.0
    lag_stays: tuple[float, float] = (0.5, 0.9)
    day_forms: float = 60.0
    unrelated_day: float = 1.0 / 20_000.0
    even_days: float = 0.05
    birth_smoothing: int = 200
    sex_rows: float = 1.0
    sex_wrong: tuple[float, float] = (1.0, 80.0)
    sex_least: float = 0.002
    pattern_rate: float = 1e-3
    copies: tuple[float, float] = (1.0, 19.0)
    relatives: tuple[float, float] = (1.0, 50.0)
    offset: float = 1.0
    attached_offset: float = 0.5
    copying: tuple[float, float] = (1.0, 1.0)
    matched: float = 0.3
    doubles: float = 0.02
    first_relatives: float = 0.02
    missed_by_rules: tuple[float, float] = (0.05, 0.5)
    miss_strength: float = 5.0
    rare_spelling: float = 0.1
    nickname_order: float = 0.5
    namesakes: int = 20
    namesakes_share: float = 0.01
    rewritten: float = 0.5
    unit_letter: float = 0.12
    unit_same: float = 4.0
    unit_unlike: float = 0.02
    unit_strength: float = 30.0
    rewritten_agree: float = 0.9
    another_arrest: int = 21


@dataclass(frozen=True)
class Tuning:
    """Limits of computation, and thresholds of notes.

    Parameters
    ----------
    block_rows : int, rows
        Rows of the largest block whose pairs are all compared. Scored with all others in
        benchmarks/results/linkage.md.
    dated_block_rows : int, share
        The same of a block that shares a word and a day. Scored with all others in
        benchmarks/results/linkage.md.
    document_block_rows : int, share
        The same of a block that shares a document. Scored with all others in
        benchmarks/results/linkage.md.
    all_pairs_rows : int, rows
        Rows up to which all pairs are compared. Scored with all others in
        benchmarks/results/linkage.md.
    rare_word_rows : int, rows
        Rows up to which a word is rare, so that sharing it is enough. Scored with all others in
        benchmarks/results/linkage.md.
    meant_word : float, probability
        Probability from which a true word stands for the written one in blocks. Scored with all
        others in benchmarks/results/linkage.md.
    misspelling_ratio : int, number
        Ratio of the frequency of a word to that of another, from which the other is blocked as its
        misspelling. Scored with all others in benchmarks/results/linkage.md.
    masked_digits : int, digits
        Digits of a document that are masked in turn. Convention.
    window_years : int, days
        Days of a stretch of births, in blocks. Scored with all others in
        benchmarks/results/linkage.md.
    window_month : int, days
        Days of a long stretch of arrests, in blocks. Scored with all others in
        benchmarks/results/linkage.md.
    window_days : int, days
        Days of a short stretch of arrests, in blocks. Scored with all others in
        benchmarks/results/linkage.md.
    engine_rows : int, rows
        Rows above which Splink chooses what is compared. Scored with all others in
        benchmarks/results/linkage.md.
    engine_least : float, probability
        Probability of Splink from which a pair is compared by the model. Scored with all others in
        benchmarks/results/linkage.md.
    engine_em_pairs : float, pairs
        Pairs from which Splink learns by EM. Scored with all others in
        benchmarks/results/linkage.md.
    engine_random_pairs : float, pairs
        Pairs from which Splink learns what strangers share. Scored with all others in
        benchmarks/results/linkage.md.
    engine_recall : float, share
        Share of true pairs that the first two training rules of Splink find. Scored with all others
        in benchmarks/results/linkage.md.
    hash_multiplier : int, number
        Multiplier of Fibonacci hashing: 2**64 over the golden ratio. Convention (Knuth 1998,
        section 6.4).
    missed_draws : int, draws
        Draws of the share of true pairs that no rule finds. Scored with all others in
        benchmarks/results/linkage.md.
    least_comparable : float, pairs
        Least share of pairs on which some rule can speak. Scored with all others in
        benchmarks/results/linkage.md.
    least_rate : float, number
        Least rate that is divided by. Computational (`test_numbers`).
    widest_missed : float, share
        Width of the 95% interval of the share missed, up to which draws include missed links.
        Scored with all others in benchmarks/results/linkage.md.
    missed_draws_kept : int, draws
        Draws of the number of missed links that draws include. Scored with all others in
        benchmarks/results/linkage.md.
    split_rounds : int, rounds
        EM rounds of the splits of names. Scored with all others in benchmarks/results/linkage.md.
    split_converged : float, number
        Relative change of their log likelihood at which EM stops. Scored with all others in
        benchmarks/results/linkage.md.
    channel_rounds : int, rounds
        EM rounds of the token channel. Scored with all others in benchmarks/results/linkage.md.
    channel_converged : float, share
        Change of its frequencies and rates at which EM stops. Scored with all others in
        benchmarks/results/linkage.md.
    channel_fixed : float, ratio
        Weight, in words, of rates learned from pairs of rows: they are kept as they are. Scored
        with all others in benchmarks/results/linkage.md.
    channel_again : int, times
        Times that the channel is learned again from likely pairs. Scored with all others in
        benchmarks/results/linkage.md.
    error_documents : int, documents
        Documents whose rows show errors of words. Scored with all others in
        benchmarks/results/linkage.md.
    error_rounds : int, rounds
        EM rounds of the errors of words. Scored with all others in benchmarks/results/linkage.md.
    document_rows : int, rows
        Rows with one document, above which they seldom are one person and show no errors. Scored
        with all others in benchmarks/results/linkage.md.
    true_words : int, words
        True words in the sum of one written word. Scored with all others in
        benchmarks/results/linkage.md.
    true_words_least : float, share
        Share of a written word below which a true word is left to the rest. Scored with all others
        in benchmarks/results/linkage.md.
    expensive_rows : int, rows
        Rows of a cluster above which names take long to weigh and sums are cut short. Scored with
        all others in benchmarks/results/linkage.md.
    expensive_true_words : int, words
        True words in the sum of such a cluster. Scored with all others in
        benchmarks/results/linkage.md.
    expensive_splits : int, splits
        Combinations of splits in the sum of such a cluster. Scored with all others in
        benchmarks/results/linkage.md.
    splits : int, splits
        Splits of a name that are kept. Scored with all others in benchmarks/results/linkage.md.
    split_least : float, probability
        Probability of a split, relative to the best, below which it is left out. Scored with all
        others in benchmarks/results/linkage.md.
    split_combinations : int, splits
        Combinations of splits in the sum of a cluster. Scored with all others in
        benchmarks/results/linkage.md.
    slip_rounds : int, rounds
        EM rounds of the kinds of slips. Scored with all others in benchmarks/results/linkage.md.
    slip_days : int, days
        Days to each side from which a written day can slip. Scored with all others in
        benchmarks/results/linkage.md.
    slip_years : int, number
        Years to each side from which a written day can slip. Scored with all others in
        benchmarks/results/linkage.md.
    widest_interval : int, days
        Days of the widest interval that slips by its own width. Scored with all others in
        benchmarks/results/linkage.md.
    calendar_days : int, days
        Days before and after 1 January 1970 that have parts. Computational (`test_numbers`).
    product_rows : int, rows
        Rows of a cluster above which products are sums of logarithms. Scored with all others in
        benchmarks/results/linkage.md.
    largest_factor : float, rows
        Largest factor by which the mass of a value grows. Computational (`test_numbers`).
    document_digits : int, digits
        Digits of the longest document. Convention.
    word_misses : tuple, rate
        Rates of other words at which names are weighed; between them, by interpolation. Scored with
        all others in benchmarks/results/linkage.md.
    word_seconds : tuple, rate
        Rates of second names alone at which names are weighed. Scored with all others in
        benchmarks/results/linkage.md.
    error_odds : tuple, odds
        Odds of any error at which other fields are weighed. Scored with all others in
        benchmarks/results/linkage.md.
    slip_ratios : tuple, slips
        Slips to one miss at which they are weighed. Scored with all others in
        benchmarks/results/linkage.md.
    second_arrests : tuple, share
        Shares of persons arrested twice at which days of arrest are weighed. Scored with all others
        in benchmarks/results/linkage.md.
    pair_rounds : int, rounds
        EM rounds of the rates of errors over pairs. Scored with all others in
        benchmarks/results/linkage.md.
    pair_least : float, probability
        Probability of a pair from which it counts in them. Scored with all others in
        benchmarks/results/linkage.md.
    pair_factors : tuple, number
        Factors by which a rate is changed by trial in each round. Scored with all others in
        benchmarks/results/linkage.md.
    pair_hopeless : float, log odds
        Log odds below which a pair is no person: one in a million. Scored with all others in
        benchmarks/results/linkage.md.
    pair_relatives : float, log odds
        Log ratio of what relatives share from which a pair may be relatives. Scored with all others
        in benchmarks/results/linkage.md.
    pairs_dropped : float, pairs
        Summed probability, by row, of the pairs left out of partitions. Scored with all others in
        benchmarks/results/linkage.md.
    pair_dropped : float, number
        Largest probability of any of them. Scored with all others in benchmarks/results/linkage.md.
    listed_rows : int, rows
        Rows of the largest group whose partitions are all listed. Scored with all others in
        benchmarks/results/linkage.md.
    listed_clusters : int, number
        Possible clusters of the largest such group. Scored with all others in
        benchmarks/results/linkage.md.
    listed_partitions : int, partitions
        Partitions of the largest such group: all of 8 rows. Scored with all others in
        benchmarks/results/linkage.md.
    cluster_negligible : float, log odds
        Log ratio to its parts below which a cluster is left out: one in a million. Scored with all
        others in benchmarks/results/linkage.md.
    free_rows : int, rows
        Rows besides the two chaperones that one move places anew. Scored with all others in
        benchmarks/results/linkage.md.
    least_relatives : float, number
        Least probability of relatives, so that its logarithm is a number. Computational
        (`test_numbers`).
    steps : int, rounds
        Rounds of moves in a sweep. Scored with all others in benchmarks/results/linkage.md.
    offset_parts : int, number
        Equal parts of the normal distribution whose middles the offset takes in turn, up and down.
        Scored with all others in benchmarks/results/linkage.md.
    chains : int, chains
        Chains, half of which start from rows put together. Scored with all others in
        benchmarks/results/linkage.md.
    warm_up_listed : int, sweeps
        Sweeps dropped at the start of a chain where all groups are listed. Scored with all others
        in benchmarks/results/linkage.md.
    warm_up : int, number
        The same where some groups are drawn by moves. Scored with all others in
        benchmarks/results/linkage.md.
    fewest_sweeps : int, sweeps
        Sweeps of a chain. Scored with all others in benchmarks/results/linkage.md.
    most_sweeps : int, sweeps
        Sweeps beyond which a chain is not doubled. Computational (`test_numbers`).
    most_lookups : int, clusters
        Clusters that are looked up before chains that disagree are given up. Computational
        (`test_numbers`).
    call_cost : int, clusters
        Clusters that are looked up in the time that one call takes. Computational (`test_numbers`).
    r_hat : float, ratio
        Split R-hat above which chains disagree. Convention.
    chains_differ : float, persons
        Tolerated difference between the means of chains, in persons. Scored with all others in
        benchmarks/results/linkage.md.
    chains_differ_share : float, share
        The same as a share of the persons of a large group. Scored with all others in
        benchmarks/results/linkage.md.
    all_moved : float, share
        Share of sweeps with moves that counts as all. Scored with all others in
        benchmarks/results/linkage.md.
    seldom_moved : float, share
        Share of sweeps with moves below which longer chains do not help. Scored with all others in
        benchmarks/results/linkage.md.
    expensive_budget : int, rows
        Rows of expensive clusters that a chain may weigh before its sweeps pay for them. Scored
        with all others in benchmarks/results/linkage.md.
    expensive_paid : int, rows
        Rows of expensive clusters that each sweep pays for. Scored with all others in
        benchmarks/results/linkage.md.
    clusters_kept : int, clusters
        Clusters of large groups that are kept from one sweep to the next. Computational
        (`test_numbers`).
    prepared_numbers : int, numbers
        Numbers held at once while clusters are prepared. Computational (`test_numbers`).
    summed_numbers : int, numbers
        Numbers held at once while names are summed. Computational (`test_numbers`).
    weighed_rows : int, rows
        Rows weighed at once. Computational (`test_numbers`).
    weighed_pairs : int, pairs
        Pairs weighed at once. Computational (`test_numbers`).
    ruled_out : float, log odds
        Log weight of a cluster that is ruled out; finite, so that sums stay numbers. Computational
        (`test_numbers`).
    certain_rows : int, rows
        Fewest rows of a certain cluster. Scored with all others in benchmarks/results/linkage.md.
    certain_searched : int, rows
        Rows of the largest group that is searched for certain clusters. Scored with all others in
        benchmarks/results/linkage.md.
    certain_ratio : float, log odds
        Log ratio by which a certain cluster is likelier than without a row, or in two parts. Scored
        with all others in benchmarks/results/linkage.md.
    certain_field : float, log odds
        Log ratio of a field that speaks against a pair. Scored with all others in
        benchmarks/results/linkage.md.
    certain_pair : float, log odds
        Log ratio of all fields from which a pair is alike. Scored with all others in
        benchmarks/results/linkage.md.
    bounded_persons : int, persons
        Persons of the largest group that gets bounds. Scored with all others in
        benchmarks/results/linkage.md.
    bounded_pair : float, number
        Mean log ratio of two persons that may be one: hardly against it on the whole. Scored with
        all others in benchmarks/results/linkage.md.
    bounded_other : float, log odds
        Log ratio of two units that were not compared. Scored with all others in
        benchmarks/results/linkage.md.
    bounded_ends : float, share
        Share of the draws at each bound. Scored with all others in benchmarks/results/linkage.md.
    doubtful : tuple, probability
        Probabilities between which a pair is doubtful. Convention.
    worth_pair : tuple, probability
        Probabilities between which a pair is worth an answer. Convention.
    worth_draws : int, draws
        Draws from which the worth of an answer is read. Convention.
    worth_lists : int, lists
        Lists up to which the worth of every history is found, and not of the observed ones alone.
        Convention.
    quality_draws : int, draws
        Draws from which expected errors are read. Convention.
    quality_level : float, number
        Level of the intervals of a measurement. Convention.
    own_rates : float, pairs
        Pairs of one person from which a note attributes a rate to the data. Convention.
    noted_missed : float, share
        Share of true pairs missed from which a note is added. Convention.
    copied_words : int, share
        Misspellings that two lists share from which one has copied the other. Convention.
    copied_ratio : int, times
        Times that any other two lists share as many, at most. Convention.
    copied_rows : int, rows
        Rows that write the word that is misspelt. Convention.
    copied_letters : int, letters
        Letters of the shortest such word. Convention.
    script_slips : float, share
        Share of names in another script up to which they are slips. Convention.
    script_documented : float, share
        Share of rows with documents from which names need not be compared. Convention.
    early_arrest : int, days
        Days, 20 years, by which an arrest comes before nine in ten others. Convention.
    shown_documents : int, documents
        Documents of a list that are named. Convention.
    shown_problems : int, cells
        Cells of a list that are named. Convention.
    versions_rows : float, share
        Share of equal rows from which two lists are versions of one. Convention.
    versions_names : float, rows
        The same of rows with a name alone, which lists made apart can share too. Convention.
    versions_fewest : int, rows
        Fewest equal rows of two versions. Convention.
    parts_shared : float, share
        Share of the persons of the shorter of two parts of one list, up to which they are parts.
        Convention.
    blank_exits : float, share
        Share of exits without a day by which unknown days stand for exits. Convention.
    strangers_rows : int, rows
        Rows of one list with one document, from which it may be nobody's. Convention.
    strangers_unnamed : int, rows
        Rows without a name on which such a document is nobody's. Convention.
    strangers_compared : int, names
        Names of such rows that are compared. Convention.
    strangers_agreeing : float, share
        Share of pairs of these names that agree, below which it is nobody's. Convention.
    other_arrest_days : int, days
        Days between two arrests that are alike. Scored in benchmarks/results/other_rules.md.
    other_birth_days : int, days
        Days between two births that are alike. Scored in benchmarks/results/other_rules.md.
    other_arrest_known : int, days
        Days within which an arrest is known. Scored in benchmarks/results/other_rules.md.
    other_birth_known : int, days
        Days within which a birth is known. Scored in benchmarks/results/other_rules.md.
    other_prior : int, pairs
        Pairs that the share of pairs alike among all persons is worth. Scored in
        benchmarks/results/other_rules.md.
    other_day_prior : int, pairs
        Pairs that the share over all days is worth on one day. Scored in
        benchmarks/results/other_rules.md.
    other_most : int, persons
        Persons of whom all pairs are formed, and pairs that are read. Scored in
        benchmarks/results/other_rules.md.
    other_document_rows : int, rows
        Rows with one document above which it is nobody's. Scored in
        benchmarks/results/other_rules.md.
    other_documented : float, share
        Share of rows with a document from which names are not compared. Scored in
        benchmarks/results/other_rules.md.
    other_pairs : int, pairs
        Pairs of one person from which a list shows another rule of writing names. Scored in
        benchmarks/results/other_rules.md.
    other_unequal : float, share
        Share of them without a common word, from which it does. Scored in
        benchmarks/results/other_rules.md.
    other_z : float, standard errors
        Excess of strangers alike, in standard errors, from which it does. Scored in
        benchmarks/results/other_rules.md.
    rewritten_words : float, ratio
        How often two words of two lists are the same, beside two words of one list, below which the lists may
        write names by different rules. Scored in benchmarks/results/rewritten.md.
    rewritten_least : int, words
        Words of each list from which that is asked. Convention.
    rewritten_most : float, pairs
        Pairs of rows, and of words, of two lists up to which letters are learned: 2,000 of each. Convention.
    rewritten_rounds : int, rounds
        Rounds in which rows and letters are learned in turn. Scored in benchmarks/results/rewritten.md.
    letter_rounds : int, rounds
        Steps of expectation maximisation in each. Scored in benchmarks/results/rewritten.md.
    letter_units : tuple, letters
        Letters of a unit and of what is written for it. Scored in benchmarks/results/rewritten.md.
    letter_pairs : int, pairs
        Pairs of words whose letters are summed at once. Convention: their sums fit into memory.
    rewritten_pair : float, probability
        Pair of rows from which words are laid beside each other. Scored in benchmarks/results/rewritten.md.
    rewritten_born : int, days
        Days between two births that agree. Convention: a month.
    rewritten_arrested : int, days
        Days between two arrests that agree. Convention: a day.
    rewritten_evidence : float, log odds
        Log odds of documents and days from which all words of two rows are compared in each round. Scored in
        benchmarks/results/rewritten.md.
    rewritten_near : int, words
        Words of the other list that a word is compared with in each round but the first and the last. Scored
        in benchmarks/results/rewritten.md.
    rewritten_weight : float, times
        Most that one pair of words counts: letters are learned from many words. Scored in
        benchmarks/results/rewritten.md.
    rewritten_unseen : float, share
        Share of words of likely persons whose letters are as unlikely as those of a word that the other list
        lacks. Scored in benchmarks/results/rewritten.md.
    rewritten_word : float, probability
        Least probability of a word as another list writes it. Scored in benchmarks/results/rewritten.md.
    rewritten_form : float, probability
        The same of a word that is taken for the same word. Convention.
    rewritten_persons : float, persons
        Expected persons on two lists from which letters are learned. Convention.
    stated_arrest : float, share
        How sure the name of a column is from which a list of released people has arrests. Convention.
    days_of_release : float, share
        Share of the cells of a column that are days, from which it may hold those of releases. Convention.
    title_rows : int, rows
        First rows of a file in which titles are looked for. Convention.
    attached_least : float, probability
        Pair of a row of a released person and another below which they are not compared. Convention.
    attached_block : float, probability
        Pair of rows of released people above which they move together too. Convention: more likely than not.
    copied_most : int, rows
        Rows of one person on lists of released people that others can copy. Convention: four, with which
        there are at most 16 ways.
    copied_every : int, sweeps
        Sweeps after which it is drawn anew how often two lists copy each other. Convention: five, as every
        draw empties a cache.
    copied_least : float, probability
        Least share of copies of two lists, and of others. Convention: one in a hundred.
    attached_warm_up : int, sweeps
        Sweeps of each chain before the first draw of registers. Convention.
    attached_start : float, log odds
        Offset of the first sweep of both chains, one to each side. Convention.
    most_lists : int, lists
        Lists that one linkage takes: histories are bits of one integer. Convention.
    most_draws : int, draws
        Draws that are kept. Convention.
    name_letters : int, letters
        Letters of the longest name. Convention.
    name_words : int, words
        Words of the longest name. Convention.
    word_letters : int, letters
        Letters of the longest word. Convention.
    key_bytes : int, bytes
        Bytes of the shortest key. Convention.
    """

    block_rows: int = 200
    dated_block_rows: int = 25
    document_block_rows: int = 60
    all_pairs_rows: int = 400
    rare_word_rows: int = 25
    meant_word: float = 0.02
    misspelling_ratio: int = 8
    masked_digits: int = 10
    window_years: int = 732
    window_month: int = 31
    window_days: int = 4
    engine_rows: int = 100_000
    engine_least: float = 0.002
    engine_em_pairs: float = 3e6
    engine_random_pairs: float = 2e6
    engine_recall: float = 0.6
    hash_multiplier: int = 0x9E3779B97F4A7C15
    missed_draws: int = 2_000
    least_comparable: float = 0.01
    least_rate: float = 1e-9
    widest_missed: float = 0.1
    missed_draws_kept: int = 500
    split_rounds: int = 30
    split_converged: float = 1e-4
    channel_rounds: int = 200
    channel_converged: float = 1e-6
    channel_fixed: float = 1e9
    channel_again: int = 2
    error_documents: int = 5_000
    error_rounds: int = 30
    document_rows: int = 4
    true_words: int = 6
    true_words_least: float = 1e-4
    expensive_rows: int = 6
    expensive_true_words: int = 12
    expensive_splits: int = 2
    splits: int = 3
    split_least: float = 0.02
    split_combinations: int = 32
    slip_rounds: int = 50
    slip_days: int = 60
    slip_years: int = 30
    widest_interval: int = 4000
    calendar_days: int = 60_000
    product_rows: int = 16
    largest_factor: float = 1e250
    document_digits: int = 12
    word_misses: tuple[float, ...] = (0.0005, 0.004, 0.03)
    word_seconds: tuple[float, ...] = (0.004, 0.03, 0.2)
    error_odds: tuple[float, ...] = (0.0008, 0.0025, 0.008, 0.025, 0.08, 0.22, 0.6)
    slip_ratios: tuple[float, ...] = (0.15, 1.0, 6.0, 40.0)
    second_arrests: tuple[float, ...] = (0.003, 0.013, 0.055, 0.22)
    pair_rounds: int = 5
    pair_least: float = 0.02
    pair_factors: tuple[float, ...] = (0.5, 0.75, 1.33, 2.0)
    pair_hopeless: float = -14.0
    pair_relatives: float = 2.0
    pairs_dropped: float = 1e-4
    pair_dropped: float = 0.01
    listed_rows: int = 12
    listed_clusters: int = 300
    listed_partitions: int = 4200
    cluster_negligible: float = 14.0
    free_rows: int = 3
    least_relatives: float = 1e-12
    steps: int = 2
    offset_parts: int = 16
    chains: int = 4
    warm_up_listed: int = 25
    warm_up: int = 40
    fewest_sweeps: int = 60
    most_sweeps: int = 4_000
    most_lookups: int = 8_000_000
    call_cost: int = 500
    r_hat: float = 1.1
    chains_differ: float = 0.5
    chains_differ_share: float = 0.005
    all_moved: float = 0.999
    seldom_moved: float = 0.5
    expensive_budget: int = 3_000
    expensive_paid: int = 15
    clusters_kept: int = 1_000_000
    prepared_numbers: int = 400_000
    summed_numbers: int = 2_000_000
    weighed_rows: int = 2_000
    weighed_pairs: int = 100_000
    ruled_out: float = -1e6
    certain_rows: int = 6
    certain_searched: int = 3_000
    certain_ratio: float = 14.0
    certain_field: float = -2.0
    certain_pair: float = 2.0
    bounded_persons: int = 500
    bounded_pair: float = -3.0
    bounded_other: float = -5.0
    bounded_ends: float = 0.06
    doubtful: tuple[float, float] = (0.05, 0.95)
    worth_pair: tuple[float, float] = (0.001, 0.999)
    worth_draws: int = 200
    worth_lists: int = 6
    quality_draws: int = 400
    quality_level: float = 0.95
    own_rates: float = 50.0
    noted_missed: float = 0.01
    copied_words: int = 5
    copied_ratio: int = 3
    copied_rows: int = 10
    copied_letters: int = 4
    script_slips: float = 0.01
    script_documented: float = 0.9
    early_arrest: int = 7305
    shown_documents: int = 3
    shown_problems: int = 10
    versions_rows: float = 0.8
    versions_names: float = 0.95
    versions_fewest: int = 10
    parts_shared: float = 0.02
    blank_exits: float = 0.1
    strangers_rows: int = 5
    strangers_unnamed: int = 20
    strangers_compared: int = 40
    strangers_agreeing: float = 0.5
    other_arrest_days: int = 1
    other_birth_days: int = 366
    other_arrest_known: int = 3
    other_birth_known: int = 366
    other_prior: int = 10
    other_day_prior: int = 2
    other_most: int = 4_000
    other_document_rows: int = 6
    other_documented: float = 0.98
    other_pairs: int = 3
    other_unequal: float = 0.4
    other_z: float = 4.0
    rewritten_words: float = 0.5
    rewritten_least: int = 60
    rewritten_most: float = 4e6
    rewritten_rounds: int = 6
    letter_rounds: int = 3
    letter_units: tuple[tuple[int, int], ...] = ((1, 1), (1, 0), (1, 2), (1, 3), (2, 1), (2, 2))
    letter_pairs: int = 20_000
    rewritten_pair: float = 0.1
    rewritten_born: int = 31
    rewritten_arrested: int = 1
    rewritten_evidence: float = 3.0
    rewritten_near: int = 40
    rewritten_weight: float = 2.0
    rewritten_unseen: float = 0.1
    rewritten_word: float = 0.001
    rewritten_form: float = 0.05
    rewritten_persons: float = 8.0
    stated_arrest: float = 0.9
    days_of_release: float = 0.5
    title_rows: int = 5
    attached_least: float = 0.001
    attached_block: float = 0.5
    copied_most: int = 4
    copied_every: int = 5
    copied_least: float = 0.01
    attached_warm_up: int = 10
    attached_start: float = 6.0
    most_lists: int = 60
    most_draws: int = 20_000
    name_letters: int = 200
    name_words: int = 20
    word_letters: int = 40
    key_bytes: int = 8


PRIORS = Priors()
TUNING = Tuning()
