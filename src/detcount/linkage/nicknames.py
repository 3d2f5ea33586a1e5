"""Short and familiar forms of given names in Spanish, as they are used in Venezuela."""

from __future__ import annotations

__all__ = ["NICKNAMES"]

_TABLE = """
alejandro: ale alejo jandro
alberto: beto tito
alfonso: poncho fonso
alfredo: fredo
ana: anita
angel: angelito
antonio: toño tono toni antonito
armando: mando
beatriz: betty bea
carlos: carlitos charlie
carmen: carmencita mencha
carolina: caro
cecilia: ceci chila
concepcion: concha conchita
consuelo: chelo
cristobal: tobal
daniel: dani
daniela: dani
dolores: lola lolita
eduardo: edu lalo
elena: nena
enrique: quique kike
ernesto: neto
esperanza: pera
eugenio: geno
federico: fede
felipe: pipe
fernando: nando fer
francisco: paco pancho kiko quico chico frank
francisca: paca pancha
gabriel: gabo gabi
gabriela: gabi gaby
gerardo: gera
gilberto: beto
gonzalo: chalo
graciela: chela
gregorio: goyo
guadalupe: lupe lupita
guillermo: memo guille willy
gustavo: gus tavo
heriberto: beto
hortensia: tencha
humberto: beto
ignacio: nacho
isabel: chabela isa
jacinto: chinto
jesus: chuy chucho suso
joaquin: quino
jorge: coco yoyo
jose: pepe cheo chepe joseito
josefina: fina pepa chepina
juan: juancho juanito
julio: julito
laura: lauri
leonardo: leo
leopoldo: polo
lourdes: lulu
luis: lucho luisito
luisa: lucha
manuel: manolo manny manu
manuela: manola
marcos: marquitos
margarita: mago rita
maria: mari mary maruja
mauricio: mauro
maximiliano: max
mercedes: meche
miguel: migue mike
nicolas: nico
oscar: osquitar
patricia: pati patty
pedro: pedrito perucho
rafael: rafa fallo
ramon: moncho monche
raul: raulito
ricardo: richard ricky
roberto: beto robert
rodolfo: fito rudy
rodrigo: rodri
rogelio: roge
rosario: chayo
rosa: rosita
salvador: chava
santiago: chago santi
sebastian: sebas
sergio: checo
socorro: coco
susana: susi
teresa: tere teresita
tomas: tomasito
valentina: vale
vicente: chente
victor: vitico
victoria: vicky
vladimir: vladi
william: willy
yolanda: yoli
"""

NICKNAMES: dict[str, tuple[str, ...]] = {
    name.strip(): tuple(dict.fromkeys(short.replace("ñ", "n").split()))
    for name, _, short in (line.partition(":") for line in _TABLE.strip().splitlines())
}
"""Familiar forms by given name; a form may belong to several names (*beto*)."""
