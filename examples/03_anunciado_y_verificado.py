# %% [markdown]
# # Anunciado y verificado: ¿qué dicen las cifras?
#
# Entre noviembre de 2024 y enero de 2026 las autoridades de Venezuela anunciaron una y otra vez la
# excarcelación de presos políticos, en anuncios sueltos y en totales acumulados cuyos períodos se movían. Las
# organizaciones verificaron excarcelaciones una por una. Este cuaderno recorre las cifras reales y públicas
# (no hay ninguna persona en ellas) y pregunta qué dicen y qué no.
#
# *There is an English version: `03_announced_and_verified.ipynb`.*

# %%
import detcount as dc

reports = dc.datasets.load("venezuela_releases")
print(reports)

# %% [markdown]
# ## 1. Cada hecho, con quién lo contó
#
# Una cifra es de un período, según la definición de alguien, y se conoce desde un día. Las cifras de un mismo nombre, o de los mismos
# días, son de un mismo hecho. Cada hecho tiene una frase:

# %%
todo = dc.assess_releases(
    reports,
    stock=dc.datasets.load("venezuela_stock"),
    arrests=dc.datasets.load("venezuela_arrests"),
)
frases = {hecho.name: frase for hecho, frase in zip(todo.events, todo.sentences(lang="es"), strict=True)}
todo.plot(lang="es")

# %% [markdown]
# ## 2. 25 de diciembre de 2025: 99 anunciadas
#
# Foro Penal verificó 75 al día siguiente y 61 tres días después: había retirado a algunas personas, y una nota del archivo no excluye un
# error del medio. Otra organización, JEP, verificó 71. Los nombres de las dos nunca se compararon:

# %%
print(frases["event 2025-12-25"])

# %% [markdown]
# Así que entre ninguna y 28 no fueron verificadas por ninguna de las dos. Si las verificadas son de este anuncio, salieron al menos 71 y como
# máximo 99; si eso no se sabe, el mínimo es 0:

# %%
navidad = next(hecho for hecho in todo.events if hecho.name == "event 2025-12-25")
print(navidad.bounds)

# %% [markdown]
# ## 3. 1 de enero de 2026: 87 reportadas, después 88 anunciadas
#
# El 5 de enero nadie había anunciado un número en este archivo, y los 87 de los comités están solos. Los 88 del ministerio se
# publicaron a más tardar el 13 de enero. Los 2 de Foro Penal son de otra cárcel, según la nota de esa fila: solo una parte, que no encabeza ninguna frase.

# %%
print(dc.assess_releases(reports, as_of="2026-01-05").sentences(lang="es")[0])
print(frases["event 2026-01-01"])

# %% [markdown]
# ## 4. Un total de días que nadie contó enteros
#
# Se anunciaron 643 del 24 de diciembre al 24 de enero. Ninguna organización contó todos esos días, y de los demás no se dice nada:

# %%
print(frases["since 2025-12-24"])

# %% [markdown]
# ## 5. Dos totales de un mismo día
#
# El 26 de enero Foro Penal dio dos totales: desde el 1 de diciembre y desde el 8 de enero. Su diferencia es de los días anteriores al 8 de
# enero. Con ella, sus cifras abarcan exactamente los días de las 626 que anunció la Presidenta encargada; su total de tres días más
# no se resta de ellas:

# %%
print(frases["since 2025-12"])

# %% [markdown]
# ## 6. Quiénes salieron del registro
#
# Los propios totales de Foro Penal, de personas detenidas y de detenciones, dicen cuántas salieron, sin ninguna lista de excarcelaciones:

# %%
audit = todo.register.audit
print(f"{audit.held_at_start} + {audit.arrests} - {audit.held_at_end} = {audit.implied}")

# %% [markdown]
# Los totales anunciados son de otros días, y nada se resta de lo uno ni de lo otro.
#
# ## 7. Si... entonces
#
# Cuántas de las 99 se concretaron depende de qué parte de lo que ocurre halla una organización al final. Ninguna cifra la muestra; la elige
# quien lee:

# %%
for fila in todo.supposed:
    if fila.event == navidad:
        low, _, high = fila.completed.printed()
        print(f"si {fila.source} halla el {fila.share:.0%} al final: de {low:.0f} a {high:.0f} concretadas")

# %% [markdown]
# ## 8. Donde hay nombres
#
# Las cifras nunca dicen quiénes de los anunciados eran presos conocidos, quiénes habían salido antes y quiénes salieron sin anuncio. Las
# listas de nombres sí. Esta campaña es inventada y nadie en ella existe: dos registros de personas detenidas, la lista que publicó una
# autoridad y la de una organización que verificó excarcelaciones. Todas se enlazan a la vez, en muchas extracciones de quién es quién:

# %%
campaña = dc.simulate.released_lists(300, seed=3)
listas = dc.linkage.read_lists(campaña.frames, released=campaña.released, days=campaña.days)
por_nombre = dc.assess_released(dc.linkage.link(listas, n_draws=100)).full()
por_nombre.plot(lang="es")

# %% [markdown]
# Cada oración se apoya en recuentos, menos la última: lleva en sí su condición.

# %%
print(por_nombre.sentence(lang="es"))

# %% [markdown]
# Como la campaña es inventada, se conoce la verdad:

# %%
verdad = campaña.truth.counts("lista_oficial")
print({nombre: verdad[nombre] for nombre in ("named", "verified", "not_on_register", "already_out")})
print("liberadas, en alguna lista o en ninguna:", campaña.truth.released)

# %% [markdown]
# ## 9. Qué se puede decir y qué no
#
# | se puede decir | se apoya en |
# |---|---|
# | cuántas se anunciaron, verificaron y reportaron, quién, de qué días y hasta cuándo | las cifras |
# | el mínimo y el máximo que eso deja, en dos lecturas | las cifras |
#
# | no se puede decir a partir de totales | haría falta |
# |---|---|
# | qué fue de las demás | listas de nombres, como arriba, u organizaciones cuyos casos se comparen uno por uno (`MonitoredReleases`) |
# | que alguien mintió | pruebas de otra clase |
# | nada de días que nadie contó | contarlos |
#
# El informe de todo esto, en español o en inglés: `todo.to_html("informe.html", lang="es")`. El registro con que se repiten las cifras:
# `todo.record()`.

# %%
print(todo.cite().splitlines()[0])
print("semilla", todo.seed, "| datos", reports.digest[:12])
