"""A file is read as it was written, by the options that say how; an error names the option that reads it."""

import bz2
import gzip
import io
import json
import lzma
import re
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather

from bineural import load_dataset
from bineural.data.endings import ENDINGS
from bineural.errors import ColumnError, ColumnWarning, DroppedWarning, InputError

RNG = np.random.default_rng(5)
N = 40
TABLE = pd.DataFrame(
    {
        "größe": RNG.normal(size=N).round(3),
        "preis": (RNG.lognormal(12, 2, N)).round(2),
        "n": RNG.integers(0, 5000, N),
        "wer": RNG.choice(["Jürgen", "Anna", "Zoë"], N),
    }
)


def written(tmp_path, name, content):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path / name


def same(frame, other=TABLE):
    pd.testing.assert_frame_equal(frame, other, check_dtype=False, check_exact=True)
    return True


# --- options ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", "\t", "|", " ", ","])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "latin-1", "utf-16-be"])
def test_what_pandas_writes_is_read_by_the_options_of_the_same_names(tmp_path, separator, decimal, encoding):
    path = tmp_path / "file.csv"
    TABLE.to_csv(path, sep=separator, decimal=decimal, encoding=encoding, index=False, quoting=1)
    assert same(load_dataset(path, separator=separator, decimal=decimal, encoding=encoding))


@pytest.mark.parametrize("word, sign", [("tab", "\t"), ("\\t", "\t"), ("space", " "), ("semicolon", ";")])
def test_signs_that_are_hard_to_type_have_words(tmp_path, word, sign):
    path = written(tmp_path, "file.csv", f"a{sign}b\n1{sign}x\n")
    assert load_dataset(path, separator=word).to_dict("list") == {"a": [1], "b": ["x"]}


@pytest.mark.parametrize(
    "thousands, decimal", [(",", "."), (".", ","), (" ", ","), ("'", "."), ("\u202f", ",")]
)
def test_thousands_are_joined_to_the_number_that_was_written(tmp_path, thousands, decimal):
    put = str.maketrans({",": thousands, ".": decimal})
    text = "".join(f"{n:,};{x:,.2f}\n".translate(put) for n, x in zip(TABLE["n"], TABLE["preis"]))
    path = written(tmp_path, "file.csv", "n;preis\n" + text)
    frame = load_dataset(path, separator=";", decimal=decimal, thousands=thousands)
    assert same(frame, TABLE[["n", "preis"]]) and frame["n"].dtype == np.int64


@pytest.mark.parametrize("odd", ["1,23", "12,34,567", "1,2345", "a", "1,234,", ",234", "1.2,345"])
def test_a_column_with_incomplete_thousands_stays_text(tmp_path, odd):
    path = written(tmp_path, "file.csv", f"x;y\n1,234;1,000\n{odd};2\n")
    frame = load_dataset(path, separator=";", thousands=",")
    assert frame["x"].tolist() == ["1,234", odd] and frame["y"].tolist() == [1000, 2]


def test_missing_values_are_added_to_the_usual_ones(tmp_path):
    path = written(tmp_path, "file.csv", "x,s\n1,a\n?,?\n-,b\nNA,\n2,-\n")
    frame = load_dataset(path, missing_values=["?", "-"])
    assert frame["x"].isna().tolist() == [False, True, True, True, False]
    assert frame["s"].isna().tolist() == [False, True, False, True, True]
    assert load_dataset(path, missing_values="?")["x"].tolist()[:3] == ["1", np.nan, "-"]


BAD = [
    {"separator": ";;"},
    {"separator": ""},
    {"separator": "x"},
    {"separator": 1},
    {"decimal": ";"},
    {"thousands": "."},
    {"thousands": "00"},
    {"encoding": "utf-99"},
    {"encoding": "zlib"},
    {"encoding": None},
    {"missing_values": 5},
    {"missing_values": []},
    {"missing_values": [None]},
    {"sep": ";"},
]


@pytest.mark.parametrize("options", BAD, ids=str)
def test_options_that_are_none_are_refused_by_name(tmp_path, options):
    path = written(tmp_path, "file.csv", "a,b\n1,2\n")
    with pytest.raises(InputError, match=f"`{next(iter(options))}`") as caught:
        load_dataset(path, **options)
    assert caught.value.found and caught.value.hint


@pytest.mark.parametrize("name", ["kyphosis", "file.parquet", "file.json"])
def test_options_of_text_are_refused_where_there_is_none(tmp_path, name):
    TABLE.to_parquet(tmp_path / "file.parquet")
    TABLE.to_json(tmp_path / "file.json", orient="records")
    name = name if name == "kyphosis" else tmp_path / name
    with pytest.raises(InputError, match="`missing_values` must be given for text files only"):
        load_dataset(name, missing_values="?")


# --- errors that name what reads the file ----------------------------------------------------------------

MISREAD = {
    "file.csv": TABLE.to_csv(index=False, sep=";", decimal=","),
    "points.csv": TABLE.to_csv(index=False, sep=";"),
    "tabs.csv": TABLE.to_csv(index=False, sep="\t"),
    "bars.txt": TABLE.to_csv(index=False, sep="|"),
    "spaces.txt": TABLE.to_csv(index=False, sep=" "),
    "commas.tsv": TABLE.to_csv(index=False),
    "western.csv": TABLE.to_csv(index=False).encode("cp1252"),
    "excel.txt": TABLE.to_csv(index=False, sep="\t").encode("utf-16"),
    "both.csv": TABLE.to_csv(index=False, sep=";", decimal=",").encode("cp1252"),
    "packed.csv.gz": gzip.compress(TABLE.to_csv(index=False, sep=";", decimal=",").encode("cp1252")),
    "letters.csv": "x,s\n" + "1,a\n" * 5000 + "2,ü\n",  # far from the beginning
    "comma;in;name.csv": 'n;"x, y";z\n1;2,5;3\n1;3,5;4\n',
}
MISREAD["letters.csv"] = MISREAD["letters.csv"].encode("cp1252")


def options_in(hint):
    """Read the options that a hint names: "Pass separator=';' and decimal=','."."""
    return dict(re.findall(r"(\w+)='([^']+)'", hint))


@pytest.mark.parametrize("name", MISREAD)
def test_following_the_hints_reads_the_file(tmp_path, name):
    path, options = written(tmp_path, name, MISREAD[name]), {}
    for _ in range(3):
        try:
            frame = load_dataset(path, **options)
            break
        except InputError as error:
            assert error.must and name in error.found
            new = options_in(error.hint)
            assert new and not new.keys() & options.keys()
            options |= new
    assert options
    if "größe" in frame:
        assert same(frame)
    assert all(
        column != "wer" or kind.kind in "OU" for column, kind in frame.dtypes.items() if hasattr(kind, "kind")
    )


def test_names_of_rows_without_a_heading_of_theirs_are_said(tmp_path):
    path = written(tmp_path, "r.txt", '"a" "b"\n"1" 1 2\n"2" 3 4\n')  # as write.table() of R writes
    with pytest.raises(InputError, match="row.names = FALSE"):
        load_dataset(path, separator=" ")


@pytest.mark.parametrize(
    "name, hint",
    [
        ("book.xlsx", "save the sheet as CSV"),
        ("table.rds", "readRDS"),
        ("survey.sav", "read_spss"),
        ("frame.pkl", "read_pickle"),
        ("data.dat", "separator=','"),
        ("data", "separator=','"),
    ],
)
def test_files_of_other_kinds_are_refused_with_the_way_on(tmp_path, name, hint):
    path = written(tmp_path, name, "a,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        load_dataset(path)
    assert hint in caught.value.hint and name in caught.value.found


def test_any_ending_is_text_where_the_separator_is_given(tmp_path):
    assert load_dataset(written(tmp_path, "iris.data", "a,b\n1,2\n"), separator=",").shape == (1, 2)


@pytest.mark.parametrize(
    "content, kind",
    [
        (TABLE.to_parquet(), "a Parquet file"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "packed by gzip"),
        (b"PK\x03\x04...", "a zip file, or an Excel file"),
    ],
)
def test_a_name_that_says_something_else_is_said(tmp_path, content, kind):
    with pytest.raises(InputError, match=f"what it is.*\n.*{kind}.*\n.*Rename"):
        load_dataset(written(tmp_path, "file.csv", content))


@pytest.mark.parametrize("name", ["a" * 400 + ".csv", "none/file.csv", "~nobody/file.csv", "./"])
def test_a_path_where_nothing_is_is_said(name):
    with pytest.raises(InputError, match="must exist"):
        load_dataset(name)


@pytest.mark.parametrize(
    "name, text",
    [
        ("one.csv", "review text\n" + "not bad at all\n" * 3),
        ("names.csv", "Body weight, Body height of men\nNew York city, Los Angeles\n"),
        ("tags.csv", "id,tags\n1,a;b;c\n"),
        ("none.csv", "a,b\n"),
    ],
)
def test_signs_within_fields_separate_nothing(tmp_path, name, text):
    path = written(tmp_path, name, text)
    pd.testing.assert_frame_equal(load_dataset(path), pd.read_csv(path), check_dtype=False)


def test_a_file_without_a_heading_is_told(tmp_path):
    path = written(tmp_path, "file.csv", "5.1,3.5\n4.9,3.0\n")
    with pytest.warns(ColumnWarning, match="names of all columns are numbers, such as '5.1', '3.5'"):
        assert load_dataset(path).shape == (1, 2)
    with pytest.raises(ColumnError, match="(?s)'1' more than once.*into a first line"):
        load_dataset(written(tmp_path, "file.csv", "1,1\n4.9,3.0\n"))
    for names in ("0,1", "1,2", "a,2"):  # as arrays are written, and names of people
        assert load_dataset(written(tmp_path, "file.csv", f"{names}\n4.9,3.0\n")).shape == (1, 2)


def test_separators_at_the_ends_of_lines_make_no_column(tmp_path):
    with pytest.warns(DroppedWarning, match=r"without names and values are left out \(2\)"):
        assert list(load_dataset(written(tmp_path, "file.csv", "a,b,,\n1,2,,\n3,4,,\n"))) == ["a", "b"]
    with pytest.raises(ColumnError, match="must have a name"):
        load_dataset(written(tmp_path, "file.csv", "a,b,\n1,2,3\n3,4,3\n"))


# --- endings ---------------------------------------------------------------------------------------------

CSV = TABLE.to_csv(index=False).encode()


def zipped(*names, content=CSV):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return file.getvalue()


WRITERS = {
    "file.csv": CSV,
    "FILE.CSV": CSV,
    "file.tsv": TABLE.to_csv(index=False, sep="\t"),
    "file.txt": TABLE.to_csv(index=False, sep="\t"),
    "file.csv.gz": gzip.compress(CSV),
    "file.csv.bz2": bz2.compress(CSV),
    "file.csv.xz": lzma.compress(CSV),
    "file.zip": zipped("folder/table.csv", "__MACOSX/table.csv"),
    "file.csv.zip": zipped("table.csv"),
    "file.json": TABLE.to_json(orient="records", double_precision=15),
    "columns.json": TABLE.to_json(double_precision=15),
    "lists.json": json.dumps(TABLE.to_dict("list")),
    "file.jsonl": TABLE.to_json(orient="records", lines=True, double_precision=15),
    "file.ndjson": "\n".join(map(json.dumps, TABLE.to_dict("records"))),
    "file.json.gz": gzip.compress(TABLE.to_json(orient="records", double_precision=15).encode()),
    "file.parquet": TABLE.to_parquet(),
    "file.pq": TABLE.to_parquet(),
}
for packing in ("uncompressed", "lz4", "zstd"):
    buffer = io.BytesIO()
    TABLE.to_feather(buffer, compression=packing)
    WRITERS[f"{packing}.feather"] = WRITERS[f"{packing}.arrow"] = buffer.getvalue()


@pytest.mark.parametrize("name", WRITERS)
def test_every_ending_is_read(tmp_path, name):
    assert same(load_dataset(written(tmp_path, name, WRITERS[name])))


def test_no_ending_is_left_out_here():
    assert {f".{name.split('.')[1].lower()}" for name in WRITERS} >= set(ENDINGS)


def test_json_keeps_what_is_whole_missing_and_text(tmp_path):
    rows = [{"a": 1, "d": "2020-01-01", "t": "1"}, {"b": True, "d": None, "t": "NA"}, {"a": 3, "x": 0.1}]
    frame = load_dataset(written(tmp_path, "file.json", json.dumps(rows)))
    assert list(frame) == ["a", "d", "t", "b", "x"]
    assert str(frame["a"].dtype) == "Int64" and str(frame["b"].dtype) == "boolean"
    assert frame["d"][0] == "2020-01-01" and frame["t"][:2].tolist() == ["1", "NA"] and frame["x"][2] == 0.1


@pytest.mark.parametrize(
    "text, trouble",
    [
        ("", "Expecting value"),
        ("[1, 2]", "neither a list of rows nor"),
        ('{"a": 1}\n{"a": 2}', "Extra data"),
        ('[{"a": 1}, {"a": "x"}]', "several kinds"),
        ('[{"a": [1]}]', "lists or objects"),
        ('{"a": {"0": 1, "1": 2}, "b": {"1": 1, "0": 2}}', "same rows"),
        ("[" * 100_000, "recursion"),
        ('[{"a": 1' + "0" * 5000 + "}]", "limit"),
    ],
)
def test_json_that_is_no_table_is_refused(tmp_path, text, trouble):
    with pytest.raises(InputError, match=trouble) as caught:
        load_dataset(written(tmp_path, "file.json", text))
    assert (".jsonl" in caught.value.hint) == (trouble == "Extra data")


@pytest.mark.parametrize(
    "content, trouble",
    [
        (zipped("a.csv", "b.csv"), "2 files: 'a.csv', 'b.csv'"),
        (zipped(), "no file"),
        (zipped("a.parquet"), "Only text and JSON can be packed"),
        (zipped("a.xlsx"), "a workbook"),
        (zipped("a"), "which holds 'a'"),
        (b"nothing", "must"),
        (zipped("a.csv")[:-30], "must"),
    ],
)
def test_zip_files_that_hold_no_table_are_refused(tmp_path, content, trouble):
    with pytest.raises(InputError, match=trouble):
        load_dataset(written(tmp_path, "file.zip", content))


@pytest.mark.parametrize("packing", ["lz4", "zstd"])
@pytest.mark.parametrize("cut", [0, 7, 200, 700])
def test_feather_that_is_cut_short_is_refused(tmp_path, packing, cut):
    content = WRITERS[f"{packing}.feather"]
    with pytest.raises(InputError, match="must be a table of that kind"):
        load_dataset(
            written(tmp_path, "file.feather", content[:cut] if cut > 0 else content[: len(content) // 3])
        )


# --- small files that become huge --------------------------------------------------------------------------


@pytest.fixture
def small_limit(monkeypatch):
    monkeypatch.setattr("bineural.tables.growth.FREE", 100_000)


def feather_bomb(table, packing):
    buffer = io.BytesIO()
    feather.write_feather(table, buffer, compression=packing, chunksize=10**6)
    return buffer.getvalue()


REPEATED = pa.DictionaryArray.from_arrays(pa.array(np.zeros(10**5, dtype=np.int8)), pa.array(["a" * 1000]))
BOMBS = {
    "bomb.zip": zipped("a.csv", content=b"x\n" + b"1\n" * 10**6),
    "bomb.csv.bz2": bz2.compress(b"x\n" + b"1\n" * 10**6),
    "bomb.json.xz": lzma.compress(b"[" + b" " * 10**6 + b"]"),
    "numbers.feather": feather_bomb(pa.table({"x": np.zeros(10**6)}), "zstd"),
    "text.feather": feather_bomb(pa.table({"x": ["a" * 10**7]}), "zstd"),
    "nothing.feather": feather_bomb(pa.table({"x": pa.nulls(10**6)}), "zstd"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_file_that_becomes_huge_is_refused_before_it_does(tmp_path, name, small_limit):
    path = written(tmp_path, name, BOMBS[name])
    with pytest.raises(InputError, match="would become more than") as caught:
        load_dataset(path)
    assert "`max_bytes`" in caught.value.hint


def test_feather_types_that_say_one_value_again_and_again_are_refused(tmp_path):
    table = pa.table({"x": pa.RunEndEncodedArray.from_arrays(pa.array([10**9], pa.int32()), pa.array([1.0]))})
    with pa.OSFile(str(tmp_path / "file.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(InputError, match="run_end_encoded"):
        load_dataset(tmp_path / "file.arrow")
    with pa.OSFile(str(tmp_path / "file.arrow"), "wb") as sink:
        table = pa.table({"x": REPEATED})
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    assert (
        load_dataset(tmp_path / "file.arrow")["x"].dtype == "category"
    )  # which names it, and does not repeat
