"""The papers behind the methods, each once.

One list, read by authors and years: a paper that stood in two files would be cited in two ways.
"""

from __future__ import annotations

from detcount.citation import Reference

LAPLACE_1786 = Reference(
    "laplace1786",
    "Laplace, P. S.",
    1786,
    "Sur les naissances, les mariages et les morts",
    "Histoire de l'Académie royale des sciences (1783)",
    pages="693-702",
)
LINCOLN_1930 = Reference(
    "lincoln1930",
    "Lincoln, F. C.",
    1930,
    "Calculating waterfowl abundance on the basis of banding returns",
    "United States Department of Agriculture Circular",
    "118",
    "1-4",
)
CHAPMAN_1951 = Reference(
    "chapman1951",
    "Chapman, D. G.",
    1951,
    "Some properties of the hypergeometric distribution with applications to zoological sample censuses",
    "University of California Publications in Statistics",
    "1(7)",
    "131-160",
)
HARVEY_1989 = Reference(
    "harvey1989",
    "Harvey, A. C.",
    1989,
    "Forecasting, structural time series models and the Kalman filter",
    "Cambridge University Press",
    doi="10.1017/CBO9781107049994",
)
SEBER_1982 = Reference(
    "seber1982",
    "Seber, G. A. F.",
    1982,
    "The estimation of animal abundance and related parameters",
    "Griffin, London, second edition",
)
CHAO_1987 = Reference(
    "chao1987",
    "Chao, A.",
    1987,
    "Estimating the population size for capture-recapture data with unequal catchability",
    "Biometrics",
    "43(4)",
    "783-791",
    "10.2307/2531532",
)
GERRITSE_2015 = Reference(
    "gerritse2015",
    "Gerritse, S. C. and van der Heijden, P. G. M. and Bakker, B. F. M.",
    2015,
    "Sensitivity of population size estimation for violating parametric assumptions in log-linear models",
    "Journal of Official Statistics",
    "31(3)",
    "357-379",
    "10.1515/jos-2015-0022",
)
MADIGAN_YORK_1997 = Reference(
    "madigan1997",
    "Madigan, D. and York, J. C.",
    1997,
    "Bayesian methods for estimation of the size of a closed population",
    "Biometrika",
    "84(1)",
    "19-31",
    "10.1093/biomet/84.1.19",
)
DAWID_LAURITZEN_1993 = Reference(
    "dawid1993",
    "Dawid, A. P. and Lauritzen, S. L.",
    1993,
    "Hyper Markov laws in the statistical analysis of decomposable graphical models",
    "Annals of Statistics",
    "21(3)",
    "1272-1317",
    "10.1214/aos/1176349260",
)
CHAO_TSAY_1998 = Reference(
    "chao1998",
    "Chao, A. and Tsay, P. K.",
    1998,
    "A sample coverage approach to multiple-system estimation with application to census undercount",
    "Journal of the American Statistical Association",
    "93(441)",
    "283-293",
    "10.2307/2669624",
)
CHAO_2001 = Reference(
    "chao2001",
    "Chao, A. and Tsay, P. K. and Lin, S.-H. and Shau, W.-Y. and Chao, D.-Y.",
    2001,
    "The applications of capture-recapture models to epidemiological data",
    "Statistics in Medicine",
    "20(20)",
    "3123-3157",
    "10.1002/sim.996",
)
CHAO_1984 = Reference(
    "chao1984",
    "Chao, A.",
    1984,
    "Nonparametric estimation of the number of classes in a population",
    "Scandinavian Journal of Statistics",
    "11(4)",
    "265-270",
)
CHAO_LEE_1992 = Reference(
    "chao1992",
    "Chao, A. and Lee, S.-M.",
    1992,
    "Estimating the number of classes via sample coverage",
    "Journal of the American Statistical Association",
    "87(417)",
    "210-217",
    "10.1080/01621459.1992.10475194",
)
CHAO_BUNGE_2002 = Reference(
    "chao2002",
    "Chao, A. and Bunge, J.",
    2002,
    "Estimating the number of species in a stochastic abundance model",
    "Biometrics",
    "58(3)",
    "531-539",
    "10.1111/j.0006-341X.2002.00531.x",
)
BURNHAM_OVERTON_1978 = Reference(
    "burnham1978",
    "Burnham, K. P. and Overton, W. S.",
    1978,
    "Estimation of the size of a closed population when capture probabilities vary among animals",
    "Biometrika",
    "65(3)",
    "625-633",
    "10.1093/biomet/65.3.625",
)
BURNHAM_OVERTON_1979 = Reference(
    "burnham1979",
    "Burnham, K. P. and Overton, W. S.",
    1979,
    "Robust estimation of population size when capture probabilities vary among animals",
    "Ecology",
    "60(5)",
    "927-936",
    "10.2307/1936861",
)
ZELTERMAN_1988 = Reference(
    "zelterman1988",
    "Zelterman, D.",
    1988,
    "Robust estimation in truncated discrete distributions with application to capture-recapture experiments",
    "Journal of Statistical Planning and Inference",
    "18(2)",
    "225-237",
    "10.1016/0378-3758(88)90007-9",
)
BOEHNING_2008 = Reference(
    "bohning2008",
    "Böhning, D.",
    2008,
    "A simple variance formula for population size estimators by conditioning",
    "Statistical Methodology",
    "5(5)",
    "410-423",
    "10.1016/j.stamet.2007.10.001",
)
VAN_DER_HEIJDEN_2003 = Reference(
    "vanderheijden2003",
    "van der Heijden, P. G. M. and Bustami, R. and Cruyff, M. J. L. F. and Engbersen, G. "
    "and van Houwelingen, H. C.",
    2003,
    "Point and interval estimation of the population size using the truncated Poisson regression model",
    "Statistical Modelling",
    "3(4)",
    "305-322",
    "10.1191/1471082X03st057oa",
)
NIWITPONG_2013 = Reference(
    "niwitpong2013",
    "Niwitpong, S. and Böhning, D. and van der Heijden, P. G. M. and Holling, H.",
    2013,
    "Capture-recapture estimation based upon the geometric distribution allowing for heterogeneity",
    "Metrika",
    "76",
    "495-519",
)
SAMPFORD_1955 = Reference(
    "sampford1955",
    "Sampford, M. R.",
    1955,
    "The truncated negative binomial distribution",
    "Biometrika",
    "42(1-2)",
    "58-69",
    "10.1093/biomet/42.1-2.58",
)
FIENBERG_1972 = Reference(
    "fienberg1972",
    "Fienberg, S. E.",
    1972,
    "The multiple recapture census for closed populations and incomplete 2^k contingency tables",
    "Biometrika",
    "59(3)",
    "591-603",
    "10.1093/biomet/59.3.591",
)
RIVEST_LEVESQUE_2001 = Reference(
    "rivest2001",
    "Rivest, L.-P. and Lévesque, T.",
    2001,
    "Improved log-linear model estimators of abundance in capture-recapture experiments",
    "Canadian Journal of Statistics",
    "29(4)",
    "555-572",
    "10.2307/3316007",
)
ALESHIN_GUENDEL_2024 = Reference(
    "aleshinguendel2024",
    "Aleshin-Guendel, S. and Sadinle, M. and Wakefield, J.",
    2024,
    "The central role of the identifying assumption in population size estimation",
    "Biometrics",
    "80(1)",
    "ujad028",
    "10.1093/biomtc/ujad028",
)
CHAN_2021 = Reference(
    "chan2021",
    "Chan, L. and Silverman, B. W. and Vincent, K.",
    2021,
    "Multiple systems estimation for sparse capture data: inferential challenges when there are "
    "nonoverlapping lists",
    "Journal of the American Statistical Association",
    "116(535)",
    "1297-1306",
    "10.1080/01621459.2019.1708748",
)
SILVERMAN_2024 = Reference(
    "silverman2024",
    "Silverman, B. W. and Chan, L. and Vincent, K.",
    2024,
    "Bootstrapping multiple systems estimates to account for model selection",
    "Statistics and Computing",
    "34",
    "44",
    "10.1007/s11222-023-10346-9",
)
EFRON_1987 = Reference(
    "efron1987",
    "Efron, B.",
    1987,
    "Better bootstrap confidence intervals",
    "Journal of the American Statistical Association",
    "82(397)",
    "171-185",
    "10.2307/2289144",
)
BURNHAM_ANDERSON_2002 = Reference(
    "burnham2002",
    "Burnham, K. P. and Anderson, D. R.",
    2002,
    "Model selection and multimodel inference: a practical information-theoretic approach",
    "Springer, second edition",
)
MANRIQUE_VALLIER_2016 = Reference(
    "manriquevallier2016",
    "Manrique-Vallier, D.",
    2016,
    "Bayesian population size estimation using Dirichlet process mixtures",
    "Biometrics",
    "72(4)",
    "1246-1254",
    "10.1111/biom.12502",
)
NEAL_2011 = Reference(
    "neal2011",
    "Neal, R. M.",
    2011,
    "MCMC using Hamiltonian dynamics",
    "Handbook of Markov Chain Monte Carlo, Chapman and Hall/CRC",
    pages="113-162",
)
GEYER_1991 = Reference(
    "geyer1991",
    "Geyer, C. J.",
    1991,
    "Markov chain Monte Carlo maximum likelihood",
    "Computing Science and Statistics",
    "23",
    "156-163",
)
FIENBERG_RINALDO_2012 = Reference(
    "fienberg2012",
    "Fienberg, S. E. and Rinaldo, A.",
    2012,
    "Maximum likelihood estimation in log-linear models",
    "Annals of Statistics",
    "40(2)",
    "996-1023",
    "10.1214/12-AOS986",
)
CORMACK_1992 = Reference(
    "cormack1992",
    "Cormack, R. M.",
    1992,
    "Interval estimation for mark-recapture studies of closed populations",
    "Biometrics",
    "48(2)",
    "567-576",
    "10.2307/2532310",
)
CHAO_1989 = Reference(
    "chao1989",
    "Chao, A.",
    1989,
    "Estimating population size for sparse data in capture-recapture experiments",
    "Biometrics",
    "45(2)",
    "427-438",
    "10.2307/2531487",
)
OTIS_1978 = Reference(
    "otis1978",
    "Otis, D. L. and Burnham, K. P. and White, G. C. and Anderson, D. R.",
    1978,
    "Statistical inference from capture data on closed animal populations",
    "Wildlife Monographs",
    "62",
    "3-135",
)
DARROCH_1993 = Reference(
    "darroch1993",
    "Darroch, J. N. and Fienberg, S. E. and Glonek, G. F. V. and Junker, B. W.",
    1993,
    "A three-sample multiple-recapture approach to census population estimation with heterogeneous "
    "catchability",
    "Journal of the American Statistical Association",
    "88(423)",
    "1137-1148",
    "10.1080/01621459.1993.10476387",
)
RIVEST_BAILLARGEON_2007 = Reference(
    "rivest2007",
    "Rivest, L.-P. and Baillargeon, S.",
    2007,
    "Applications and extensions of Chao's moment estimator for the size of a closed population",
    "Biometrics",
    "63(4)",
    "999-1006",
    "10.1111/j.1541-0420.2007.00779.x",
)
BUCKLAND_GARTHWAITE_1991 = Reference(
    "buckland1991",
    "Buckland, S. T. and Garthwaite, P. H.",
    1991,
    "Quantifying precision of mark-recapture estimates using the bootstrap and related methods",
    "Biometrics",
    "47(1)",
    "255-268",
    "10.2307/2532510",
)
KING_BROOKS_2001 = Reference(
    "king2001",
    "King, R. and Brooks, S. P.",
    2001,
    "On the Bayesian analysis of population size",
    "Biometrika",
    "88(2)",
    "317-336",
    "10.1093/biomet/88.2.317",
)
HOOK_REGAL_2000 = Reference(
    "hook2000",
    "Hook, E. B. and Regal, R. R.",
    2000,
    "Accuracy of alternative approaches to capture-recapture estimates of disease frequency: "
    "internal validity analysis of data from five sources",
    "American Journal of Epidemiology",
    "152(8)",
    "771-779",
    "10.1093/aje/152.8.771",
)
BINETTE_STEORTS_2022 = Reference(
    "binette2022",
    "Binette, O. and Steorts, R. C.",
    2022,
    "On the reliability of multiple systems estimation for the quantification of modern slavery",
    "Journal of the Royal Statistical Society Series A",
    "185(2)",
    "640-676",
    "10.1111/rssa.12803",
)
DEL_MORAL_2006 = Reference(
    "delmoral2006",
    "Del Moral, P. and Doucet, A. and Jasra, A.",
    2006,
    "Sequential Monte Carlo samplers",
    "Journal of the Royal Statistical Society Series B",
    "68(3)",
    "411-436",
    "10.1111/j.1467-9868.2006.00553.x",
)
SILVERMAN_2020 = Reference(
    "silverman2020",
    "Silverman, B. W.",
    2020,
    "Multiple-systems analysis for the quantification of modern slavery: classical and Bayesian approaches",
    "Journal of the Royal Statistical Society Series A",
    "183(3)",
    "691-736",
    "10.1111/rssa.12505",
)
VAN_NOORTWIJK_2009 = Reference(
    "vannoortwijk2009",
    "van Noortwijk, J. M.",
    2009,
    "A survey of the application of gamma processes in maintenance",
    "Reliability Engineering and System Safety",
    "94(1)",
    "2-21",
    "10.1016/j.ress.2007.03.019",
)
VEHTARI_2024 = Reference(
    "vehtari2024",
    "Vehtari, A. and Simpson, D. and Gelman, A. and Yao, Y. and Gabry, J.",
    2024,
    "Pareto smoothed importance sampling",
    "Journal of Machine Learning Research",
    "25(72)",
    "1-58",
)
NTZOUFRAS_2003 = Reference(
    "ntzoufras2003",
    "Ntzoufras, I. and Dellaportas, P. and Forster, J. J.",
    2003,
    "Bayesian variable and link determination for generalised linear models",
    "Journal of Statistical Planning and Inference",
    "111(1-2)",
    "165-180",
    "10.1016/S0378-3758(02)00298-7",
)
SABANES_BOVE_HELD_2011 = Reference(
    "sabanesbove2011",
    "Sabanés Bové, D. and Held, L.",
    2011,
    "Hyper-g priors for generalized linear models",
    "Bayesian Analysis",
    "6(3)",
    "387-410",
    "10.1214/11-BA615",
)
OVERSTALL_KING_2014 = Reference(
    "overstall2014",
    "Overstall, A. M. and King, R.",
    2014,
    "conting: an R package for Bayesian analysis of complete and incomplete contingency tables",
    "Journal of Statistical Software",
    "58(7)",
    "1-27",
    "10.18637/jss.v058.i07",
)
SKELLAM_1948 = Reference(
    "skellam1948",
    "Skellam, J. G.",
    1948,
    "A probability distribution derived from the binomial distribution by regarding the probability of "
    "success as variable between the sets of trials",
    "Journal of the Royal Statistical Society B",
    "10(2)",
    "257-261",
    "10.1111/j.2517-6161.1948.tb00014.x",
)
ROYLE_2004 = Reference(
    "royle2004",
    "Royle, J. A.",
    2004,
    "N-mixture models for estimating population size from spatially replicated counts",
    "Biometrics",
    "60(1)",
    "108-115",
    "10.1111/j.0006-341X.2004.00142.x",
)
LAWLESS_1994 = Reference(
    "lawless1994",
    "Lawless, J. F.",
    1994,
    "Adjustments for reporting delays and the prediction of occurred but not reported events",
    "Canadian Journal of Statistics",
    "22(1)",
    "15-31",
    "10.2307/3315826.n1",
)
HOEHLE_AN_DER_HEIDEN_2014 = Reference(
    "hoehle2014",
    "Höhle, M. and an der Heiden, M.",
    2014,
    "Bayesian nowcasting during the STEC O104:H4 outbreak in Germany, 2011",
    "Biometrics",
    "70(4)",
    "993-1002",
    "10.1111/biom.12194",
)
RUE_2009 = Reference(
    "rue2009",
    "Rue, H. and Martino, S. and Chopin, N.",
    2009,
    "Approximate Bayesian inference for latent Gaussian models by using integrated nested Laplace "
    "approximations",
    "Journal of the Royal Statistical Society Series B",
    "71",
    "319-392",
    "10.1111/j.1467-9868.2008.00700.x",
)
RUBIN_1987 = Reference(
    "rubin1987",
    "Rubin, D. B.",
    1987,
    "Multiple imputation for nonresponse in surveys",
    "Wiley, New York",
)
BARNARD_RUBIN_1999 = Reference(
    "barnard1999",
    "Barnard, J. and Rubin, D. B.",
    1999,
    "Small-sample degrees of freedom with multiple imputation",
    "Biometrika",
    "86(4)",
    "948-955",
    "10.1093/biomet/86.4.948",
)
SADINLE_2018 = Reference(
    "sadinle2018",
    "Sadinle, M.",
    2018,
    "Bayesian propagation of record linkage uncertainty into population size estimation of human rights "
    "violations",
    "The Annals of Applied Statistics",
    "12(2)",
    "1013-1038",
    "10.1214/18-AOAS1178",
)
ZHOU_REITER_2010 = Reference(
    "zhou2010",
    "Zhou, X. and Reiter, J. P.",
    2010,
    "A note on Bayesian inference after multiple imputation",
    "The American Statistician",
    "64(2)",
    "159-163",
    "10.1198/tast.2010.09109",
)
