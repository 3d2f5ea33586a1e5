"""A name, a document and a text of one list alone are in nothing that reading shows, raises or writes."""

import copy
import gc
import io
import logging
import pickle
import tempfile
import traceback
import warnings

import openpyxl
import pytest

from detcount.errors import DetcountError, InputError, error_text
from detcount.linkage import link, read_lists
from detcount.linkage.name_lists import without_content
from planted import DOCUMENT, NAME, TEXT, clean

HEADER = "Nombre;Cédula;Fecha de detención;Edad;Sexo;Estatus;Lugar;Observaciones\n"
ROW = f"{NAME} Pérez;V-87.654.321;24/08/2024;31;M;detenido;Lara {TEXT};{TEXT}\n"
OTHER = "Luis Mora;V-9.876.543;25/08/2024;40;M;liberado;Lara;nada\n"
BAD = f"{NAME};{TEXT} {DOCUMENT};{TEXT};{TEXT};{TEXT};{TEXT};;{TEXT}\n"


def shown(lists):
    records = lists.records(key="of the tests")
    kinds = [lists, records, *lists.parsed.values()]
    texts = (
        [repr(each) for each in kinds] + [str(each) for each in kinds] + [f"{each!s:>5}" for each in kinds]
    )
    texts += [lists.headline(), lists.sentence(), lists._repr_html_(), *lists.notes]
    texts += [lists.summary().translated(lang) for lang in ("en", "es")]
    texts += [lists.summary().html(lang) for lang in ("en", "es")]
    texts += [frame.to_csv() for frame in (lists.mapping, lists.problems, lists.to_frame())]
    texts += [repr(lists.unlinkable), repr(lists.list_sizes), repr(lists.spells()), repr(records.key)]
    return texts


@pytest.fixture
def watched(offline, monkeypatch, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.chdir(folder)
    return folder


def test_nothing_that_is_shown_holds_it(watched, tmp_path, caplog, capfd):
    path = tmp_path / "list.csv"
    path.write_bytes((HEADER + ROW + OTHER + BAD).encode())
    with warnings.catch_warnings(record=True) as warned, caplog.at_level(logging.DEBUG):
        warnings.simplefilter("always")
        lists = read_lists({"court": path, "press": {"Nombre": [f"{NAME} Pérez", ""], "x": [TEXT, TEXT]}})
        clean(*shown(lists))
    assert len(lists.problems) == 5  # the document, the day, the age, the sex and the status of the third row
    clean(*(str(each.message) for each in warned), caplog.text, *capfd.readouterr())
    assert list(watched.iterdir()) == []


def test_a_file_without_names_of_columns_shows_none_of_its_first_row(tmp_path):
    others = "Luis Mora;9876543;a", "Eva Gil;1112223;b", "Juan Paz;2223334;c"
    rows = [f"{NAME} Pérez;{DOCUMENT};{TEXT}", *others]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    clean(*shown(read_lists({"court": path})))
    for rest in (["uno;dos"], ["Luis Mora;uno", "Eva Gil;dos", "Juan Paz;tres"]):
        path.write_text("\n".join([f"{NAME};{TEXT}", *rest]), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read_lists({"court": path})
        clean(*told(caught.value))


def told(error):
    """Everything that an error says, the frames with what their names hold included."""
    frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in frames.stack if "/detcount/" in frame.filename]
    assert all(frame.name == "guarded" for frame in ours)
    texts = [str(error), repr(error), error_text(error, "es"), repr(vars(error))]
    texts += [line for frame in ours for line in map(str, (frame.locals or {}).values())]
    assert error.__cause__ is None
    assert error.__context__ is None
    return texts


def hostile(folder):
    """Lists that cannot be read, each with what was planted near the fault."""
    book = openpyxl.Workbook()
    book.active.title = "uno"
    book.active["A1"] = NAME
    book.create_sheet("dos")["A1"] = TEXT
    stream = io.BytesIO()
    book.save(stream)
    files = {
        "empty": b"",
        "no person": HEADER.encode(),
        "wide": (HEADER + ROW.replace("\n", f";{TEXT};{NAME}\n")).encode(),
        "quotation": (HEADER + OTHER + '"' + ROW + OTHER).encode(),
        "long": (HEADER + OTHER + '"' + ROW * 4000).encode(),
        "bytes": (HEADER + ROW).encode() + bytes(range(256)),
        "page": f"%PDF-1.4 {NAME} {DOCUMENT}".encode(),
        "book": b"PK\x03\x04" + ROW.encode(),
        "parquet": b"PAR1" + ROW.encode(),
        "no names": f"lugar;notas\n{TEXT};{NAME}\n".encode(),
        "doubt": f"Nombre;Cédula;CI\n{NAME};{DOCUMENT};1234567\nLuis;1112223;2223334\n".encode(),
        "two sheets": stream.getvalue(),
    }
    for name, content in files.items():
        (folder / f"{name}.csv").write_bytes(content)
    return {name: folder / f"{name}.csv" for name in files}


@pytest.mark.parametrize("who", [NAME, f"{NAME} Pérez"])
def test_a_place_that_could_name_a_column_makes_no_names_of_a_person(tmp_path, who):
    above = "Campo 0;Campo 1\nAna Rojas;Miranda\nOnofre Aaltonen;Zulia\n"
    file = tmp_path / "odd.csv"
    file.write_text(f"{above}{who};Distrito Capital\nEudoxia Aalto;Lara\nZenón Aalto;Distrito Capital\n")
    with pytest.raises(InputError) as caught:
        read_lists({"odd": str(file)}, {"odd": {"name": "Campo 7"}})
    clean(error_text(caught.value))
    lists = read_lists({"odd": str(file)}, {"odd": {"name": "Campo 0", "place": "Campo 1"}})
    assert lists.n_rows == 5
    assert lists.mapping["column"].tolist() == ["Campo 0", "Campo 1"]
    clean(*shown(lists))


def test_no_error_holds_it(watched, tmp_path):
    for name, path in hostile(tmp_path).items():
        with pytest.raises(InputError) as caught:
            read_lists({"court": path})
        clean(*told(caught.value)), name
    rows = {"Nombre": [f"{NAME} Pérez"], "Cédula": [DOCUMENT]}
    two = {"name": ["Nombre", "Cédula"]}
    for columns in ({"name": "nada"}, {"nada": "Nombre"}, two, {"z": {"name": "Nombre"}}):
        with pytest.raises(InputError) as caught:
            read_lists({"court": rows}, columns)
        clean(*told(caught.value))
    assert list(watched.iterdir()) == []


class Hostile:
    """A cell that quotes itself when it is asked for its text."""

    def __str__(self):
        raise RuntimeError(f"{NAME} {DOCUMENT} {TEXT}")


def test_errors_of_libraries_leave_without_their_words():
    with pytest.raises(
        DetcountError, match=r"nobody expected, RuntimeError at detcount\.reading\.cells:\d+"
    ) as caught:
        read_lists({"court": {"Nombre": [Hostile()]}})
    clean(*told(caught.value))

    @without_content
    def chained():
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise InputError("something about row 5") from error

    with pytest.raises(InputError, match="something about row 5") as hidden:
        chained()
    clean(*told(hidden.value))


def test_errors_that_nobody_expected_leave_a_linkage_without_their_words(monkeypatch):
    def fail(*_, **__):
        raise MemoryError(NAME)

    lists = read_lists({"a": {"Nombre": ["Ana Gil", NAME]}})
    monkeypatch.setattr("detcount.linkage.linking.learn_channel", fail)
    with pytest.raises(DetcountError, match=r"^link: an error that nobody expected, MemoryError") as caught:
        link(lists)
    clean(*told(caught.value))


def test_lists_are_neither_pickled_nor_copied(tmp_path):
    lists = read_lists({"court": {"Nombre": [f"{NAME} Pérez"], "Cédula": [DOCUMENT]}})
    for held in (lists, lists.records(), lists.parsed["court"], [lists], {"x": lists.records()}):
        for protocol in (0, 2, pickle.HIGHEST_PROTOCOL):
            with pytest.raises(TypeError, match="never pickled") as caught:
                pickle.dumps(held, protocol)
            clean(caught.value)
    assert copy.copy(lists) is lists
    assert copy.deepcopy(lists) is lists


@pytest.mark.slow
def test_no_cache_of_the_library_keeps_it():
    name = "Qqxzvurn Wkjbbltt"
    lists = read_lists({"court": {"Nombre": [name, "Luis Mora"]}})
    lists.records()
    del lists
    gc.unfreeze()  # what was there when the source was read is looked through as well
    gc.collect()
    held = [
        each
        for each in gc.get_objects()
        if isinstance(each, (tuple, list, dict, set)) and not isinstance(each, type(globals()))
    ]
    kept = 0
    for each in held:
        values = each.values() if isinstance(each, dict) else each
        kept += any(isinstance(value, str) and value == "qqxzvurn" for value in list(values))
    assert kept == 0


def test_digests_do_not_tell_the_document():
    import hashlib
    import hmac

    rows = {"Nombre": [""], "Cédula": [DOCUMENT]}
    key = read_lists({"court": rows}).records(key="of the tests").key[0]
    assert len(key) == 32
    guesses = [DOCUMENT, f"V{DOCUMENT}", f"V-{DOCUMENT}"]
    assert all(not hashlib.sha256(g.encode()).hexdigest().startswith(key.decode()) for g in guesses)
    assert all(
        not hmac.new(b"of the tests", g.encode(), hashlib.sha256).hexdigest().startswith(key.decode())
        for g in guesses
    )
