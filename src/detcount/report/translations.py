"""Spanish for the sentences that estimators write in English: reasons, remedies and notes.

Estimators speak English. A report in Spanish looks each sentence up here; one that is not found
stays in English, which a test forbids for every sentence that the shipped tables bring out.
"""

from __future__ import annotations

import re
from functools import cache

from detcount.assumptions import Language
from detcount.report.messages import NO_BREAK
from detcount.words import Message, said

__all__ = ["has_translation", "localised_number", "translate"]

# Each pattern matches a whole sentence or clause. What it catches goes into the Spanish: numbers written
# the Spanish way, phrases and clauses looked up in turn, names as they are.
_SENTENCES: tuple[tuple[str, str], ...] = (
    # any estimator
    (r"needs exactly (\d+) lists, got (\d+)", "necesita exactamente {0} listas y hay {1}"),
    (r"needs at least (\d+) lists, got (\d+)", "necesita al menos {0} listas y hay {1}"),
    (r"takes at most (\d+) lists, got (\d+)", "admite como máximo {0} listas y hay {1}"),
    (r"list ('.*'|\".*\") names nobody", "la lista {0} no incluye a nadie"),
    (r"nobody is on the other lists", "nadie figura en las otras listas"),
    (r"an iteration did not converge", "una iteración no llegó a converger"),
    (r"Use another family\.", "Use otro método."),
    (r"Leave it out: table\.drop\((.*)\)\.", "Déjela fuera: table.drop({0})."),
    (
        r"Use LogLinear, or merge the lists into (\d+)\.",
        "Use LogLinear, o una las listas hasta que queden {0}.",
    ),
    (r"Add a list that was made independently\.", "Añada una lista elaborada de forma independiente."),
    (
        r"Use Chapman with an odds-ratio sensitivity, or add a list that was made independently\.",
        "Use Chapman con un análisis de sensibilidad a la razón de momios, o añada una lista elaborada de forma independiente.",
    ),
    (
        r"Merge lists that share a source \(table\.merge\), or keep the largest \(table\.keep\)\.",
        "Una las listas que comparten fuente (table.merge) o conserve las más grandes (table.keep).",
    ),
    (r"Report those listed\.", "Informe de las personas listadas."),
    (r"no two lists share anybody", "ninguna persona figura en dos listas"),
    (
        r"Report those listed: these lists set no upper limit\.",
        "Informe de las personas listadas: estas listas no fijan un límite superior.",
    ),
    (
        r"Use ChaoLowerBound, or report those listed\.",
        "Use ChaoLowerBound, o informe de las personas listadas.",
    ),
    # two lists
    (
        r"everybody on list ('.*'|\".*\") is also on list ('.*'|\".*\"), so no spread can be estimated",
        "todas las personas de la lista {0} figuran también en la lista {1}, de modo que no se puede estimar la dispersión",
    ),
    (
        r"everybody on list ('.*'|\".*\") is also on list ('.*'|\".*\"), so no odds ratio gives the unlisted",
        "todas las personas de la lista {0} figuran también en la lista {1}, de modo que ninguna razón de momios da las no listadas",
    ),
    (
        r"Use (\w+)\(interval=Hypergeometric\(\)\), and check that (.*) is no copy of (.*)\.",
        "Use {0}(interval=Hypergeometric()), y compruebe que {1} no es una copia de {2}.",
    ),
    (
        r"lists (.*) share nobody, so the data set no upper limit",
        "las listas {0} no comparten a nadie, de modo que los datos no fijan un límite superior",
    ),
    (
        r"lists (.*) share nobody, so the data set no upper limit, and a log-normal one would",
        "las listas {0} no comparten a nadie, de modo que los datos no fijan un límite superior, y uno log-normal sí lo haría",
    ),
    (
        r"Use Chapman\(interval=Hypergeometric\(\)\) for the lower limit, or report those listed\.",
        "Use Chapman(interval=Hypergeometric()) para el límite inferior, o informe de las personas listadas.",
    ),
    (
        r"The lists (.*) share nobody: the data set no upper limit, and the point rests on the 1 that the formula adds to the overlap\.",
        "Las listas {0} no comparten a nadie: los datos no fijan un límite superior, y la estimación se apoya en el 1 que la fórmula suma a la coincidencia.",
    ),
    # log-linear models
    (
        r"model (\S+) (has no finite maximum.*|does not determine.*) \(existence code (\d)\)",
        "el modelo {0} {1} (código de existencia {2})",
    ),
    (
        r"(has no finite maximum: capture histories that nobody has let a term run away), and (does not determine.*)",
        "{0}, y {1}",
    ),
    (
        r"has no finite maximum: capture histories that nobody has let a term run away",
        "no tiene máximo finito: hay combinaciones de listas sin nadie que dejan crecer un término sin límite",
    ),
    (
        r"does not determine the persons on no list: too many overlaps are empty",
        "no determina las personas que no figuran en ninguna lista: demasiadas coincidencias están vacías",
    ),
    (
        r"Merge lists that share nobody \(table\.merge\); for two lists, use Chapman\(interval=Hypergeometric\(\)\)\.",
        "Una las listas que no comparten a nadie (table.merge); con dos listas, use Chapman(interval=Hypergeometric()).",
    ),
    (
        r"Use fewer interactions, or merge lists that share few persons \(table\.merge\)\.",
        "Use menos interacciones, o una las listas que comparten pocas personas (table.merge).",
    ),
    (
        r"Nobody is on these lists together: (.*)\. The model takes that as impossible: the interaction is minus infinity\.",
        "Nadie figura a la vez en estas listas: {0}. El modelo lo toma por imposible: la interacción es menos infinito.",
    ),
    # chosen, averaged and stepwise models
    (
        r"([\d,]+) (hierarchical models.*) were compared by (BIC|AIC|AICc): (\d+) lists, interactions of up to (\d+); all could be fitted\.",
        "Se compararon por {2} {0} {1}: {3} listas, interacciones de hasta {4}; todos se pudieron ajustar.",
    ),
    (
        r"([\d,]+) (hierarchical models.*) were compared by (BIC|AIC|AICc): (\d+) lists, interactions of up to (\d+); "
        r"([\d,]+) of them were left out because their likelihood has no maximum, or does not determine N\.",
        "Se compararon por {2} {0} {1}: {3} listas, interacciones de hasta {4}; se dejaron fuera {5} porque su verosimilitud no tiene máximo o no determina N.",
    ),
    (r"hierarchical models", "modelos jerárquicos"),
    (
        r"hierarchical models that a search by single changes came across",
        "modelos jerárquicos encontrados en una búsqueda por cambios de un solo término",
    ),
    (r"all of them", "todos ellos"),
    (r"the ([\d,]+) best", "los {0} mejores"),
    (
        r"The choice was repeated in ([\d,]+) resamples, among (.*)\.",
        "La elección se repitió en {0} remuestras, entre {1}.",
    ),
    (
        r"The interval takes the model as given: no choice was repeated in the resamples\.",
        "El intervalo da el modelo por bueno: no se repitió la elección en las remuestras.",
    ),
    (
        r"The model chosen, (\S+), has as many terms as there are capture histories: it fits whatever was observed, and nothing is left to test it\.",
        "El modelo elegido, {0}, tiene tantos términos como combinaciones de listas hay: se ajusta a cualquier observación y no queda nada con que ponerlo a prueba.",
    ),
    (
        r"(\d+) models lie within (\S+) (BIC|AIC|AICc) units of the best; their estimates go from ([\d,]+) to ([\d,]+) persons\.",
        "{0} modelos están a {1} unidades de {2} o menos del mejor; sus estimaciones van de {3} a {4} personas.",
    ),
    (
        r"([\d,]+) models that put more than (\S+) unlisted persons to each listed one (?:was|were) left out; they held (\S+) of the (BIC|AIC|AICc) weight\.",
        "Se dejaron fuera {0} modelos que ponen más de {1} personas no listadas por cada listada; tenían el {2} del peso de {3}.",
    ),
    (
        r"The resamples average the ([\d,]+) best models, which hold (\S+) of the weight; the others are taken to move in proportion\.",
        "Las remuestras promedian los {0} mejores modelos, que tienen el {1} del peso; se supone que los demás se mueven en proporción.",
    ),
    (r"The greatest weight, (\S+), is that of (\S+)\.", "El mayor peso, {0}, es el de {1}."),
    (
        r"No pair of lists has a p-value of (\S+) or less: they are taken as independent\.",
        "Ningún par de listas tiene un valor p de {0} o menos: se toman por independientes.",
    ),
    (
        r"Pairs of lists that depend on each other in the model reached: (.*)\.",
        "Pares de listas que dependen entre sí en el modelo alcanzado: {0}.",
    ),
    (
        r"Lists that share nobody, their dependence at minus infinity: (.*)\.",
        "Listas que no comparten a nadie, con su dependencia en menos infinito: {0}.",
    ),
    (
        r"In ([\d,]+) of ([\d,]+) resamples no candidate (?:model )?could be fitted or was plausible; they count as infinitely many persons, so there may be no upper limit\.",
        "En {0} de {1} remuestras ningún modelo se pudo ajustar o fue verosímil; cuentan como infinitas personas, de modo que puede no haber límite superior.",
    ),
    (
        r"([\d,]+) fits in resamples did not settle and were left out of the choice\.",
        "{0} ajustes en remuestras no se estabilizaron y quedaron fuera de la elección.",
    ),
    (
        r"BCa reads the lower limit at probability (\S+), beyond what ([\d,]+) resamples can show: it is the most extreme of them\. Use more resamples\.",
        "BCa lee el límite inferior en la probabilidad {0}, más allá de lo que muestran {1} remuestras: es la más extrema de ellas. Use más remuestras.",
    ),
    (
        r"BCa reads the upper limit at probability (\S+), beyond what ([\d,]+) resamples can show: it is the most extreme of them\. Use more resamples\.",
        "BCa lee el límite superior en la probabilidad {0}, más allá de lo que muestran {1} remuestras: es la más extrema de ellas. Use más remuestras.",
    ),
    (
        r"BCa reads the lower limit at probability (\S+) and the upper limit at probability (\S+), beyond what ([\d,]+) resamples can show: it is the most extreme of them\. Use more resamples\.",
        "BCa lee el límite inferior en la probabilidad {0} y el superior en {1}, más allá de lo que muestran {2} remuestras: son las más extremas. Use más remuestras.",
    ),
    (
        r"none of ([\d,]+) candidate models can be fitted: the lists overlap too little",
        "ninguno de los {0} modelos candidatos se puede ajustar: las listas coinciden demasiado poco",
    ),
    (
        r"the lists overlap too little to fit even the model of independent lists",
        "las listas coinciden demasiado poco para ajustar siquiera el modelo de listas independientes",
    ),
    (
        r"Report the persons listed as a floor, merge lists that share a source, or add a list\.",
        "Informe de las personas listadas como mínimo, una las listas que comparten fuente o añada una lista.",
    ),
    # Bayesian families
    (
        r"The posterior has (\d+) modes, near (.*) persons: models that fit about as well disagree, and one number hides it\.",
        "La distribución a posteriori tiene {0} modas, cerca de {1} personas: modelos que se ajustan más o menos igual de bien no coinciden, y una cifra única lo oculta.",
    ),
    (r"([\d,]+) and ([\d,]+(?: and [\d,]+)*)", "{0} y {1}"),
    (
        r"So few persons are on more than one list that the upper limit rests on the prior\.",
        "Tan pocas personas figuran en más de una lista que el límite superior se apoya en la distribución a priori.",
    ),
    (
        r"About (\S+) of the posterior lies beyond the largest number added up\.",
        "Alrededor de {0} de la distribución a posteriori queda más allá de la mayor cifra sumada.",
    ),
    (
        r"no two lists share anybody, so the data set no upper limit and the prior alone would",
        "ninguna persona figura en dos listas, de modo que los datos no fijan un límite superior y solo lo haría la distribución a priori",
    ),
    (
        r"Report the persons listed as a floor, or look for names that were spelt differently\.",
        "Informe de las personas listadas como mínimo, o busque nombres escritos de otra manera.",
    ),
    (
        r"the posterior of N has no end: the overlaps say too little to bound it",
        "la distribución a posteriori de N no tiene fin: las coincidencias dicen demasiado poco para acotarla",
    ),
    (
        r"State what is known of N with NegativeBinomial or ElicitedLogNormal, or merge lists\.",
        "Indique lo que se sabe de N con NegativeBinomial o ElicitedLogNormal, o una listas.",
    ),
    (
        r"(\d+) chains, R-hat of log N (\S+), effective sample size ([\d,]+)\.",
        "{0} cadenas, R-hat de log N {1}, tamaño de muestra efectivo {2}.",
    ),
    (
        r"(\d+) classes were used: with so few lists more cannot be told apart\.",
        "Se usaron {0} clases: con tan pocas listas no se pueden distinguir más.",
    ),
    (
        r"Chains settled on different numbers, so they were coupled to flatter copies \(replica exchange\): the posterior has several modes\.",
        "Las cadenas se asentaron en cifras distintas, por lo que se acoplaron a copias más planas (intercambio de réplicas): la distribución a posteriori tiene varias modas.",
    ),
    (
        r"With probability (\S+) there are more than (\d+) unlisted persons for each listed one: the upper limit rests on the prior\.",
        "Con probabilidad {0} hay más de {1} personas no listadas por cada listada: el límite superior se apoya en la distribución a priori.",
    ),
    (
        r"after ([\d,]+) draws of (\d+) chains R-hat of log N is (\S+) and the effective sample size (\d+), of (\d+) asked for",
        "tras {0} extracciones de {1} cadenas, R-hat de log N es {2} y el tamaño de muestra efectivo {3}, de {4} pedidas",
    ),
    (
        r"Raise max_draws, or report a range: the posterior has modes that no chain joins\.",
        "Aumente max_draws, o informe de un rango: la distribución a posteriori tiene modas que ninguna cadena une.",
    ),
    (
        r"Lists that depend on each other in the model reached: (.*)\.",
        "Listas que dependen entre sí en el modelo alcanzado: {0}.",
    ),
    (
        r"No dependence between lists stands out: they are taken as independent\.",
        "No destaca ninguna dependencia entre las listas: se toman por independientes.",
    ),
    (
        r"Close to the threshold of (\S+), so that chance or other software may decide otherwise: (.*)\.",
        "Cerca del umbral de {0}, de modo que el azar u otro programa pueden decidir otra cosa: {1}.",
    ),
    (
        r"The draws are worth ([\d,]+) independent ones, with a Pareto shape of (\S+): do not rely on the limits\.",
        "Las extracciones equivalen a {0} independientes, con una forma de Pareto de {1}: no se apoye en los límites.",
    ),
    (
        r"the lists overlap too little: under flat priors the posterior of model (\S+) has no end \(existence code (\d)\)",
        "las listas coinciden demasiado poco: con distribuciones a priori planas, la distribución a posteriori del modelo {0} no tiene fin (código de existencia {1})",
    ),
    (
        r"Merge lists that share nobody \(table\.merge\), or report the persons listed as a floor\.",
        "Una las listas que no comparten a nadie (table.merge), o informe de las personas listadas como mínimo.",
    ),
    # what was learned from populations of known size
    (r"nobody is on two lists", "nadie figura en dos listas"),
    (
        r"Report the persons listed as a floor, or add a list that shares persons with these\.",
        "Informe de las personas listadas como mínimo, o añada una lista que comparta personas con estas.",
    ),
    (
        r"Report the persons listed as a floor, or merge lists that share a source\.",
        "Informe de las personas listadas como mínimo, o una las listas que comparten fuente.",
    ),
    (
        r"Learned from ([\d,]+) cases of known size, from (\d+) data sets\.",
        "Aprendido de {0} casos de tamaño conocido, de {1} conjuntos de datos.",
    ),
    (
        r"Learned from ([\d,]+) pairs of lists of known size, from (\d+) data sets\.",
        "Aprendido de {0} pares de listas de tamaño conocido, de {1} conjuntos de datos.",
    ),
    (
        r"Learned from ([\d,]+) cases of known size, from (\d+) data sets in (\d+) groups; about (\S+) of the spread of errors lies between groups\.",
        "Aprendido de {0} casos de tamaño conocido, de {1} conjuntos de datos en {2} grupos; cerca del {3} de la dispersión de los errores está entre grupos.",
    ),
    (
        r"Learned from ([\d,]+) pairs of lists of known size, from (\d+) data sets in (\d+) groups; about (\S+) of the spread of errors lies between groups\.",
        "Aprendido de {0} pares de listas de tamaño conocido, de {1} conjuntos de datos en {2} grupos; cerca del {3} de la dispersión de los errores está entre grupos.",
    ),
    (
        r"There are (\d+) lists here, and at most (\d+) in a case learned from\.",
        "Aquí hay {0} listas, y como máximo {1} en un caso del que se aprendió.",
    ),
    (
        r"Over the cases the odds ratio of two lists is (\S+) in the middle, and from (\S+) to (\S+) for two thirds of pairs\.",
        "En los casos, la razón de momios de dos listas es {0} en el centro, y va de {1} a {2} en dos tercios de los pares.",
    ),
    (
        r"Of interactions nothing is used: all overlaps are among the (\d+) smallest lists\.",
        "De las interacciones no se usa nada: todas las coincidencias están entre las {0} listas menores.",
    ),
    (
        r"beyond (\d+) lists the smallest are taken as one, and no other two overlap",
        "con más de {0} listas las menores se toman como una, y no hay otras dos que coincidan",
    ),
    (
        r"Merge lists that share a source, or learn of errors too\.",
        "Una las listas que comparten fuente, o aprenda también de los errores.",
    ),
    (
        r"For the interactions the (\d+) smallest lists are taken as one\.",
        "Para las interacciones, las {0} listas menores se toman como una.",
    ),
    (
        r"Without (.*), which gave no answer: what was learned is for the rest too, 1 estimator\.",
        "Sin {0}, por falta de respuesta: lo aprendido vale también para el resto, 1 estimador.",
    ),
    (
        r"Without (.*), which gave no answer: what was learned is for the rest too, (\d+) estimators\.",
        "Sin {0}, por falta de respuesta: lo aprendido vale también para el resto, {1} estimadores.",
    ),
    (r"(\w+\(.*?\)) and (\w+\(.*\))", "{0} y {1}"),
    (
        r"The base finds nobody unlisted, so the interval is the number listed\.",
        "La base no halla a nadie sin listar, de modo que el intervalo es el número de personas listadas.",
    ),
    (
        r"The base finds nobody unlisted, which counts as half a person, as in the cases\.",
        "La base no halla a nadie sin listar, lo que cuenta como media persona, igual que en los casos.",
    ),
    (r"no estimator of the base answers \((.*)\)", "ningún estimador de la base responde ({0})"),
    (r"(\w+\(.*?\)): ([^;]*)", "{0}: {1}"),
    (r"(\w+\(.*?\): [^;]*); (.*)", "{0}; {1}"),
    # families that were not asked
    (r"left out of this assessment on request", "excluido de esta evaluación a petición de quien la hizo"),
    (r"Run assess without `families`\.", "Ejecute assess sin `families`."),
    (
        r"not asked with more than (\d+) lists, where it takes minutes",
        "no se le pregunta con más de {0} listas, pues tarda minutos",
    ),
    (
        r"not asked with more than (\d+) lists: its search takes minutes",
        "no se le pregunta con más de {0} listas: su búsqueda tarda minutos",
    ),
    (
        r"Merge lists that share a source \(table\.merge\), or fit it alone\.",
        "Una las listas que comparten fuente (table.merge), o ajústelo por separado.",
    ),
    # bounds and heterogeneity
    (
        r"The figure is a lower bound: the more persons differ in how easily they are listed, the further it falls short\.",
        "La cifra es una cota inferior: cuanto más difieren las personas en su facilidad para ser listadas, más corta se queda.",
    ),
    (
        r"Terms held at zero that would be negative: (.*)\.",
        "Términos fijados en cero que serían negativos: {0}.",
    ),
    (
        r"How persons differ cannot be seen for those on no list: forms that fit alike can give figures far apart\.",
        "No se puede ver cómo difieren las personas que no figuran en ninguna lista: formas que se ajustan igual de bien pueden dar cifras muy distintas.",
    ),
    (
        r"the likelihood of (model .*) has no greatest value at finite coefficients: too few persons are on several lists for its terms",
        "la verosimilitud del {0} no alcanza su máximo con coeficientes finitos: muy pocas personas figuran en varias listas para sus términos",
    ),
    (r"model (\w+) with form (\w+)", "modelo {0} con forma {1}"),
    (r"model (\w+)", "modelo {0}"),
    (
        r"Use a model with fewer terms, such as M0 or Mt, or ChaoLowerBound\.",
        "Use un modelo con menos términos, como M0 o Mt, o ChaoLowerBound.",
    ),
    (
        r"(model .*) puts more than a million unlisted persons beside each listed one",
        "el {0} pone más de un millón de personas no listadas por cada listada",
    ),
    (r"nobody is on exactly one list", "nadie figura en una sola lista"),
    (r"nobody is on exactly two lists", "nadie figura en dos listas exactamente"),
    (
        r"(nobody|one person alone) is on exactly one list, so the (?:corrected )?bound is the number listed",
        "{0} figura en una sola lista, de modo que la cota es el número de personas listadas",
    ),
    (r"nobody", "nadie"),
    (r"one person alone", "solo una persona"),
    (r"Use ChaoLowerBound\(bias_corrected=True\)\.", "Use ChaoLowerBound(bias_corrected=True)."),
    (
        r"Use bias_corrected=False, or report those listed\.",
        "Use bias_corrected=False, o informe de las personas listadas.",
    ),
    (
        r"Nobody is on exactly two lists; the figure rests on the bias correction alone\.",
        "Nadie figura en dos listas exactamente; la cifra se apoya solo en la corrección del sesgo.",
    ),
    # sample coverage
    (r"The sample coverage is (\S+)\.", "La cobertura muestral es {0}."),
    (
        r"With a sample coverage this low the estimate is too low where lists depend on each other positively\.",
        "Con una cobertura muestral tan baja, la estimación es demasiado baja cuando las listas dependen positivamente entre sí.",
    ),
    (
        r"the sample coverage is (\S+), and the high-coverage estimate needs more than (\S+)",
        "la cobertura muestral es {0}, y la estimación de cobertura alta necesita más de {1}",
    ),
    (r"Use SampleCoverage\(estimate='low-coverage'\)\.", "Use SampleCoverage(estimate='low-coverage')."),
    (
        r"no two lists share anybody, so the sample coverage is 0",
        "ninguna persona figura en dos listas, de modo que la cobertura muestral es 0",
    ),
    (
        r"([\d,]+) of ([\d,]+) resampled tables have no estimate and are left out of the standard error, which is therefore too small\.",
        "{0} de {1} tablas remuestreadas no tienen estimación y quedan fuera del error estándar, que por eso es demasiado pequeño.",
    ),
    (
        r"([\d,]+) of ([\d,]+) resampled tables have no estimate",
        "{0} de {1} tablas remuestreadas no tienen estimación",
    ),
    (
        r"the standard error, ([\d,]+), is more than (\S+) of the estimate, ([\d,]+)",
        "el error estándar, {0}, supera {1} veces la estimación, {2}",
    ),
    (
        r"the equation of the high-coverage estimate (.*), with ([\d,]+) listed",
        "la ecuación de la estimación de cobertura alta {0}, con {1} personas listadas",
    ),
    (r"solves to (\S+) persons", "da {0} personas"),
    (r"has no solution", "no tiene solución"),
    (
        r"the estimate is (\S+) persons, no more than the ([\d,]+) listed",
        "la estimación es de {0} personas, no más que las {1} listadas",
    ),
    (
        r"Report those listed, and check that no list is a copy of another\.",
        "Informe de las personas listadas, y compruebe que ninguna lista es copia de otra.",
    ),
    (
        r"the resampled tables give no spread, so the estimate has no standard error",
        "las tablas remuestreadas no muestran dispersión, de modo que la estimación no tiene error estándar",
    ),
    (
        r"Use Chapman on two of the lists, or report those listed\.",
        "Use Chapman con dos de las listas, o informe de las personas listadas.",
    ),
    # no highest-order interaction
    (r"on both (.*)", "en {0} a la vez"),
    (r"on ('.*'|\".*\") but not on ('.*'|\".*\")", "en {0} sin figurar en {1}"),
    (
        r"Choose another pair of lists, or report those listed\.",
        "Elija otro par de listas, o informe de las personas listadas.",
    ),
    (
        r"lists ('.*'|\".*\") and ('.*'|\".*\") imply ([\d,]+) persons on neither, and the other lists already name ([\d,]+) of them",
        "las listas {0} y {1} implican {2} personas en ninguna de las dos, y las otras listas ya nombran {3} de ellas",
    ),
    (
        r"The two lists do not overlap as stated\. State a greater odds ratio with its reason, or choose another pair\.",
        "Las dos listas no coinciden como se supone. Indique una razón de momios mayor con su motivo, o elija otro par.",
    ),
    (
        r"([\d,]+) of the ([\d,]+) capture histories have nobody",
        "en {0} de las {1} combinaciones de listas no hay nadie",
    ),
    (r"nobody is on (.*) and on no other list", "nadie figura en {0} y en ninguna otra lista"),
    (
        r"nobody is on (.*) and on no other list, and ([\d,]+) more of the ([\d,]+) capture histories are empty",
        "nadie figura en {0} y en ninguna otra lista, y otras {1} de las {2} combinaciones de listas están vacías",
    ),
    (
        r"Use LogLinear with fewer interactions or PairwiseNoInteraction, or merge lists \(table\.merge\)\.",
        "Use LogLinear con menos interacciones o PairwiseNoInteraction, o una listas (table.merge).",
    ),
    (
        r"the product of the counts puts the persons on no list at 10\^(\S+)",
        "el producto de los recuentos sitúa en 10^{0} las personas que no figuran en ninguna lista",
    ),
    (
        r"The counts cannot carry so many interactions\. Merge lists of one source \(table\.merge\)\.",
        "Los recuentos no soportan tantas interacciones. Una las listas de una misma fuente (table.merge).",
    ),
    (r"nobody is (on .*)", "nadie figura {0}"),
)

_NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?(e[+-]?\d+)?%?")


def translate(text: str, lang: Language) -> str:
    """Give a sentence of an estimator in the language of the report."""
    if lang == "en" or isinstance(text, Message):
        return said(text, lang)
    return " ".join(_spanish(part) or part for part in _parts(text))


def has_translation(text: str) -> bool:
    """Whether every sentence of the text is known in Spanish."""
    return isinstance(text, Message) or all(_spanish(part) is not None for part in _parts(text))


def _parts(text: str) -> list[str]:
    """The text whole, if it is known; else its sentences."""
    if _spanish(text) is not None:
        return [text]
    return re.split(r"(?<=\.) (?=[A-Z])", text)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns, once somebody asks for Spanish: they take a tenth of what importing the library takes."""
    return tuple((re.compile(pattern), spanish) for pattern, spanish in _SENTENCES)


def _spanish(text: str) -> str | None:
    """Spanish of one sentence, if known."""
    for pattern, spanish in _compiled():
        found = pattern.fullmatch(text)
        if found:
            return spanish.format(*(_localised(group or "") for group in found.groups()))
    return None


def _localised(group: str) -> str:
    """What a pattern caught: a number the Spanish way, a known clause in Spanish, a name as it stands."""
    if _NUMBER.fullmatch(group):
        return localised_number(group)
    known = _spanish(group)
    if known is not None:
        return known
    group = re.sub(r"(['\"]) and (['\"])", r"\1 y \2", group)
    return re.sub(r" with (?=[^,]*(?:,|$))", " con ", group)


def localised_number(text: str) -> str:
    """A comma for the point, a space for the comma from five digits on, a space before the sign of percent."""
    whole, point, fraction = text.partition(".")
    digits = len(re.sub(r"\D", "", whole))
    whole = whole.replace(",", NO_BREAK if digits > 4 else "")
    return (f"{whole},{fraction}" if point else whole).replace("%", f"{NO_BREAK}%")
