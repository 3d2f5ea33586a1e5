# %% [markdown]
# # Una primera estimación: de las listas a una frase que se puede publicar
#
# Entre marzo y junio de 1999 mataron a miles de personas en Kosovo. Tres organizaciones (ABA/CEELI, OSCE, Human Rights
# Watch) entrevistaron a personas refugiadas y a testigos, cada una en sus lugares y en su momento, y anotaron nombres. Una
# cuarta lista (EXH) viene de las exhumaciones. Ninguna tiene a todos. Los investigadores cotejaron los nombres; aquí solo se usa
# la tabla que publicaron: cuántas personas figuran en qué listas. No contiene ningún nombre.
#
# La pregunta es la misma que para las listas de personas detenidas: **¿cuántas eran en total, y con qué seguridad se puede
# decir?**
#
# *There is an English version: `01_first_estimate.ipynb`.*

# %%
import detcount as dc

acerca = dc.datasets.describe("kosovo")
print(acerca.source)

# %% [markdown]
# ## 1. De un marco de datos a una tabla
#
# Sus datos serán un marco con una fila por persona o, como aquí, una fila por cada combinación de listas con su recuento. Una
# columna por lista dice 0 o 1.

# %%
marco = dc.datasets.load("kosovo").to_frame()
marco.head()

# %%
tabla = dc.CaptureTable.from_frame(marco, lists=["EXH", "ABA", "OSCE", "HRW"], count="count")
print(tabla.translated("es"))

# %% [markdown]
# `from_frame` rechaza lo que no puede ser: un 2, un valor que falta, una persona que no está en ninguna lista, una combinación
# repetida. Nunca corrige datos en silencio. Con una fila por persona sale la misma tabla:

# %%
personas = marco.loc[marco.index.repeat(marco["count"]), ["EXH", "ABA", "OSCE", "HRW"]]
print(dc.CaptureTable.from_frame(personas, lists=["EXH", "ABA", "OSCE", "HRW"]) == tabla)

# %% [markdown]
# 4 400 personas figuran en al menos una lista. Ese es el **mínimo**: si los nombres se cotejaron bien, no
# necesita ningún modelo.
#
# ## 2. Mirar las coincidencias
#
# Todo lo demás sale de las coincidencias. ¿Qué parte de cada lista conocen las demás?

# %%
print(dc.diagnose.list_summary(tabla).summary().translated("es"))

# %%
print(dc.diagnose.sample_coverage(tabla).translated("es"))

# %% [markdown]
# Más de la mitad de las personas de una lista no figura, en promedio, en ninguna otra. Las listas están lejos de nombrar a
# todos.
#
# ¿Dependen las listas unas de otras? Entre las personas que figuran en alguna otra lista, estar en una de un par va con estar
# en la otra, para casi todos los pares:

# %%
print(dc.diagnose.pairwise_odds_ratios(tabla).summary().translated("es"))

# %% [markdown]
# Razones de momios mayores que 1 son lo que cabe esperar: algunos lugares y algunas muertes los conocían todos; otros, nadie. Una
# estimación que da las listas por independientes será **demasiado baja**.
#
# ## 3. Un estimador a mano
#
# Dos listas, dadas por independientes:

# %%
dos = dc.abundance.Chapman().fit(tabla.keep(["EXH", "OSCE"]))
print(dos.translated("es"))

# %% [markdown]
# El intervalo es estrecho, y solo dice lo que hace el azar. Lo que la cifra supone va con ella:

# %%
print(dos.summary().translated("es"))

# %% [markdown]
# Con las cuatro listas, la dependencia puede entrar en un modelo log-lineal. Se comparan los 113 modelos jerárquicos y se toma el
# mejor según el BIC. La elección se repite en cada uno de 1 000 remuestreos, para que el intervalo incluya también su incertidumbre:

# %%
elegido = dc.abundance.SelectedLogLinear().fit(tabla)
print(elegido.translated("es"))

# %%
for modelo in elegido.detail.models[:4]:
    cifra = f"{modelo.point:,.0f}".replace(",", " ")
    print(f"{modelo.formula:14} BIC {modelo.criterion:6.2f}   {cifra:>8} personas")

# %% [markdown]
# El estudio de 2002 llegó también a esa cifra, 10 356 personas (de 9 002 a 12 122). Pero mire la tabla: el segundo y el tercer
# modelo ajustan igual de bien, a menos de una unidad de BIC, y dicen 12 741 y 18 393. Las personas listadas no pueden decidir
# entre ellos. Lo que los distingue es lo que dicen de las personas que no están en ninguna lista.
#
# ## 4. Todo, lado a lado
#
# `assess` ejecuta las familias de estimadores, dice cuáles se abstienen y por qué, y da un dictamen. La primera es un intervalo
# calibrado. Se aprendió de poblaciones cuyo tamaño se conoce: en ellas, los intervalos del 95 % de los métodos usuales contienen la
# verdad cerca de la mitad de las veces, porque las listas reales dependen unas de otras de maneras que ninguna tabla de personas
# listadas muestra. El calibrado es tan ancho como hace falta para contenerla.

# %%
dictamen = dc.assess(tabla, claim=20_000)
print(dictamen.translated("es"))

# %%
dictamen.plot(lang="es")

# %% [markdown]
# ## 5. Lo que significa el desacuerdo
#
# - Los modelos que dan las listas por independientes, y las estimaciones mínimas, quedan más abajo. Las razones de momios ya lo
#   anunciaban.
# - Los métodos que afirman una cifra distan menos de un factor de 2, pero sus intervalos van de menos de 8 000 a más de 30 000. Las
#   franjas sombreadas muestran dónde ponen su probabilidad los métodos bayesianos: cada uno está seguro de sí, y de cosas distintas.
# - La cobertura muestral no llega al 55 %. Con esa cobertura, casi todo lo que una estimación añade descansa en su modelo, no en las
#   listas.
# - El intervalo calibrado va de 9 000 a 21 000: su límite superior es más del doble del inferior. Con esta cobertura, una cifra de
#   su centro diría más de lo que se sabe, y por eso el informe la omite.
#
# Por eso el dictamen es un **rango**, no una cifra. ¿Pudieron ser 20 000? Según el modelo que elige el BIC, haría falta una
# dependencia entre todas las listas a la vez, que nadie puede ver:

# %%
print(dictamen.sensitivity.tipping.translated("es"))

# %% [markdown]
# Razones de momios de ese tamaño se ven entre varios pares de estas listas, y 20 000 está dentro del intervalo calibrado. Las listas
# no lo descartan; quien diga 20 000 tiene que decir por qué la dependencia sería tan fuerte, y quien diga 10 000, por qué no habría
# ninguna.
#
# ## 6. La frase

# %%
print(dictamen.sentence(lang="es"))

# %% [markdown]
# ## 7. El registro y la cita
#
# Los mismos datos, la misma versión y la misma semilla darán la misma cifra el año que viene. El resumen criptográfico dice qué datos eran.

# %%
registro = elegido.record()
print(registro["estimator"], "| semilla", registro["seed"], "| datos", registro["data_sha256"][:16])

# %%
print(elegido.cite())

# %% [markdown]
# `dictamen.to_html("informe.html", lang="es")` escribe todo esto en una página que se puede enviar, y `to_docx("informe.docx", lang="es")`
# en un documento de Word. Desde la terminal: `detcount assess --dataset kosovo --lang es --out informe.docx`.
