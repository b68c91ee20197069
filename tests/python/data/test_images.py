"""`load_images`: folders with a sub-folder a class, files, and sets by name that are found on the machine."""

import gzip
import struct

import numpy as np
import pytest
import sklearn.datasets
from PIL import Image

import bineural as bn
from bineural.data import image_sets
from bineural.data.idx_files import read_idx
from bineural.data.pictures import Pictures
from bineural.errors import DroppedWarning, InputError


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return pixels


@pytest.fixture
def folder(tmp_path):
    """Make a folder of three grey pictures of two classes, one of them in a folder within its class."""
    rng = np.random.default_rng(3)
    for name in ("b/2.png", "a/1.png", "a/deep/0.png"):
        save(tmp_path / name, rng.integers(0, 256, (6, 4)).astype(np.uint8))
    return tmp_path


def test_sub_folders_are_classes_and_files_come_by_name(folder):
    loaded = bn.load_images(folder)
    assert loaded.files == ["a/1.png", "a/deep/0.png", "b/2.png"]
    assert loaded.labels.tolist() == ["a", "a", "b"] and list(loaded.labels.cat.categories) == ["a", "b"]
    assert loaded.images.shape == (3, 6, 4, 1) and loaded.images.dtype == np.uint8
    for file, pixels in zip(loaded.files, loaded.images):
        np.testing.assert_array_equal(pixels[..., 0], np.asarray(Image.open(folder / file)))
    assert repr(loaded) == "<3 images of 6 x 4 pixels (height x width), grey; label: 'a' (2), 'b' (1)>"
    alone = bn.load_images(folder / "b")
    assert alone.labels is None and alone.files == ["2.png"]
    np.testing.assert_array_equal(alone.images, loaded.images[2:])
    files = [folder / file for file in loaded.files]
    np.testing.assert_array_equal(bn.load_images(files).images, loaded.images)


def test_sizes_and_colours_are_made_as_asked(folder):
    save(folder / "b/3.png", np.zeros((9, 9), np.uint8))
    several = bn.load_images(folder)
    assert isinstance(several.images, Pictures) and several.images.shape == (4, None, None, 1)
    assert several.images[3].shape == (9, 9, 1)
    assert bn.load_images(folder, size=5).images.shape == (4, 5, 5, 1)
    wide = bn.load_images(folder, size=(6, 4), colour="rgb").images
    assert wide.shape == (4, 6, 4, 3)
    np.testing.assert_array_equal(wide[0, ..., 2], several.images[0][..., 0])


def test_what_a_file_holds_is_seen_as_it_is_shown(tmp_path):
    pixels = np.random.default_rng(4).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    image = Image.fromarray(pixels)
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera lay on its side
    image.save(tmp_path / "1.png", exif=turned)
    clear = np.dstack([pixels, np.full((5, 7), 0, np.uint8)])
    Image.fromarray(clear).save(tmp_path / "2.png")
    Image.fromarray(pixels[..., 0]).convert("P").save(tmp_path / "3.png")
    Image.fromarray(pixels[..., 0].astype(np.uint16) * 257).save(tmp_path / "4.png")
    paths = [str(tmp_path / f"{k}.png") for k in (1, 2, 3, 4)]
    np.testing.assert_array_equal(bn.load_images(paths[:1]).images[0], np.rot90(pixels, -1))
    assert (bn.load_images(paths[1:2]).images == 255).all()
    for path in paths[2:]:
        np.testing.assert_array_equal(bn.load_images([path]).images[0, ..., 0], pixels[..., 0])


def test_what_is_no_picture_is_left_out_and_said(folder):
    (folder / "a/notes.txt").write_text("hello")
    (folder / "empty").mkdir()
    (folder / ".hidden").mkdir()
    (folder / "a/.thumb.png").write_text("no picture")
    with pytest.warns(DroppedWarning) as caught:
        loaded = bn.load_images(folder)
    assert sorted(str(entry.message) for entry in caught) == [
        "Left out 1 file without a picture's ending: 'a/notes.txt'.",
        "Left out 1 sub-folder without pictures: 'empty'.",
    ]
    assert len(loaded) == 3


def test_folders_that_will_not_do_are_refused(folder, tmp_path):
    with pytest.raises(InputError, match="Did you mean 'fashion_mnist'"):
        bn.load_images("fashion_mnst")
    with pytest.raises(InputError, match="into a list"):
        bn.load_images(folder / "a/1.png")
    save(folder / "loose.png", np.zeros((3, 3), np.uint8))
    with pytest.raises(InputError, match=r"(?s)one for each class.*'loose.png'"):
        bn.load_images(folder)
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match="There is none"):
        bn.load_images(tmp_path / "none")
    for size in (0, "big", (1, 2, 3), 2.5, 2**20):
        with pytest.raises(InputError, match="`size` must be a number of pixels, or height and width"):
            bn.load_images(folder / "b", size=size)
    for path in (5, None, [], b"a"):
        with pytest.raises(InputError, match="`path` must be a folder, a list of files, or the name"):
            bn.load_images(path)


# ---- sets by name ----


def test_digits_are_scikit_learns():
    digits, bunch = bn.load_images("digits"), sklearn.datasets.load_digits()
    np.testing.assert_array_equal(digits.images[..., 0], bunch.images)
    assert digits.labels.astype(int).tolist() == bunch.target.tolist() and digits.part is None
    frame = bn.load_dataset("digits")
    np.testing.assert_array_equal(frame.drop(columns="digit").to_numpy(), digits.images.reshape(1797, 64))


def test_the_part_of_fashion_mnist_that_ships_is_balanced():
    part = bn.load_images("fashion_mnist_part")
    assert part.images.shape == (2000, 28, 28, 1) and part.images.dtype == np.uint8
    for name, n in (("train", 150), ("test", 50)):
        assert set(part.labels[part.part == name].value_counts()) == {n}
    assert len(np.unique(part.images.reshape(2000, -1), axis=0)) == 2000
    frame = bn.load_dataset("fashion_mnist_part")
    np.testing.assert_array_equal(frame["pixel_14_3"], part.images[:, 14, 3, 0])
    assert frame["article"].tolist() == part.labels.tolist()
    file = image_sets.DATA / "fashion_mnist_part.npz"
    assert file.stat().st_size < 2**20


def write_idx(path, array, packed=True, says=None):
    shape = array.shape if says is None else says
    content = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + array.tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if packed else content)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Give a machine that has no data sets yet: Debian's folder and Keras' cache are empty."""
    monkeypatch.setattr(image_sets, "_DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path


def few(rng):
    return rng.integers(0, 256, (5, 28, 28)).astype(np.uint8), np.arange(5, dtype=np.uint8)


@pytest.mark.parametrize("place", ["debian/fashion-mnist", "keras/datasets/fashion-mnist"])
def test_the_whole_of_fashion_mnist_is_found_where_others_have_put_it(machine, place):
    with pytest.raises(InputError, match=r"(?s)apt install dataset-fash.*fashion_mnist.load_data\(\)"):
        bn.load_images("fashion_mnist")
    rng = np.random.default_rng(5)
    train, test = few(rng), few(rng)
    for part, (images, codes) in (("train", train), ("t10k", test)):
        write_idx(machine / place / f"{part}-images-idx3-ubyte.gz", images)
        write_idx(machine / place / f"{part}-labels-idx1-ubyte.gz", codes)
    loaded = bn.load_images("fashion_mnist")
    np.testing.assert_array_equal(loaded.images[..., 0], np.concatenate([train[0], test[0]]))
    assert loaded.labels[:3].tolist() == ["T-shirt/top", "Trouser", "Pullover"]
    assert loaded.part.tolist() == ["train"] * 5 + ["test"] * 5


def test_mnist_is_read_from_keras_cache_without_pickle(machine):
    with pytest.raises(InputError, match=r"keras.datasets.mnist.load_data\(\)"):
        bn.load_dataset("mnist")
    (images, codes), path = few(np.random.default_rng(6)), machine / "keras/datasets/mnist.npz"
    path.parent.mkdir(parents=True)
    np.savez(path, x_train=images, y_train=codes, x_test=images, y_test=codes)
    assert bn.load_dataset("mnist").shape == (10, 785)
    np.savez(path, x_train=np.array([{}], dtype=object), y_train=codes, x_test=images, y_test=codes)
    with pytest.raises(InputError, match="x_train, y_train"):
        bn.load_images("mnist")
    np.savez(path, x_train=images, y_train=codes + 9, x_test=images, y_test=codes)
    with pytest.raises(InputError, match="a class from 0 to 9"):
        bn.load_images("mnist")


@pytest.mark.parametrize("packed", [True, False])
def test_idx_files_are_read_by_their_head(tmp_path, packed):
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    path = tmp_path / ("file.gz" if packed else "file")
    write_idx(path, array, packed)
    np.testing.assert_array_equal(read_idx(path), array)
    for says in ((2, 3, 5), (2, 3, 3), (2**31, 3, 4), (2, 3)):
        write_idx(path, array, packed, says)
        with pytest.raises(InputError, match="must have (as many|at most)"):
            read_idx(path)
    content = path.read_bytes()
    path.write_bytes(content[:9])
    with pytest.raises(InputError, match="An IDX file must"):
        read_idx(path)
    path.write_bytes(gzip.compress(b"PK\x03\x04 what is this") if packed else b"PK\x03\x04")
    with pytest.raises(InputError, match="must begin with its type"):
        read_idx(path)


@pytest.mark.parametrize("place", [0, 1])
def test_a_path_that_is_missing_is_named_wherever_it_stands(place, tmp_path):
    paths = [str(tmp_path / "a.png"), str(tmp_path / "b.png")]
    for path in paths:
        Image.fromarray(np.zeros((8, 8), np.uint8)).save(path)
    paths[place] = None
    with pytest.raises(
        bn.InputError, match=rf"Every picture must have a path.\n.*picture {place + 1} of 2 is None"
    ):
        bn.load_images(paths)
    with pytest.raises(bn.InputError, match=rf"picture {place + 1} of 2 is None"):
        bn.fit_net(paths, ["a", "b"], event="a")
