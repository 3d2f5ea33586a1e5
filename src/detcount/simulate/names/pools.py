"""Words of invented names, the most frequent first, and the places where people are arrested."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

# Written for this library from common knowledge; no register of persons stands behind them.
_SURNAMES = """
González|Rodríguez|Pérez|Hernández|García|Martínez|López|Díaz|Sánchez|Ramírez|Rojas|Torres|Gómez|Romero
Moreno|Fernández|Contreras|Medina|Suárez|Mendoza|Rivas|Castillo|Blanco|Morales|Guerrero|Silva|Márquez
Salazar|Jiménez|Gutiérrez|Rivero|Chacón|Colmenares|Molina|Vásquez|Alvarado|Zambrano|Méndez|Ortiz|Guevara
Parra|Flores|Marín|Ríos|Bastidas|Briceño|Mora|Peña|Peraza|Graterol|Escalona|Álvarez|Acosta|Aguilar|Araujo
Arias|Ávila|Barrios|Bello|Bermúdez|Betancourt|Bolívar|Bracho|Bravo|Brito|Bustamante|Cabello|Cabrera
Cáceres|Calderón|Camacho|Campos|Cárdenas|Carrasquel|Carrillo|Castellanos|Castro|Ceballos|Cedeño|Chávez
Chirinos|Colina|Colmenárez|Córdova|Correa|Coronel|Cortez|Crespo|Cruz|Cuevas|Dávila|De Freitas|De la Cruz
De León|De la Rosa|De los Ríos|De Sousa|Del Valle|Delgado|Domínguez|Duarte|Durán|Echeverría|Escobar
Espinoza|Esteves|Fajardo|Farías|Fermín|Ferreira|Figueroa|Figuera|Fonseca|Franco|Freites|Fuentes|Fuenmayor
Galindo|Gallardo|Gamboa|Garcés|Gil|Giménez|Goitía|Granadillo|Guanipa|Guédez|Guerra|Guillén|Guzmán
Henríquez|Heredia|Herrera|Hidalgo|Hurtado|Ibarra|Infante|Izaguirre|Jaimes|Jaramillo|Lara|Leal|Ledezma
León|Linares|Lozada|Lugo|Luna|Machado|Maldonado|Manrique|Manzanilla|Marcano|Marrero|Mata|Materán|Mavárez
Mejías|Meléndez|Mendes|Millán|Mijares|Miranda|Mogollón|Montes|Montero|Montilla|Monsalve|Morillo|Moncada
Moya|Mujica|Muñoz|Natera|Navarro|Navas|Nieves|Noguera|Núñez|Ochoa|Ojeda|Olivares|Olivero|Oropeza|Orozco
Ortega|Osorio|Otero|Pacheco|Padilla|Padrón|Páez|Palacios|Palencia|Paredes|Paz|Pereira|Pernía|Pineda|Pinto
Piña|Pirela|Polanco|Ponce|Portillo|Prieto|Primera|Puerta|Quevedo|Quijada|Quintero|Quiñones|Quiroz|Ramos
Rangel|Rengifo|Requena|Reyes|Rincón|Rivera|Rosales|Rosario|Rondón|Rosas|Rueda|Ruiz|Salas|Salcedo|Salinas
Sandoval|San Martín|San Juan|Santana|Santos|Segovia|Serrano|Sequera|Sierra|Solano|Solórzano|Sosa|Soto
Sulbarán|Tejada|Terán|Toro|Torrealba|Tovar|Trejo|Trujillo|Uribe|Urbina|Urdaneta|Uzcátegui|Valbuena|Valdez
Valecillos|Valera|Valero|Vallenilla|Varela|Vargas|Vega|Velásquez|Velazco|Vera|Vergara|Vielma|Villalobos
Villamizar|Villarroel|Villasmil|Villegas|Viloria|Vivas|Yánez|Yépez|Zabala|Zapata|Zárraga|Zerpa|Zorrilla
Zurita|Arteaga|Arrieta|Atencio|Ayala|Azuaje|Balza|Barreto|Becerra|Belandria|Benítez|Berríos|Boscán
Caldera|Calles|Canelón|Cañizales|Carmona|Carreño|Casanova|Casique|Castejón|Cordero|Chourio|Duque|Dugarte
Escalante|Faría|Finol|Galué|Godoy|Hoyos|Labrador|Landaeta|Lameda|Ferrer|Pérez-Bonalde|García-Herreros
Acevedo-Rojas
"""
_MEN = """
José|Luis|Carlos|Juan|Jesús|Miguel|Pedro|Rafael|Francisco|Víctor|Antonio|Alexander|Daniel|Ángel|Manuel
David|Jorge|Eduardo|Alejandro|Ramón|Enrique|Gabriel|Andrés|Henry|Julio|Wilmer|Freddy|Javier|César
Fernando|Roberto|Ricardo|Héctor|Óscar|Gregorio|Jean|Gustavo|Alberto|Edgar|Rubén|Nelson|Leonardo|Richard
Mario|Samuel|Félix|William|Sergio|Yonathan|Jhon|Cristian|Darwin|Deivis|Kevin|Franklin|Argenis|Orlando
Ronald|Jonathan|Simón|Ender|Douglas|Omar|Marcos|Raúl|Alfredo|Wilfredo|Edwin|Édgar|Alexis|Johan|Anthony
Elvis|Yorman|Jeferson|Brayan|Moisés|Isaac|Elías|Joel|Abraham|Santiago|Diego|Sebastián|Tomás|Ernesto
Gerardo|Gilberto|Guillermo|Humberto|Ignacio|Israel|Iván|Jairo|Jaime|Joaquín|Leonel|Lorenzo|Marlon|Martín
Mauricio|Maikel|Nestor|Nicolás|Noel|Pablo|Reinaldo|Robert|Rodolfo|Rolando|Romer|Rommel|Rosendo|Salvador
Teófilo|Ulises|Wladimir|Yohan|Yeison|Yefferson|Winston|Wuilmer|Euclides|Eleazar|Emilio|Eliécer|Eudis
Eugenio|Evelio|Fabián|Germán|Hernán|Hilario|Isidro|Leandro|Leoncio|Levi|Lino|Luciano|Matías|Nerio|Oswaldo
Otto|Pastor|Plácido|Renny|Rigoberto|Saúl|Silvio|Tito|Valentín|Vicente|Wilson|Xavier|Yender|Yoel|Zenón
José de Jesús|Juan de Dios|Aquiles|Adolfo|Agustín|Armando|Arturo|Benito|Bernardo|Camilo|Cipriano|Dimas
Efraín|Ezequiel|Aníbal|Arnaldo|Asdrúbal|Baudilio
"""
_WOMEN = """
María|Ana|Carmen|Luisa|Rosa|Yolanda|Isabel|Elena|Gabriela|Andrea|Daniela|Patricia|Teresa|Mariana
Alejandra|Carolina|Josefina|Beatriz|Mercedes|Margarita|Milagros|Adriana|Angélica|Nancy|Gladys|Yajaira
Yulimar|Yusmary|Keila|Leidy|Génesis|Karina|Katherine|Oriana|Valentina|Victoria|Verónica|Viviana|Zulay
Zoraida|Yanet|Yaneth|Yelitza|Yorgelis|Yuleisi|Yuraima|Wendy|Virginia|Sofía|Soledad|Sonia|Sandra|Rosario
Rosalía|Rocío|Raquel|Paola|Olga|Nohemí|Norma|Norelis|Noris|Nieves|Neida|Mirna|Miriam|Mireya|Mayra|Maritza
Marisol|Marielys|Maribel|Marianela|Maigualida|Magaly|Luz|Lucía|Lorena|Lisbeth|Liliana|Ligia|Laura|Juana
Johana|Jessica|Irma|Iris|Ingrid|Inés|Hilda|Haydée|Graciela|Gloria|Francisca|Flor|Fabiola|Evelin|Eva
Esther|Estefanía|Emilia|Elizabeth|Eglée|Edith|Dulce|Doris|Dayana|Coromoto|Consuelo|Concepción|Clara
Claudia|Cecilia|Belkis|Bárbara|Aura|Aracelis|Antonia|Anyelis|Amanda|Alicia|Albany|Aída|Del Carmen
María de los Ángeles|María del Valle|Nélida|Betty|Blanca|Brenda|Camila|Deisy|Delia|Diana|Elsa|Erika
Eulalia|Eunice|Gisela|Grecia|Ivonne|Jacqueline|Jenny|Judith|Julia|Karla|Lourdes|Marlene|Migdalia|Mónica
Natalia|Nathaly|Nelly|Petra|Rebeca|Reina|Rita|Sara|Susana|Tibisay|Xiomara|Zenaida
"""
PLACES = (
    *(
        "Distrito Capital",
        "Miranda",
        "Zulia",
        "Carabobo",
        "Lara",
        "Aragua",
        "Bolívar",
        "Anzoátegui",
        "Táchira",
    ),
    *("Mérida", "Barinas", "Portuguesa", "Falcón", "Sucre", "Monagas", "Trujillo", "Guárico", "Yaracuy"),
    *("Nueva Esparta", "Apure", "La Guaira", "Cojedes", "Delta Amacuro", "Amazonas"),
)
"""States of Venezuela, the largest first."""

NICKNAMES = {
    "José": ("Pepe", "Cheo"),
    "Jesús": ("Chuy", "Chucho"),
    "Francisco": ("Paco", "Pancho"),
    "Luis": ("Lucho",),
    "Manuel": ("Manolo",),
    "Ignacio": ("Nacho",),
    "Rafael": ("Rafa",),
    "Alberto": ("Beto",),
    "Enrique": ("Quique",),
    "Eduardo": ("Lalo",),
    "Antonio": ("Toño",),
    "Mercedes": ("Meche",),
    "Isabel": ("Chabela",),
    "Concepción": ("Concha",),
    "Rosario": ("Charo",),
    "Teresa": ("Tere",),
    "Josefina": ("Pepa",),
    "Dolores": ("Lola",),
}
"""Short forms under which a list may name somebody."""

_NARROW = 51  # surnames of the narrow pool
_SHIFT = {"wide": 8.0, "narrow": 12.0}  # Zipf-Mandelbrot: the larger, the flatter the head


def _words(text: str) -> tuple[str, ...]:
    """The words of a pool, each once, in order."""
    return tuple(dict.fromkeys(word for line in text.split("\n") for word in line.split("|") if word))


def _shares(n: int, shift: float) -> NDArray[np.float64]:
    """Frequencies that fall with the rank."""
    weights = 1.0 / (np.arange(n) + shift)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


@cache
def surnames(pool: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Surnames of a pool and their frequencies."""
    words = _words(_SURNAMES)
    chosen = words[:_NARROW] if pool == "narrow" else words
    return chosen, _shares(len(chosen), _SHIFT[pool])


@cache
def given_names(woman: bool) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Given names and their frequencies."""
    words = _words(_WOMEN if woman else _MEN)
    return words, _shares(len(words), _SHIFT["wide"])
