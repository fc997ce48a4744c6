from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from pip_backend import Mix, Restorer
from pip_backend.batch import JOURNAL
from pip_backend.cli import main
from pip_backend.degradations import DEGRADATIONS
from pip_backend.engine.sensing import HeatMap
from pip_backend.models import architectures
from pip_backend.regions import Recipe, Region, WholePicture, recipe_folder


@pytest.fixture
def photo(tmp_path):
    """A small PNG with structure."""
    y, x = np.mgrid[0:96, 0:120]
    pixels = np.stack([x * 2, y * 2, 128 + 60 * np.sin(x / 5) * np.cos(y / 7)], axis=-1).astype(np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


def read(path):
    with Image.open(path) as image:
        return np.array(image)


def folder(path):
    return sorted(entry.name for entry in path.iterdir() if not entry.name.startswith("xdg"))


def test_help_loads_neither_torch_nor_numpy():
    code = (
        "import contextlib, sys; from pip_backend.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['restore', '--help'])\n"
        "assert not {'torch', 'numpy', 'pyvips', 'rich'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize("words", [["models"], ["cache"], ["restore", "missing.png", "-o", "x.png", "-d", "denoise"]])
def test_commands_that_run_no_network_load_no_torch(words):
    code = f"import sys; from pip_backend.cli import main; main({words!r}); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_cost_of_every_architecture_is_told(capsys):
    assert main(["models", "cost", "--tile", "32", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["architecture"] for row in rows] == list(architectures())
    assert all(row["parameters"] > 1e5 and row["seconds_per_megapixel"] > 0 for row in rows)


def test_a_photo_is_restored(photo, tmp_path, capsys):
    target = tmp_path / "result.png"
    assert main(["restore", str(photo), "-o", str(target), "-d", "denoise=1,dejpeg=0.5"]) == 0
    assert read(target).shape == read(photo).shape
    assert (read(target) != read(photo)).any()
    assert "120 x 96 px" in capsys.readouterr().out


def test_a_report_maps_what_was_changed(photo, tmp_path, capsys):
    target = tmp_path / "result.png"
    words = ["restore", str(photo), "-o", str(target), "-r", "rect(0,0,50%,100%):denoise", "--report"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    change = np.abs(read(target).astype(float) - read(photo))
    assert told["changed_mean"] == pytest.approx(change.mean(), abs=0.5)
    assert told["report"] == str(tmp_path / "result.png-changed.png")
    drawn = read(tmp_path / "result.png-changed.png")
    left = (drawn.shape[1] - 120) // 2
    outside = drawn[:96, left + 62 : left + 120]
    assert (outside == outside[0, 0]).all()  # nothing changed there
    assert (drawn[:96, left : left + 60] != outside[0, 0]).any()
    assert told["errors"] == str(tmp_path / "result.png-errors.png")
    assert 0 < told["errors_mean"] < 64
    drawn = read(tmp_path / "result.png-errors.png")
    assert (drawn[:96, left + 80 : left + 120] == drawn[0, left + 119]).all()  # no error where nothing was to be done
    target.unlink()
    assert main(words) == 2  # the map is there: it is not replaced, and nothing else is written
    assert "exists already" in capsys.readouterr().err
    assert not target.exists()
    assert main([*words, "--overwrite"]) == 0
    assert "of 255 on average" in capsys.readouterr().out


def test_clean_parts_are_left_alone_when_the_user_allows_it(photo, tmp_path, capsys, monkeypatch):
    """The sensor is made to find nothing, and then noise: what it thinks of a drawn picture is not the point here."""
    probability = {"value": 0.01}

    class Sensor:
        context_size = 8

        def judge(self, tiles, thumbnail):
            judged = np.full((len(tiles), 6), probability["value"], np.float32)
            return judged, judged

    monkeypatch.setattr(Restorer, "_sensor", Sensor())
    words = ["restore", str(photo), "-d", "denoise", "--no-cache", "--overwrite", "-o"]
    assert main([*words, str(tmp_path / "all.png")]) == 0
    assert main([*words, str(tmp_path / "none.png"), "--skip-clean"]) == 0
    assert "100% of it was left alone" in capsys.readouterr().out
    recipe = tmp_path / "scan.json"
    Recipe("scan", (Region("photo", WholePicture(), Mix.of(denoise=1)),), skip_clean=True).save(recipe)
    by_recipe = tmp_path / "by-recipe.png"
    assert main(["restore", str(photo), "--recipe", str(recipe), "--no-cache", "-o", str(by_recipe)]) == 0
    assert "100% of it was left alone" in capsys.readouterr().out
    assert by_recipe.read_bytes() == (tmp_path / "none.png").read_bytes()
    np.testing.assert_array_equal(read(tmp_path / "none.png"), read(photo))
    probability["value"] = 0.8
    assert main([*words, str(tmp_path / "dirty.png"), "--skip-clean", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["skipped"] == 0
    assert (tmp_path / "dirty.png").read_bytes() == (tmp_path / "all.png").read_bytes()


def test_several_photos_give_what_each_gives_alone_and_a_bad_one_is_told_in_its_turn(photo, tmp_path, capsys):
    sources = [photo]
    for index in range(1, 4):
        sources.append(tmp_path / f"{index}.png")
        Image.fromarray(np.roll(read(photo), 7 * index, axis=1)).save(sources[-1])
    sources[2].write_bytes(b"no picture")
    out = tmp_path / "out"
    words = ["restore", "-d", "denoise", "--no-cache", "--json"]
    assert main([*words, *map(str, sources), "-o", f"{out}/"]) == 2
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [row for row in told if "source" in row]
    assert [row["source"] for row in told] == [str(source) for source in sources]
    assert ["error" in row for row in told] == [False, False, True, False]
    for source in (sources[0], sources[1], sources[3]):
        assert main([*words, str(source), "-o", str(tmp_path / "alone.png"), "--overwrite"]) == 0
        assert (out / source.name).read_bytes() == (tmp_path / "alone.png").read_bytes()


def test_the_result_lies_beside_the_photo_when_nobody_says_where(photo, tmp_path):
    assert main(["restore", str(photo), "-d", "denoise"]) == 0
    assert folder(tmp_path) == ["photo-restored.png", "photo.png"]


def test_the_sensor_chooses_and_says_what(photo, tmp_path, capsys):
    assert main(["restore", str(photo), "-o", str(tmp_path / "r.png")]) == 0
    assert "the sensor chose" in capsys.readouterr().out


def test_outside_the_region_the_samples_are_the_same_bits(photo, tmp_path):
    mask = np.zeros((96, 120), np.uint8)
    mask[20:60, 30:90] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    target = tmp_path / "r.png"
    assert main(["restore", str(photo), "-o", str(target), "-r", f"{tmp_path / 'mask.png'}:brighten"]) == 0
    before, after = read(photo), read(target)
    np.testing.assert_array_equal(after[mask == 0], before[mask == 0])
    assert (after[mask > 0] != before[mask > 0]).any()


def test_strength_zero_keeps_every_sample(photo, tmp_path):
    target = tmp_path / "r.png"
    assert main(["restore", str(photo), "-o", str(target), "-d", "brighten", "--strength", "0"]) == 0
    np.testing.assert_array_equal(read(target), read(photo))


def test_the_command_line_gives_the_pixels_of_the_python_call(photo, tmp_path):
    main(["restore", str(photo), "-o", str(tmp_path / "a.png"), "-d", "deblur"])
    Restorer().restore_file(photo, tmp_path / "b.png", Mix.of(deblur=1))
    np.testing.assert_array_equal(read(tmp_path / "a.png"), read(tmp_path / "b.png"))
    main(["restore", str(photo), "-o", str(tmp_path / "c.png"), "-d", "deblur", "--ensemble"])
    Restorer(ensemble=True).restore_file(photo, tmp_path / "d.png", Mix.of(deblur=1))
    np.testing.assert_array_equal(read(tmp_path / "c.png"), read(tmp_path / "d.png"))
    assert (read(tmp_path / "c.png") != read(tmp_path / "a.png")).any()


def test_a_changed_strength_comes_from_the_cache(photo, tmp_path, capsys):
    main(["restore", str(photo), "-o", str(tmp_path / "a.png"), "-d", "denoise", "-v"])
    assert "0 from the cache, 1 run anew" in "".join(capsys.readouterr())
    main(["restore", str(photo), "-o", str(tmp_path / "b.jpg"), "-d", "denoise", "-v", "--strength", "0.5"])
    assert "1 from the cache, 0 run anew" in "".join(capsys.readouterr())
    main(["restore", str(photo), "-o", str(tmp_path / "c.png"), "-d", "denoise", "-v", "--no-cache"])
    assert "from the cache" in "".join(capsys.readouterr())
    np.testing.assert_array_equal(read(tmp_path / "a.png"), read(tmp_path / "c.png"))


def test_json_is_one_object_a_photo(photo, tmp_path, capsys):
    words = ["restore", str(photo), str(tmp_path / "no.png"), "-o", str(tmp_path / "out"), "-d", "derain", "--json"]
    assert main(words) == 2
    good, bad, end = map(json.loads, capsys.readouterr().out.splitlines())
    assert (good["width"], good["height"], good["tiles"]) == (120, 96, 1)
    assert (good["source"], good["state"]) == (str(photo), "done")
    assert "no.png" in bad["error"]
    counts = {"photos": 2, "done": 1, "before": 0, "skipped": 0, "failed": 1, "left": 0}
    assert end == {"summary": {**counts, "failures": [str(tmp_path / "no.png")]}}


def test_one_bad_photo_does_not_stop_the_others(photo, tmp_path, capsys):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"not a picture")
    out = tmp_path / "out"
    assert main(["restore", str(bad), str(photo), "-o", str(out), "-d", "denoise"]) == 2
    assert folder(out) == [JOURNAL, "photo.png"]
    assert capsys.readouterr().err.count("\n") == 1


def test_an_existing_file_is_kept(photo, tmp_path, capsys):
    target = tmp_path / "r.png"
    target.write_bytes(b"precious")
    assert main(["restore", str(photo), "-o", str(target), "-d", "denoise"]) == 2
    assert target.read_bytes() == b"precious"
    assert main(["restore", str(photo), "-o", str(photo), "-d", "denoise"]) == 2
    assert main(["restore", str(photo), "-o", str(target), "-d", "denoise", "--overwrite"]) == 0
    assert read(target).shape == (96, 120, 3)


def make_bad(kind, path):
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "truncated":
        Image.effect_noise((300, 200), 50).convert("RGB").save(path, "JPEG")
        path.write_bytes(path.read_bytes()[:2000])
    elif kind == "text":
        path.write_text("no picture at all")
    elif kind == "folder":
        path.mkdir()
    elif kind == "animation":
        frames = [Image.new("RGB", (20, 20), shade) for shade in ("red", "blue")]
        frames[0].save(path, "GIF", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize("kind", ["missing", "empty", "truncated", "text", "folder", "animation"])
def test_bad_input_is_one_sentence_and_leaves_nothing(kind, tmp_path, capsys):
    source = tmp_path / "source.jpg"
    make_bad(kind, source)
    before = folder(tmp_path)
    assert main(["restore", str(source), "-o", str(tmp_path / "r.png"), "-d", "denoise"]) == 2
    message = capsys.readouterr().err
    assert message.startswith("pip-editor: ")
    assert message.count("\n") == 1
    assert "source.jpg" in message
    assert folder(tmp_path) == before


def make_odd(kind, path):
    rng = np.random.default_rng(0)
    if kind == "one pixel":
        Image.fromarray(rng.integers(0, 255, (1, 1, 3), np.uint8)).save(path)
    elif kind == "one row":
        Image.fromarray(rng.integers(0, 255, (1, 20000, 3), np.uint8)).save(path)
    elif kind == "gray alpha":
        Image.fromarray(rng.integers(0, 255, (30, 40, 2), np.uint8), "LA").save(path)
    elif kind == "palette":
        Image.fromarray(rng.integers(0, 255, (30, 40), np.uint8)).convert("P").save(path)
    elif kind == "gray":
        Image.fromarray(rng.integers(0, 255, (30, 40), np.uint8)).save(path)
    elif kind == "16 bit":
        Image.fromarray(rng.integers(0, 65535, (30, 40), np.uint16)).save(path)


@pytest.mark.filterwarnings("ignore:'mode' parameter is deprecated")
@pytest.mark.parametrize("kind", ["one pixel", "one row", "gray alpha", "palette", "gray", "16 bit"])
def test_odd_pictures_are_restored(kind, tmp_path):
    source, target = tmp_path / "源.png", tmp_path / "结果.png"
    make_odd(kind, source)
    assert main(["restore", str(source), "-o", str(target), "-d", "denoise"]) == 0
    with Image.open(source) as before, Image.open(target) as after:
        assert after.size == before.size


def test_a_cmyk_jpeg_stays_cmyk(tmp_path):
    source, target = tmp_path / "press.jpg", tmp_path / "r.jpg"
    Image.new("CMYK", (40, 30), (20, 100, 30, 10)).save(source)
    assert main(["restore", str(source), "-o", str(target), "-d", "dejpeg"]) == 0
    with Image.open(target) as image:
        assert image.mode == "CMYK"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-d", "sharpen"], "sharpen"),
        (["-d", "denoise=3"], "denoise"),
        (["--strength", "2", "-d", "denoise"], "between 0 and 1"),
        (["--strength", "0.5"], "--strength needs"),
        (["-r", "rect(1,2,3):denoise"], "rect"),
        (["-r", "nowhere.png:denoise"], "nowhere.png"),
        (["--recipe", "nonsense"], "nonsense"),
        (["-d", "denoise", "--model", "nothing"], "nothing"),
        (["-d", "denoise", "--device", "toaster"], "toaster"),
        (["-d", "denoise", "--tile", "20"], "too small"),
        (["-d", "denoise", "--quality", "0"], "quality"),
    ],
)
def test_bad_options_are_one_sentence(photo, tmp_path, capsys, words, says):
    before = folder(tmp_path)
    assert main(["restore", str(photo), "-o", str(tmp_path / "r.png"), *words]) == 2
    message = capsys.readouterr().err
    assert says in message
    assert message.count("\n") == 1
    assert folder(tmp_path) == before


def test_a_window_without_a_screen_is_one_sentence(photo, capsys, monkeypatch):
    pytest.importorskip("PyQt6.QtWidgets", exc_type=ImportError)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([str(photo)]) == 2
    message = capsys.readouterr().err
    assert "screen" in message
    assert message.count("\n") == 1


def test_without_pyqt_the_window_says_how_to_install_it(photo, capsys, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main([str(photo)]) == 2
    assert "pip install 'pip-editor[editor]'" in capsys.readouterr().err


def test_a_word_that_is_neither_command_nor_file_opens_no_window(capsys):
    assert main(["restor"]) == 2
    assert "no command and no file “restor”" in capsys.readouterr().err


def test_saved_recipes_are_found_by_name_and_a_broken_one_says_so(photo, tmp_path, capsys):
    recipe_folder().mkdir(parents=True)
    words = ["restore", str(photo), "-o", str(tmp_path / "r.png"), "--recipe", "Grandma album"]
    (recipe_folder() / "grandma album.json").write_text("[")
    assert main(words) == 2
    assert "album.json”: the recipe is not valid JSON." in capsys.readouterr().err
    Recipe("photos", (Region("photo", WholePicture(), Mix.of(dejpeg=1)),)).save(recipe_folder() / "grandma album.json")
    assert main(words) == 0
    assert main(["restore", str(photo), "-o", str(tmp_path / "d.png"), "-d", "dejpeg"]) == 0
    np.testing.assert_array_equal(read(tmp_path / "r.png"), read(tmp_path / "d.png"))


def test_presets_are_recipes(photo, tmp_path):
    assert main(["restore", str(photo), "-o", str(tmp_path / "r.png"), "--recipe", "old scan"]) == 0


def test_the_other_commands_answer(photo, capsys):
    for words in (
        ["suggest", str(photo)],
        ["models"],
        ["models", "show", "pip-compact"],
        ["doctor"],
        ["cache", "--clear"],
    ):
        assert main(words) == 0, words
        assert capsys.readouterr().out.strip()
    assert main(["suggest", str(photo), "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"source", "mix", "probability", "amount"}


def test_suggest_says_where_if_asked(photo, capsys, monkeypatch):
    """A sensor that is sure of noise in the left half."""
    probability = np.zeros((2, 4, len(DEGRADATIONS)), np.float32)
    probability[:, :2, 0] = 0.97, 0.31
    heat = HeatMap((0, 8), (0, 4, 8, 12), probability)
    monkeypatch.setattr(Restorer, "heat_map", lambda *_: heat)
    assert main(["suggest", str(photo), "--map"]) == 0
    *_, names, first, second = capsys.readouterr().out.splitlines()
    assert names.split() == list(DEGRADATIONS)
    assert first.split() == second.split() == ["93..", *["...."] * 5]
    assert max(map(len, (names, first))) < 80
    assert main(["suggest", str(photo), "--map", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["map"]
    assert told["presence"]["denoise"] == [[0.97, 0.31, 0, 0]] * 2
    assert (told["tops"], told["lefts"], told["tile"]) == ([0, 8], [0, 4, 8, 12], 128)


def test_the_size_of_the_cache_is_set(capsys):
    assert main(["cache", "--limit", "500"]) == 0
    assert main(["cache"]) == 0
    assert capsys.readouterr().out.count("of at most 500 MB") == 2
    assert main(["cache", "--limit", "1"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["cache", "--limit", "nan"]) == 2


def test_evaluate_prints_the_agreed_keys(photo, tmp_path, capsys):
    folder = tmp_path / "set"
    (folder / "target").mkdir(parents=True)
    (folder / "target" / "a.png").write_bytes(photo.read_bytes())
    words = ["evaluate", "--set", str(folder), "--degradation", "denoise", "--sigma", "25", "--json"]
    assert main(words) == 0
    table = json.loads(capsys.readouterr().out)
    assert list(table) == [
        "set", "degradation", "sigma", "count", "psnr", "ssim", "input_psnr", "input_ssim", "seam_score",
        "seconds_per_megapixel",
    ]  # fmt: skip
    assert table["count"] == 1
    assert 19 < table["input_psnr"] < 22
