# %% [markdown]
# # ¿Cuántas personas siguen detenidas? Un registro no es la población detenida
#
# Entre septiembre de 2024 y enero de 2026 varias organizaciones publicaron cuántas personas estaban detenidas en Venezuela por motivos
# políticos. Son totales de **registros**: personas que una organización conoce. Cuántas estaban detenidas, conocidas o no, es la **población
# detenida**, y ningún total de un registro la contiene. Este cuaderno recorre los totales reales y públicos (no contienen a ninguna
# persona) y pregunta:
#
# - qué dicen los totales por sí mismos, y qué acota el número de todas las personas detenidas;
# - cuántas personas tuvieron que salir de un registro, al lado de lo que se anunció;
# - por qué no se publica ningún rango de todas las personas detenidas;
# - qué publicará el registro la próxima vez, que es lo único de aquí que se puede comprobar;
# - y, en un país inventado, qué añadirían las listas de nombres.
#
# *There is an English version: `04_how_many_are_held.ipynb`.*

# %%
import detcount as dc

totales = dc.datasets.load("venezuela_stock")
detenciones = dc.datasets.load("venezuela_arrests")
excarcelaciones = dc.datasets.load("venezuela_releases")
print(totales.translated("es"))

# %% [markdown]
# ## 1. Todas las organizaciones en una figura
#
# Cada una tiene reglas propias: quién es un preso político, si cuenta el arresto domiciliario, cómo se confirma una detención. Los registros
# difieren en cientos, y cada uno es el trabajo de una organización, no una estimación.

# %%
informe = dc.assess_stock(stock=totales, arrests=detenciones, releases=excarcelaciones)
informe.plot_registers(lang="es")

# %% [markdown]
# Cuando hay dos totales de un mismo día, se conservan y se muestran los dos:

# %%
for fila in informe.twice:
    print(fila.translated("es"))

# %% [markdown]
# ## 2. El dictamen
#
# Sin listas de nombres y sin estimaciones en algunas fechas no hay cifra de todas las personas detenidas: cada registro va con su nombre y
# su fecha.

# %%
print(informe.sentence(lang="es"))

# %% [markdown]
# Lo que acota un día descansa en tres afirmaciones: que toda persona del registro fue detenida, que a quien salió se le da de baja en un mes,
# y que al total acumulado de detenciones nunca le faltan más de tantas entradas. Para el último mes no hay cota, porque nadie puede llevar
# un mes en el registro desde entonces:

# %%
for fila in informe.day_rows[1::4]:  # el primer total es «al menos», y ninguna cota empieza en él
    mínimo = f"{fila.least:5.0f} o más por balance" if fila.least else "sin cota"
    print(f"{fila.day}  registro {fila.published:5}   {mínimo}")

# %% [markdown]
# ¿Cuántas personas habría detenidas si el registro conociera una parte de ellas? Es una división, y no una estimación, porque nada aquí dice
# cuál es esa parte:

# %%
for parte in (0.5, 0.7, 0.9):
    print(f"si el registro conociera al {100 * parte:.0f} %: {711 / parte:.0f}")

# %% [markdown]
# ## 3. Quiénes salieron del registro, al lado de lo que se anunció
#
# Un registro tiene un balance: detenidas antes, más inscritas, menos detenidas al final. Quien salió tuvo que estar en él. Los anuncios van al
# lado con sus propias fechas, y no se resta nada donde los días son otros:

# %%
for fila in informe.exits:
    cuenta = f"{fila.held_at_start} + {fila.entered} - {fila.held_at_end} = {fila.implied}"
    print(f"del {fila.start} al {fila.end}: {cuenta}")
    for anuncio in fila.announced:
        print(
            f"    anunciadas del {anuncio.start} al {anuncio.end}: {anuncio.count} ({anuncio.source.translated('es')})"
        )

# %% [markdown]
# ## 4. Lo que publicará el registro
#
# Los pronósticos de un registro se pueden comprobar. Desde cada día en que ya se habían publicado suficientes totales, se pronosticaron los
# tres siguientes a partir del último. Los límites del 80 % deben contener cerca del 80 % de los totales que llegaron; donde contuvieron menos,
# son demasiado estrechos.

# %%
for fila in informe.backtest:
    print(
        f"a {fila['ahead']}, {fila['n']} pronósticos: error {fila['error']:.3f}, dentro de los límites {100 * fila['cover_80']:.0f} %"
    )

# %% [markdown]
# ## 5. Qué lo resolvería
#
# Más totales, no. El informe dice qué:

# %%
print(*(f"- {linea.translated('es')}" for linea in informe.settle), sep="\n")

# %% [markdown]
# En un país inventado se conoce la verdad. Tres listas de nombres con días de detención y de salida, ninguna de las cuales tiene a todos, dicen
# cuántas personas no están en ninguna:

# %%
sistema = dc.simulate.detention_system(n_days=260, seed=3)
listas = dc.assess_stock(people=sistema.people, stock=sistema.stock)
print(listas.headline().translated("es"))
print("verdad:", sistema.truth.at(listas.day), " registro:", listas.totals[0].count)

# %%
listas.plot(lang="es")
