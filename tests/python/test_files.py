"""A file is written whole or not at all, as other programs of the system do, and a refusal says why."""

import errno
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

import bineural as bn
from bineural.errors import InputError, SavingError
from bineural.files import check_writable, make_folder, write_atomically

ROOT = Path(__file__).parents[2]


def content(folder):
    return sorted(file.name for file in folder.iterdir())


def test_the_file_has_the_bytes_the_mode_of_a_new_file_and_no_company(tmp_path):
    (tmp_path / "as usual").write_bytes(b"")
    path = write_atomically(str(tmp_path / "new"), b"bytes")
    assert path.read_bytes() == b"bytes"
    assert path.stat().st_mode == (tmp_path / "as usual").stat().st_mode
    assert content(tmp_path) == ["as usual", "new"]


def test_a_file_that_is_replaced_keeps_its_mode_and_a_link_is_followed(tmp_path):
    (tmp_path / "there").mkdir()
    file = tmp_path / "there/file"
    file.write_bytes(b"old")
    file.chmod(0o640)
    (tmp_path / "link").symlink_to("there/file")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink() and file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o7777 == 0o640
    (tmp_path / "dangling").symlink_to("there/other")
    write_atomically(tmp_path / "dangling", b"first")
    assert (tmp_path / "there/other").read_bytes() == b"first"


def test_a_name_as_long_as_the_disk_allows_is_written(tmp_path):
    assert write_atomically(tmp_path / ("n" * 255), b"x").read_bytes() == b"x"


BAD = {
    "empty": ("", "must be the name of a file"),
    "blank": (" ", "must be the name of a file"),
    "NUL": ("a\0b", "must be the name of a file"),
    "no path": (3.5, "Found 3.5"),
    "bytes": (b"name", "Found b.name."),
    "a folder": ("{}", "not a folder"),
    "a folder to come": ("{}/new/", "not a folder"),
    "no such folder": ("{}/no/file", "There is no folder"),
    "a file for a folder": ("{}/file/file", "There is no folder|is a file, not a folder"),
    "too long": ("{}/" + "n" * 256, "too long"),
    "a link to itself": ("{}/circle", "circle"),
}


@pytest.mark.parametrize("path, said", BAD.values(), ids=BAD)
@pytest.mark.parametrize("act", [check_writable, lambda path: write_atomically(path, b"x")])
def test_what_can_not_be_written_is_said(tmp_path, path, said, act):
    (tmp_path / "file").write_bytes(b"kept")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    path = path.format(tmp_path) if isinstance(path, str) else path
    with pytest.raises(InputError, match=said) as caught:
        act(path)
    assert caught.value.must and caught.value.found and caught.value.hint
    assert content(tmp_path) == ["circle", "file"] and (tmp_path / "file").read_bytes() == b"kept"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO])
def test_a_disk_that_refuses_is_said_and_what_was_there_stays(tmp_path, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    file = tmp_path / "file"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(SavingError, match="must be a file that can be written") as caught:
        write_atomically(file, b"new", error=SavingError)
    assert caught.value.hint and file.read_bytes() == b"old"
    assert content(tmp_path) == ["file"]


def test_a_full_disk_is_said_and_a_device_stays_one():
    full = Path("/dev/full")  # a device of Linux on which there is never room
    if not full.exists():
        pytest.skip("there is no /dev/full")
    check_writable(full)
    with pytest.raises(InputError, match="no room left") as caught:
        write_atomically(full, b"bytes")
    assert caught.value.hint and stat.S_ISCHR(full.stat().st_mode)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_written_to(tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_atomically(pipe, b"bytes")
    reader.join()
    assert read == [b"bytes"] and pipe.is_fifo() and content(tmp_path) == ["pipe"]


def test_a_folder_that_takes_no_more_files_is_said_before_any_work(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    for act in (lambda: check_writable(tmp_path / "file"), lambda: make_folder(tmp_path)):
        with pytest.raises(InputError, match="nothing can be written") as caught:
            act()
        assert caught.value.hint


def test_a_folder_is_made_with_those_around_it(tmp_path):
    assert make_folder(str(tmp_path / "a/b")).is_dir() and content(tmp_path / "a/b") == []
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file/a", tmp_path / ("n" * 256), "", "a\0b", 3.5, None):
        with pytest.raises(InputError, match="`directory` must be") as caught:
            make_folder(path)
        assert caught.value.found and caught.value.hint
    assert content(tmp_path) == ["a", "file"]


KILLED = """
import os, sys
from bineural import files
def wait(handle):
    print("drafted", flush=True)
    sys.stdin.read()
files.os.fsync = wait
files.write_atomically({path!r}, b"half")
"""


def test_the_draft_of_a_killed_process_is_removed_by_the_next_write_and_no_other(tmp_path):
    path = str(tmp_path / "file")
    children = [
        subprocess.Popen(
            [sys.executable, "-c", KILLED.format(path=path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT / "python")},
        )
        for _ in range(2)
    ]
    killed, alive = children
    try:
        for child in children:
            assert child.stdout.readline() == b"drafted\n"
        assert len(content(tmp_path)) == 2
        killed.kill()
        assert killed.wait() == -signal.SIGKILL
        write_atomically(path, b"at once")
        assert len(content(tmp_path)) == 3  # what is new may belong to somebody
        for name in content(tmp_path):
            os.utime(tmp_path / name, (0, 0))
        write_atomically(path, b"whole")
        drafts = [name for name in content(tmp_path) if name != "file"]
        assert len(drafts) == 1 and Path(path).read_bytes() == b"whole"  # the draft of the one alive
        alive.communicate(b"")
        assert alive.returncode == 0
        assert Path(path).read_bytes() == b"half" and content(tmp_path) == ["file"]
    finally:
        for child in children:
            child.kill()
            child.communicate()


@pytest.mark.parametrize("path", ["", "a\0b", "{}", "{}/no/file"])
def test_every_writer_gives_the_same_refusals(tmp_path, path):
    kyphosis = bn.load_dataset("kyphosis")
    glm = bn.fit_glm("Kyphosis ~ Start", kyphosis, event="present")
    split = bn.split_rows(kyphosis, seed=1)
    path = path.format(tmp_path)
    for write in (
        lambda: bn.save_model(glm, path),
        lambda: bn.save_split(split, path),
        lambda: bn.plot_roc(bn.evaluate_model(glm, kyphosis), path=path),
        lambda: bn.write_report(None, path),
    ):
        with pytest.raises(InputError) as caught:
            write()
        assert caught.value.must and caught.value.found and caught.value.hint
    assert content(tmp_path) == []
