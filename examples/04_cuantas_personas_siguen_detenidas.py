# %% [markdown]
# # ¿Cuántas personas siguen detenidas? Un registro no es la población detenida
#
# Entre septiembre de 2024 y enero de 2026 varias organizaciones publicaron cuántas personas estaban detenidas en Venezuela por motivos
# políticos. Son totales de **registros**: personas que una organización conoce. Cuántas estaban detenidas, conocidas o no, es la **población
# detenida**, y ningún total de un registro la contiene. Este cuaderno recorre los totales reales y públicos (no contienen a ninguna
# persona) y pregunta:
#
# - qué dicen los totales por sí mismos, y qué vale se suponga lo que se suponga;
# - qué añade un supuesto previo declarado, y cuánto descansa en él;
# - cuántas personas tuvieron que salir, al lado de lo que se anunció;
# - qué publicará el registro la próxima vez, que es lo único de aquí que se puede comprobar;
# - y, en un país inventado, qué añadirían las listas de nombres.
#
# *There is an English version: `04_how_many_are_held.ipynb`.*

# %%
# %matplotlib inline
import detcount as dc

totales = dc.datasets.load("venezuela_stock")
detenciones = dc.datasets.load("venezuela_arrests")
excarcelaciones = dc.datasets.load("venezuela_releases")
print(totales.say("es"))

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
for fila in informe.content().twice:
    print(fila.day, fila.source, fila.counts)

# %% [markdown]
# ## 2. El dictamen
#
# Sin listas de nombres y sin estimaciones en algunas fechas, el dictamen es a lo sumo un rango:

# %%
print(informe.sentence(lang="es"))

# %% [markdown]
# Los límites descansan en un supuesto declarado: cuántas personas no entran nunca en el registro. Al lado de cada total publicado, lo que
# acota ese día y lo que añade el supuesto. La cota no toma ningún supuesto previo, sino dos afirmaciones: a quien salió se le da de baja en
# un mes, y al total acumulado de detenciones nunca le faltan más de tantas entradas. En el último mes es 0, porque nadie puede llevar un
# mes en el registro desde entonces:

# %%
for fila in informe.content().days[1::4]:  # el primer total es «al menos», y ningún camino empieza en él
    conocido = f"{fila.day}  registro {fila.published:5}   por balance {fila.least:5.0f} o más"
    print(f"{conocido}   según el supuesto, de {fila.low:.0f} a {fila.high:.0f}")

# %%
informe.plot(lang="es")

# %% [markdown]
# ¿Cuánto es el supuesto? Diga que el registro recoge a casi todas las personas detenidas, o a menos de la mitad, y ajuste de nuevo. El camino
# del registro es el mismo, y la cifra de personas detenidas es otra:

# %%
for cobertura in [(0.7, 0.95), (0.33, 0.9), (0.25, 0.6)]:
    modelo = dc.stock.IntegratedStock(register="Foro Penal", coverage=cobertura)
    camino = modelo.fit(totales, arrests=detenciones, releases=excarcelaciones)
    detenidas = camino.at("2025-10-27").interval()
    menos, más = cobertura
    print(
        f"el registro recoge del {100 * menos:.0f} % al {100 * más:.0f} %: de {detenidas.low:.0f} a {detenidas.high:.0f}"
    )

# %% [markdown]
# ## 3. Las salidas que se deducen, al lado de las que se anunciaron
#
# Un registro tiene un balance: detenidas antes, más detenciones, menos detenidas al final. Quien salió tuvo que estar en él. Entre el 7 de
# octubre de 2024 y el 31 de marzo de 2025, los totales del propio registro implican unas 1440 salidas. Los anuncios de esos días
# aproximadamente suman más:

# %%
for fila in informe.content().exits:
    bajo, implicadas, alto = fila.audit
    anunciadas = "; ".join(f"{cuenta} ({fuente})" for fuente, cuenta in fila.announced)
    print(
        f"del {fila.start} al {fila.end}: salieron {implicadas:.0f} del registro (de {bajo:.0f} a {alto:.0f})"
    )
    print(f"    anunciadas: {anunciadas or 'nada de esos días'}")

# %% [markdown]
# El camino de la población detenida implica más salidas que el registro, porque también salieron personas que ninguna organización conocía;
# pero cuántas, lo dice el supuesto:

# %%
print(informe.path.exits("2024-10-07", "2025-03-31").say("es"))

# %% [markdown]
# ## 4. Lo que publicará el registro
#
# Los pronósticos de un registro se pueden comprobar. Desde cada día en que ya se habían publicado suficientes totales, se pronosticaron los
# tres siguientes con lo que se sabía entonces. Los límites del 80 % deben contener cerca del 80 % de los totales que llegaron.

# %%
for fila in informe.content().backtest:
    print(
        f"{fila.method:17} a {fila.ahead}: error {fila.error:.3f}, dentro de los límites {100 * fila.cover:.0f} %"
    )

# %% [markdown]
# ## 5. Qué lo resolvería
#
# Más totales, no. El informe dice qué:

# %%
print(*(f"- {linea.say('es')}" for linea in informe.content().settle), sep="\n")

# %% [markdown]
# En un país inventado se conoce la verdad. Tres listas de nombres con días de detención y de salida, ninguna de las cuales tiene a todos, dicen
# cuántas personas no están en ninguna:

# %%
sistema = dc.simulate.detention_system(n_days=260, seed=3)
listas = dc.assess_stock(people=sistema.people, stock=sistema.stock)
print(listas.headline().say("es"))
print("verdad:", sistema.truth.at(listas.day), " registro:", listas.content().totals[0].count)

# %%
listas.plot(lang="es")
