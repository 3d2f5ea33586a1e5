# %% [markdown]
# # Anunciadas y verificadas: ¿cuántas excarcelaciones ocurrieron?
#
# Entre noviembre de 2024 y enero de 2026, las autoridades de Venezuela anunciaron una y otra vez la excarcelación de presos
# políticos, como totales acumulados cuyas ventanas se movían. Los observadores verificaron las excarcelaciones una por una. Las dos series
# nunca coincidieron. Este cuaderno recorre los recuentos reales y públicos (no contienen a ninguna persona) y pregunta qué se puede decir:
#
# - cuántas de las excarcelaciones anunciadas ocurrieron;
# - cuánto de la brecha es **demora**, y se cerrará sola;
# - cuánto ese observador **nunca podrá verificar**;
# - cuánto carece de **sustento**;
#
# y qué parte de eso identifican los recuentos y qué parte depende de un supuesto previo que alguien tiene que estar dispuesto a defender.
#
# *There is an English version: `03_announced_and_verified.ipynb`.*

# %%
# %matplotlib inline
import detcount as dc

reports = dc.datasets.load("venezuela_releases")
print(reports)

# %% [markdown]
# ## 1. Antes de cualquier modelo: quién contó qué
#
# Un recuento es de una ventana de días, según la definición de alguien, conocido en un día. Dos recuentos de ventanas distintas no se
# comparan. Primero, las ventanas: «808 liberados» ni siquiera tiene primer día.

# %%
todo = dc.assess_releases(
    reports,
    stock=dc.datasets.load("venezuela_stock"),
    arrests=dc.datasets.load("venezuela_arrests"),
    audit=("2024-10-07", "2025-03-31"),
)
todo.plot_windows(lang="es", most=8)

# %%
ventanas = todo.windows
ventanas.loc[
    ventanas["announced_most"].notna(), ["event", "start", "end", "announced_least", "announced_most"]
].tail(12)

# %% [markdown]
# Los recuentos que no concuerdan son de tres clases: una fuente que subió su cifra en el día (una actualización), una que la
# rebajó o rehízo (una corrección), y dos que no pueden ser ciertas a la vez. Solo las últimas son contradicciones:

# %%
print(todo.conflicts["kind"].value_counts().to_string())
print(*todo.contradictions(lang="es"), sep="\n")

# %% [markdown]
# ## 2. 25 de diciembre de 2025: 99 anunciadas, 75 verificadas, luego 61
#
# Al día siguiente Foro Penal había verificado 75. Tres días después, 61: había retirado a personas. Un recuento que baja es una
# corrección, no una mentira; se usa la última cifra y una nota nombra las dos.

# %%
spec = dc.releases.AnnouncedBatches(headline="Foro Penal")
for day in ["2025-12-26", "2025-12-29"]:
    batch = spec.fit(reports.as_of(day)).batch("event 2025-12-25")
    span = batch.carried_out.interval()
    least, most = batch.carried_out.bounds
    print(f"{day}: {batch.verified} verificadas; realizadas de {span.low:.0f} a {span.high:.0f} (95 %)")
    print(f"    cotas: de {least:.0f} a {most:.0f}")
print(batch.notes[0].say("es"))

# %%
print(dc.assessment.gap_text(batch).say("es"))

# %% [markdown]
# Aquí hay dos cosas que nada identifica. Un observador con una sola cifra vigente no muestra su demora, de modo que hasta lo *pendiente*
# depende del supuesto previo; y ningún total muestra cómo se reparte el resto. Lo que vale sean cuales sean las probabilidades y las
# demoras son las **cotas**, con lo que dan por sentado:

# %%
print(batch.carried_out.bounds, "-", batch.bounds_assume.say("es"))

# %% [markdown]
# ¿Cuánto importa el supuesto? Los mismos recuentos, con tres probabilidades previas de que una excarcelación verdadera llegue a verificarse:

# %%
for prior in [(1, 1), (2, 1.2), (20, 2)]:
    (other,) = (
        dc.releases.AnnouncedBatches(headline="Foro Penal", verification=prior)
        .fit(reports.as_of("2025-12-29"))
        .batches[-1:]
    )
    span = other.carried_out.interval()
    print(f"{prior}: {other.carried_out.median} (de {span.low:.0f} a {span.high:.0f})")

# %% [markdown]
# ## 3. 1 de enero de 2026: 88 anunciadas, 2 verificadas, 87 reportadas
#
# Los comités dijeron 87 el mismo día. Foro Penal publicó 2 al día siguiente y después ningún total solo de ese hecho. Una cifra
# temprana dice poco: un observador puede no seguir un anuncio. La frase que se publica lleva los dos números, cada uno con su
# día, y el silencio desde entonces:

# %%
labels = [row.gap.label for row in todo.content.announced]
texts = dict(zip(labels, todo.sentences(lang="es"), strict=True))
print(texts["event 2026-01-01"])

# %% [markdown]
# Por eso el intervalo de lo que no se realizó es ancho, y contiene el número de los comités:

# %%
first = todo.batches.batch("event 2026-01-01")
span = first.unsubstantiated.interval()
print(f"sin sustento: de {span.low:.0f} a {span.high:.0f} de 88 (95 %, según el supuesto previo)")

# %% [markdown]
# ## 4. 12 de enero de 2026: 116 anunciadas
#
# En la mañana del 13, Foro Penal había verificado 56. Tal como se sabía ese día:

# %%
then = spec.fit(reports.as_of("2026-01-13")).batch("event 2026-01-12")
print(dc.assessment.gap_text(then).say("es"))

# %% [markdown]
# El 16 de enero otro observador, JEP, contó 116 del 8 al 16 de enero: otros días que los anunciados, como dice la frase. Según ese
# recuento, lo que parecía una brecha de 60 era sobre todo demora. El día 13 el modelo la tenía dentro de su intervalo, porque nunca tomó
# lo pendiente por falso:

# %%
span = then.carried_out.interval()
print(f"el 13 de enero: de {span.low:.0f} a {span.high:.0f} realizadas (95 %, según el supuesto previo)")
print(texts["event 2026-01-12"])

# %% [markdown]
# ## 5. Noviembre de 2024: 225 anunciadas, de 107 a 169 verificadas
#
# La fiscalía anunció 225 *revisiones de medidas*; Foro Penal cuenta a quienes salieron de prisión, desde el 16 de noviembre: 107 el primer día,
# 131 dos días después, 143 el día 20; en diciembre dio 169 para el mes. ¿Qué se podía decir el 20 de noviembre de lo que el mismo observador
# diría después?

# %%
november = dc.releases.ReleaseProcess().fit(reports.as_of("2024-11-20"))
later = november.nowcast("Foro Penal", start="2024-11-16", end="2024-11-30", on="2024-12-27")
span = later.interval(0.8)
print(
    f"previsto el 20 de noviembre para todo el mes: de {span.low:.0f} a {span.high:.0f} (80 %); publicado el 27 de diciembre: 169"
)

# %% [markdown]
# ## 6. Todo enero: 808, 643 y 626 frente a 302
#
# Tres totales oficiales, tres ventanas, y los 302 de Foro Penal desde el 8 de enero. Restar unos de otros no significa nada. Por eso cada total
# anunciado se compara con lo verificado en *sus propios* días, según el modelo de excarcelaciones diarias; las frases dicen de cuántos
# de esos días son los recuentos del observador.

# %%
todo.plot_fan("Foro Penal", lang="es")

# %%
for gap in todo.totals[-2:]:
    span = gap.eventually_verified.interval()
    print(
        f"{gap.announced} anunciadas, del {gap.start} al {gap.end}: {gap.verified} verificadas, de {span.low:.0f} a {span.high:.0f} al final"
    )
print(*todo.sentences(lang="es")[:2], sep="\n")
print(*todo.unanswered(lang="es"), sep="\n")

# %% [markdown]
# Los 808 no tienen primer día: no pueden compararse con nada, y el informe lo dice en lugar de dar una cifra. Parte de la distancia entre 302
# y 626 es diciembre: para «desde diciembre», el propio Foro Penal tenía 383 el 26 de enero.

# %%
todo.plot(lang="es", most=4)

# %% [markdown]
# ## 7. Una auditoría desde fuera: ¿cuántas personas salieron del registro?
#
# Los recuentos semanales de Foro Penal, de personas detenidas y de arrestos, implican cuántas salieron, sin ninguna lista de excarcelaciones.

# %%
audit = todo.audit
interval = audit.exits.interval()
print(
    f"{audit.held_at_start} detenidas, {audit.arrests} arrestos, {audit.held_at_end} detenidas: salieron {audit.implied}"
)
print(f"límites de {interval.low:.0f} a {interval.high:.0f}")
most = audit.compare(reports).iloc[0]
print(f"anunciadas: {most['count']}, {most['excess']} más")

# %% [markdown]
# Se anunciaron 566 más de las que salieron del registro. No son 566 excarcelaciones falsas: los anuncios eran de revisiones de medidas, las personas
# que Foro Penal nunca registró no figuran en ninguna de las dos cifras, y una ventana dura diez días más.
#
# ## 8. Qué se puede decir y qué no
#
# | se puede decir | se apoya en |
# |---|---|
# | cuántas se verificaron, por quién, de qué días y hasta cuándo | los reportes |
# | cuántas más verificará ese observador, donde ha reportado varias veces | los recuentos |
# | el mínimo y el máximo que pueden haberse realizado | lo que las cotas dicen que dan por sentado |
#
# | los totales no permiten decir | haría falta |
# |---|---|
# | cuántas del resto ocurrieron y nunca se verificarán | observadores cuyos casos se cotejen uno a uno (`MonitoredReleases`) |
# | que alguien mintió | pruebas de otra clase |
# | nada sobre un total sin primer día | preguntar por él |
#
# El informe de todo esto, con figuras: `todo.to_html("informe.html", lang="es")`. El registro que repite las cifras: `todo.record()`.

# %%
print(todo.cite().splitlines()[0])
print("semilla", todo.seed, "| datos", reports.digest[:12])
