"""The papers behind the methods, each once."""

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
