# %% [markdown]
# # Cuatro preguntas, diez líneas cada una
#
# ¿Cuántas personas fueron detenidas? ¿Cuántas siguen detenidas? ¿Cuántas de las excarcelaciones anunciadas ocurrieron? ¿Quiénes faltan en las
# listas? Cada respuesta ocupa diez líneas, y una carpeta de listas, dos órdenes.
#
# Las personas y las listas son inventadas, para que se conozca la verdad. Las listas de personas reales nunca están en un cuaderno.

# %%
from pathlib import Path
from tempfile import mkdtemp

import detcount as dc

invented = dc.simulate.name_lists(700, seed=8)
system = dc.simulate.detention_system(n_days=120, seed=2)

# %% [markdown]
# ## 1. ¿Cuántas personas fueron detenidas?
#
# Tres listas de nombres, con errores y a menudo sin cédula. Primero se halla quién es quién. El número se calcula sobre extracciones de eso, de
# modo que lo que no se sabe de los enlaces está en sus límites.

# %%
names = dc.linkage.read_lists(invented.frames)
linked = dc.linkage.link(names, definition=dc.Definition(unit="person", who="personas inventadas"))
detained = dc.assess(linked, families=["averaged", "calibrated"], n_draws=20)
print(linked.headline().translated("es"))
print(detained.sentence(lang="es"))
print(f"verdad: {invented.truth.population} personas, de ellas {invented.truth.n_persons} en las listas")

# %% [markdown]
# ## 2. ¿Cuántas siguen detenidas?
#
# Listas con fechas de detención y de salida, y al lado los totales de un registro. Un registro no es el total: le faltan las personas que su
# organización no conoce. Una de cada veinte de estas personas no puede estar en ninguna lista. De 16 sistemas como este, semillas 0 a 15, los
# límites del último día incluyeron la verdad en 13, y en los demás quedaron por debajo.

# %%
held = dc.assess_stock(people=system.people, stock=system.stock)
path = held.answers[held.recommended_key]
last = path.dates[-1]
print(held.sentence(lang="es"))
print(f"el registro: {system.stock.count[-1]}; verdad: {system.truth.at(last)}")
path.plot(system.stock, lang="es")

# %% [markdown]
# ## 3. ¿Cuántas de las excarcelaciones anunciadas ocurrieron?
#
# Lo que una autoridad anunció de cada tanda, y lo que una organización verificó. Nada se apoya en una distribución a priori: las cifras dejan un
# mínimo y un máximo.

# %%
announced = system.releases.to_frame()
verified = announced.assign(source="monitor", role="verified", count=(announced["count"] * 0.6).astype(int))
columns = ["published", "source", "role", "event", "start", "end", "count"]
rows = {name: [*announced[name], *verified[name]] for name in columns}
released = dc.assess_releases(dc.PublishedReleases.from_frame(rows))
print(released.sentences(lang="es")[0])
start, end = announced["start"].iloc[-1], announced["end"].iloc[-1]
print(
    "verdad:",
    system.truth.exits(start, end),
    "salieron después del primero de estos días, por cualquier razón",
)

# %% [markdown]
# ## 4. ¿Quiénes faltan?
#
# La proporción de mujeres entre las personas listadas, y entre todas. El sexo es el que dice la mayoría de las filas de una persona.

# %%
rows = linked.clusters
said = {(name, k): sex for name, frame in invented.frames.items() for k, sex in enumerate(frame["Sexo"], 1)}
rows["sex"] = [said[row] for row in zip(rows["list"], rows["row"], strict=True)]
people = rows.pivot_table(index="person", columns="list", values="row", aggfunc="size").notna().astype(int)
people["sex"] = rows.groupby("person")["sex"].agg(lambda sexes: sexes[sexes != ""].mode().get(0, "?"))
tables = dc.stratify(people, by="sex", lists=list(linked.lists))
found = dc.strata.composition(tables)
low, high = found.share_limits()["F"]
print(
    f"{found.listed_shares['F']:.0%} de las listadas, de {low:.0%} a {high:.0%} de todas son mujeres; verdad: una de cuatro"
)

# %% [markdown]
# ## Una carpeta
#
# Todo a la vez, desde archivos. `detcount start` dice qué parece ser cada archivo y pregunta lo que solo sabe una persona; `detcount report` hace
# el informe, aquí desde Python.

# %%
folder = Path(mkdtemp())
for name, frame in invented.frames.items():
    frame.to_csv(folder / f"{name}.csv", index=False)
system.stock.to_frame()[["date", "source", "role", "count"]].to_csv(folder / "totals.csv", index=False)
report = dc.report(folder, families=["averaged", "calibrated"])
for row in report.rows():
    print(row["job"], "|", row["verdict"], row["floor"], row["low"], row["high"])
