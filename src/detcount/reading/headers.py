"""What the name of a column says of its contents, in Spanish and English."""

from __future__ import annotations

import re
from typing import Literal, get_args

from detcount.frames import plain_name
from detcount.words import Message

Role = Literal[
    "name",
    "given",
    "surname",
    "document",
    "document_type",
    "born",
    "age",
    "sex",
    "arrested",
    "place",
    "referred_by",
    "status",
    "left",
    "listed_on",
    "left_known_on",
]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_WORDS: dict[str, Message] = {
    "name": Message("whole names"),
    "given": Message("given names"),
    "surname": Message("surnames"),
    "document": Message("documents"),
    "document_type": Message("kinds of documents"),
    "born": Message("days of birth"),
    "age": Message("ages"),
    "sex": Message("sex"),
    "arrested": Message("days of arrest"),
    "place": Message("places"),
    "referred_by": Message("who forwarded the row"),
    "status": Message("statuses"),
    "left": Message("days of exit"),
    "listed_on": Message("days of listing"),
    "left_known_on": Message("days on which exits became known"),
}
"""What readers call the roles."""

_CAMEL = re.compile(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ\d])")
# columns about somebody else, or about something that has a name or a date of its own
_OTHERS = re.compile(
    r"\b(madre|padre|familiar|familiares|abogad[oa]s?|defens\w+|contacto|denunciante|juez|fiscal|"
    r"representante|hij[oa]s?|espos[oa]|conyuge|mother|father|lawyer|attorney|contact|relative|judge|"
    r"prosecutor|telefono|phone|correo|e ?mail|direccion|tribunal|court|delito|cargos?|charges?|expediente|"
    r"funcionari[oa]|apodo|alias|sobrenombre|nickname|aka|organismo|audiencia|hearing|foto|url|link)\b"
)
_DAY = r"(?:fecha|dia|date|day|f|fec|fch|fcha|year|ano|anio)"
_BIRTH = r"(?:nac|nacim|nacimiento|nacido|nacida|birth|born|dob|fnac|fnacimiento|birthdate|birthday|yob)"
_ARREST = (
    r"(?:detencion|det|detenido|detenida|detenidos|arresto|arrestad[oa]|captura|capturad[oa]|aprehension|"
    r"aprehendid[oa]|privacion|desaparicion|arrest|arrested|detention|detained|capture|captured|ingreso|"
    r"encarcelamiento|admission)"
)
_EXIT = (
    r"(?:liberacion|liberad[oa]|libertad|excarcelacion|excarcelad[oa]|salida|egreso|release|released|exit|"
    r"freed|left|discharge|discharged)"
)
_LISTED = (
    r"(?:registro|registrad[oa]|reporte|reportad[oa]|listado|lista|denuncia|publicacion|carga|inclusion|"
    r"actualizacion|listed|reported|report|recorded|record|registered|published|added|entry|updated|list)"
)
_HEARD = (
    r"(?:verificacion|verificad[oa]|confirmacion|confirmad[oa]|conocid[oa]|verified|confirmed|known|"
    r"verification)"
)

# the first pattern that fits gives the roles and how sure each is, most of them only one
_TABLE: tuple[tuple[str, tuple[tuple[Role, float], ...]], ...] = (
    (
        rf"\b{_HEARD}\b.*\b{_EXIT}\b|\b{_EXIT}\b.*\b{_HEARD}\b|\bleft known on\b",
        (("left_known_on", 1.0),),
    ),
    (
        r"\b(referid[oa]s?|remitid[oa]s?|referred|forwarded|referral|derivad[oa]s?)\b",
        (("referred_by", 1.0),),
    ),
    (r"\b(lugar|pais|ciudad|estado|place|country|city|state)\b.*\b(nac|nacimiento|birth)\b", ()),
    (rf"\bestado\b.*\b{_ARREST}\b", (("place", 1.0), ("status", 0.8))),
    (
        rf"\b(lugar|sitio|ciudad|municipio|place|city|state|location|where)\b.*\b{_ARREST}\b",
        (("place", 1.0),),
    ),
    (r"\b(edad|age|anos|years old)\b", (("age", 1.0),)),
    (
        rf"\b{_DAY}\b.*\b{_BIRTH}\b|^{_BIRTH}$|^f n$|\b{_BIRTH}\b.*\b(date|year)\b",
        (("born", 1.0),),
    ),
    (
        r"\b(tipo|type)\b.*\b(doc|documento|cedula|document|id|ci)\b|^(nac|nacionalidad|nationality|v e|ve)$",
        (("document_type", 1.0),),
    ),
    (
        r"\b(cedula|cedulas|ci|c i|dni|rif|pasaporte|passport|cedula identidad|carnet identidad|"
        r"national id|id card|id number|identity card|identity number|curp|cui|nui|nie|nif)\b",
        (("document", 1.0),),
    ),
    (
        r"\b(documento|document|doc|identificacion|identification|identity|identidad)\b",
        (("document", 0.9),),
    ),
    (
        rf"\b{_DAY}\b.*\b{_EXIT}\b|\b{_EXIT}\b.*\b{_DAY}\b|^(liberacion|excarcelacion|egreso|salida|"
        rf"release|exit|left|left on|released on|excarcelado el|liberado el)$",
        (("left", 1.0),),
    ),
    (
        rf"\b{_DAY}\b.*\b{_ARREST}\b|\b{_ARREST}\b.*\b{_DAY}\b|^(detencion|arresto|captura|aprehension|"
        rf"arrest|entered|detained on|arrested on|arrested|detenido el|detenida el|ingreso)$",
        (("arrested", 1.0),),
    ),
    (
        rf"\b{_DAY}\b.*\b{_LISTED}\b|\b{_LISTED}\b.*\b{_DAY}\b|^(listed on|reported "
        rf"on|seen|listed|registro)$",
        (("listed_on", 1.0),),
    ),
    (
        r"\b(apellidos?|surnames?|family names?)\b.*\b(nombres?|names?|given)\b|"
        r"\b(nombres?|names?|given names?)\b.*\b(apellidos?|surnames?)\b",
        (("name", 1.0),),
    ),
    (
        r"\b(apellidos?|surnames?|last ?names?|family ?names?|paterno|materno|lname)\b",
        (("surname", 1.0),),
    ),
    (
        r"\b(first ?names?|given ?names?|forenames?|middle ?names?|fname|nombres? de pila|"
        r"(?:primer|1er|1|segundo|2do|2|otros) nombres?|nombres? (?:1|2|uno|dos)|second names?)\b",
        (("given", 1.0),),
    ),
    (
        r"\b(nombres? completos?|full ?names?|complete ?names?|nombre (?:del? )?(?:la |el )?"
        r"(?:person\w*|detenid\w*|pres[oa]\w*|victima\w*|privad\w*|ciudadan\w*))\b|"
        r"^(?:name of (?:the "
        r")?)?(detenid[oa]s?|persona|person|victima|victim|detainees?|prisoners?|ciudadan[oa])$",
        (("name", 1.0),),
    ),
    (r"^(nombres?|names?|nombre s)$", (("name", 0.9), ("given", 0.9))),
    (r"\b(sexo|sex|genero|gender)\b", (("sex", 1.0),)),
    (
        r"\b(estatus|status|situacion|condicion)\b|\bestado (?:actual|procesal|de la "
        r"detencion|juridico)\b",
        (("status", 1.0),),
    ),
    (r"^(?:released|liberad[oa]s?|excarcelad[oa]s?)$", (("left", 0.7), ("status", 0.6))),
    (r"^estado$", (("place", 0.7), ("status", 0.6))),
    (
        r"\b(lugar|sitio|ciudad|municipio|localidad|entidad|provincia|departamento|parroquia|place|city|"
        r"town|state|region|location|municipality|province|district|centro|facility|prison|carcel|penal|"
        r"reclusion|centre|center)\b|\bestado\b",
        (("place", 0.7),),
    ),
    (rf"^{_DAY}s?$", (("arrested", 0.6),)),
    (r"^(fuente|source|origen)$", (("referred_by", 0.3),)),  # used only where somebody says so
    (r"^(id|identificador|identifier|numero|num|nro|no)$", (("document", 0.3),)),
    (r"\b(nombres?|names?)\b", (("name", 0.5),)),
)
_PATTERNS = tuple((re.compile(pattern), roles) for pattern, roles in _TABLE)


def normal(header: str) -> str:
    """The name of a column in small letters and figures, words with one space between."""
    return plain_name(_CAMEL.sub(" ", header))


def roles_of(header: str) -> tuple[tuple[Role, float], ...]:
    """Roles that the name of a column can have, with how sure each is; none where it says nothing."""
    words = normal(header)
    if not words or _OTHERS.search(words):
        return ()
    for pattern, roles in _PATTERNS:
        if pattern.search(words):
            return roles
    return ()


def is_known(header: str) -> bool:
    """Whether a text is a name of a column that says something, also one of no use here."""
    words = normal(header)
    few = len(words.split()) <= 7
    if not few or any(figure.isdigit() and len(figure) > 2 for figure in words.split()):
        return False
    return bool(roles_of(header)) or bool(_OTHERS.search(words)) or words in _NUMBERS


_NUMBERS = frozenset(
    ("n", "no", "nro", "num", "numero", "item", "id", "observaciones", "notas", "notes", "remarks")
)


def surname_first(header: str) -> bool | None:
    """Whether the name of a column says that surnames stand first; None where it does not say."""
    words = normal(header)
    surname = re.search(r"\b(apellidos?|surnames?|last ?names?|family ?names?)\b", words)
    given = re.search(r"\b(nombres?|names?|given|first)\b", words)
    if surname is None or given is None:
        return None
    return surname.start() < given.start()
