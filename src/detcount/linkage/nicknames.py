"""Nicknames of Spanish given names and the names they stand for, as they are used in Venezuela.

A nickname is another way of writing a name, and not always of the same one: Chuy is Jesús, Coco is Jorge or
Socorro. The table is written from general knowledge of the language; the shares are rough, and say only which
name is the more usual one.
"""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType

# each nickname with the names it stands for, the more usual ones first
_TABLE = """
adri: adriana adrian | ale: alejandro alejandra | alejo: alejandro
alex: alexander alejandro alexis | angelito: angel | anita: ana | antonito: antonio | bea: beatriz
beba: beatriz isabel | berto: alberto roberto humberto norberto
beto: alberto roberto humberto norberto gilberto heriberto | betty: beatriz elizabeth
carlitos: carlos | carmencita: carmen | caro: carolina | cata: catalina | ceci: cecilia
chabela: isabel | chago: santiago | chalo: gonzalo | chano: feliciano luciano sebastian
charlie: carlos | charly: carlos | charo: rosario | chava: salvador | chavela: isabel
chayo: rosario | checo: sergio | cheito: jose | chela: graciela | chelo: consuelo marcelo
chema: jose | chente: vicente | cheo: jose | chepa: josefa | chepe: jose | chepina: josefina
chico: francisco | chila: cecilia | chinto: jacinto | chito: jesus | chole: soledad
chon: concepcion encarnacion | chona: concepcion encarnacion | chucho: jesus | chui: jesus
chus: jesus | chuy: jesus | coco: jorge socorro rosario | concha: concepcion | conchita: concepcion
cuca: refugio | cuco: refugio | cuqui: refugio | dani: daniel daniela | danny: daniel
dieguito: diego | edu: eduardo | ely: elizabeth elisa | emi: emilio emilia | fabi: fabian fabiola
fallo: rafael | fede: federico | fer: fernando fernanda | fico: federico | fina: josefina
fito: adolfo rodolfo | fonso: alfonso | fran: francisco francisca | francis: francisco francisca
frank: francisco | freddy: alfredo federico | fredo: alfredo | gabi: gabriel gabriela
gabo: gabriel | gaby: gabriela gabriel | geno: eugenio | gera: gerardo | gigi: gisela
gonza: gonzalo | goya: gregoria | goyo: gregorio | guille: guillermo | guillo: guillermo
gus: gustavo | isa: isabel | jandro: alejandro | javi: javier | jesusito: jesus | jorgito: jorge
joseito: jose | juanchi: juan | juancho: juan | juanito: juan | julito: julio | kike: enrique
kiko: francisco | lala: laura eulalia | lalo: eduardo gerardo | lauri: laura | lencho: lorenzo
leo: leonardo leonel leopoldo | leti: leticia | licha: alicia | lili: liliana elizabeth
lola: dolores | loli: dolores | lolita: dolores | lolo: manuel dolores | lore: lorena
lucha: luisa lucia | lucho: luis | lucy: lucia luz | luisito: luis | lulu: lourdes luisa
lupe: guadalupe | lupita: guadalupe | magda: magdalena | mago: margarita | maite: maria
mando: armando | manny: manuel | manola: manuela | manolo: manuel | manu: manuel | manuelito: manuel
marce: marcela marcelo | margot: margarita | mari: maria | marquitos: marcos | maruja: maria
mary: maria | mauro: mauricio | max: maximiliano | maxi: maximo maximiliano | mayte: maria
meche: mercedes | mecho: mercedes | memo: guillermo | mencha: clemencia carmen | mica: micaela
migue: miguel | mike: miguel | mili: milagros | mingo: domingo | moi: moises | monche: ramon
moncho: ramon | nacho: ignacio | nando: fernando | nano: fernando mariano | naty: natalia natividad
nena: elena magdalena | neto: ernesto | nico: nicolas | nina: cristina | nito: juan benito
osquitar: oscar | paca: francisca | pacho: francisco | paco: francisco | pancha: francisca
pancho: francisco | pao: paola | pati: patricia | pato: patricio | patty: patricia | paty: patricia
pedrito: pedro | pepa: josefa josefina | pepe: jose | pera: esperanza | perucho: pedro | pili: pilar
pipe: felipe | pipo: felipe | polo: leopoldo | poncho: alfonso | quico: francisco enrique
quino: joaquin | quique: enrique | rafa: rafael | rafucho: rafael | raulito: raul | richard: ricardo
ricky: ricardo | rita: margarita | rober: roberto | robert: roberto | rodri: rodrigo | roge: rogelio
rosi: rosa | rosita: rosa | rudy: rodolfo | salva: salvador | sandy: sandra | santi: santiago
seba: sebastian | sebas: sebastian | sofi: sofia | sole: soledad | susi: susana | suso: jesus
tato: alberto | tavo: gustavo octavio | tencha: hortensia | tere: teresa | teresita: teresa
tico: alberto | tina: cristina | tito: alberto | tobal: cristobal | tomasito: tomas | toni: antonio
tono: antonio | tony: antonio | toto: antonio | trini: trinidad | vale: valentina valeria
valen: valentina valentin | vero: veronica | vicky: victoria | vitico: victor | vladi: vladimir
willy: william wilfredo guillermo | yoli: yolanda | yoyo: jorge
"""
_RATIO = 0.5  # of the share of each further name to that of the one before


def _read() -> dict[str, tuple[tuple[str, float], ...]]:
    """The table, the shares of each nickname adding up to 1."""
    table: dict[str, tuple[tuple[str, float], ...]] = {}
    for entry in _TABLE.strip().replace("\n", "|").split("|"):
        nickname, _, names = entry.partition(":")
        meant = names.split()
        weights = [_RATIO**k for k in range(len(meant))]
        table[nickname.strip()] = tuple(
            (name, weight / sum(weights)) for name, weight in zip(meant, weights, strict=True)
        )
    return table


def _by_name() -> dict[str, tuple[str, ...]]:
    """The nicknames of each name."""
    found: dict[str, list[str]] = defaultdict(list)
    for nickname, meant in _MEANINGS.items():
        for name, _ in meant:
            found[name].append(nickname)
    return {name: tuple(found[name]) for name in sorted(found)}


_MEANINGS = MappingProxyType(_read())
NICKNAMES = MappingProxyType(_by_name())
"""Nicknames by given name; a nickname may belong to several names (*beto*)."""


def meanings(word: str) -> tuple[tuple[str, float], ...]:
    """Give the names that a word can stand for as a nickname.

    Parameters
    ----------
    word : str
        One word in small letters, without accents.

    Returns
    -------
    tuple of (str, float)
        Names and their shares, which add up to 1; empty where the word is no nickname.

    Examples
    --------
    >>> from detcount.linkage.nicknames import meanings
    >>> meanings("chuy")
    (('jesus', 1.0),)
    """
    return _MEANINGS.get(word, ())
