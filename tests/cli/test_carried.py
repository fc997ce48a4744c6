"""What a photographer's file carries comes out at the other end of `restore`; and nothing is asked of a network."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageCms

from pip_backend.cli import main
from pip_backend.pictures import open_picture
from pip_backend.pictures.icc import parse
from tests.engine.networks import Lift
from tests.pictures import icc_samples

ROOT = Path(__file__).parents[2]
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
MAKE, COPYRIGHT, ORIENTATION, DATE, EXIF_PART, GPS_PART, LATITUDE = 271, 33432, 274, 36867, 0x8769, 0x8825, 2


@pytest.fixture(autouse=True)
def network(monkeypatch):
    monkeypatch.setattr("pip_backend.restorer.make_network", lambda *_: Lift())


def a_photo(path):
    exif = Image.Exif()
    exif[MAKE], exif[COPYRIGHT], exif[ORIENTATION] = "Maker", "Somebody", 6
    exif.get_ifd(EXIF_PART)[DATE] = "2001:02:03 04:05:06"
    exif.get_ifd(GPS_PART)[LATITUDE] = (52.0, 31.0, 12.0)
    pixels = np.random.default_rng(0).integers(0, 180, (30, 40, 3), np.uint8)
    Image.fromarray(pixels).save(path, exif=exif, icc_profile=PROFILE)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_exif_and_profile_come_out_and_the_photo_is_upright(tmp_path, suffix):
    a_photo(tmp_path / "in.jpg")
    result = tmp_path / f"out{suffix}"
    assert main(["restore", str(tmp_path / "in.jpg"), "-o", str(result), "-d", "denoise"]) == 0
    with Image.open(result) as image:
        exif = image.getexif()
        assert image.size == (30, 40)
        assert image.info["icc_profile"] == PROFILE
        assert (exif[MAKE], exif[COPYRIGHT], exif.get(ORIENTATION, 1)) == ("Maker", "Somebody", 1)
        assert exif.get_ifd(EXIF_PART)[DATE] == "2001:02:03 04:05:06"
        assert exif.get_ifd(GPS_PART)[LATITUDE] == (52.0, 31.0, 12.0)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_a_result_in_srgb_shows_the_colours_of_one_in_the_profile_of_the_photo(tmp_path, suffix):
    pixels = np.random.default_rng(0).integers(90, 150, (30, 40, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "in.png", icc_profile=icc_samples.DISPLAY_P3)
    shown = []
    for profile in ("keep", "srgb"):
        result = tmp_path / f"{profile}{suffix}"
        words = ["restore", str(tmp_path / "in.png"), "-o", str(result), "-d", "denoise", "--profile", profile]
        assert main([*words, "--quality", "100"]) == 0
        with open_picture(result) as picture:
            shown.append(picture.working(0, 30))
            assert parse(picture.info.icc).is_srgb == (profile == "srgb")
    lossy = suffix in {".jpg", ".webp"}
    np.testing.assert_allclose(shown[0], shown[1], atol=0.1 if lossy else 2 / 255)
    assert main(["restore", str(tmp_path / "in.png"), "-d", "denoise", "--profile", "prophoto"]) == 2


def test_no_metadata_leaves_out_what_tells_of_people_and_keeps_the_colours(tmp_path):
    a_photo(tmp_path / "in.jpg")
    result = tmp_path / "out.jpg"
    assert main(["restore", str(tmp_path / "in.jpg"), "-o", str(result), "-d", "denoise", "--no-metadata"]) == 0
    with Image.open(result) as image:
        assert image.info["icc_profile"] == PROFILE
        assert not {MAKE, COPYRIGHT, GPS_PART} & set(image.getexif())


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_16_bits_stay_16_bits_and_use_them(tmp_path, suffix):
    pixels = np.random.default_rng(0).integers(0, 40000, (30, 40, 3), np.uint16)
    pyvips.Image.new_from_array(pixels).copy(interpretation="rgb16").write_to_file(str(tmp_path / f"in{suffix}"))
    result = tmp_path / f"out{suffix}"
    assert main(["restore", str(tmp_path / f"in{suffix}"), "-o", str(result), "-d", "denoise"]) == 0
    after = pyvips.Image.new_from_file(str(result)).numpy()
    assert after.dtype == np.uint16
    assert np.abs(after.astype(int) - pixels - 16384).max() <= 1


def test_strength_holds_for_regions_and_recipes(tmp_path):
    Image.fromarray(np.full((30, 40, 3), 100, np.uint8)).save(tmp_path / "in.png")
    for name, words in (
        ("mix", ["-d", "denoise"]),
        ("region", ["-r", "rect(0,0,100%,100%):denoise"]),
        ("recipe", ["--recipe", "old scan"]),
    ):
        result = tmp_path / f"{name}.png"
        assert main(["restore", str(tmp_path / "in.png"), "-o", str(result), *words, "--strength", "0.5"]) == 0
        with Image.open(result) as image:
            assert np.abs(np.asarray(image).astype(int) - 132).max() <= 1, name  # half of a quarter of 255


def test_a_region_beside_the_photo_is_told(tmp_path, capsys):
    a_photo(tmp_path / "in.jpg")
    words = [
        "restore",
        str(tmp_path / "in.jpg"),
        "-o",
        str(tmp_path / "out.png"),
        "-r",
        "rect(900,900,950,950):denoise",
    ]
    assert main([*words, "--json"]) == 0
    assert "covers nothing of the photo" in json.loads(capsys.readouterr().out)["warnings"][0]


def test_no_network_is_asked_for_anything(tmp_path, monkeypatch):
    def refuse(*arguments, **_named):
        raise AssertionError(f"the network was asked for {arguments}")

    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    a_photo(tmp_path / "in.jpg")
    for words in (
        ["restore", str(tmp_path / "in.jpg"), "-o", str(tmp_path / "out.jpg"), "-d", "denoise"],
        ["models"],
        ["models", "show", "pip-compact"],
        ["cache"],
    ):
        assert main(words) == 0


def test_openvino_reports_to_nobody_that_it_was_used(tmp_path):
    code = (
        "import os, sys, socket\n"
        "socket.getaddrinfo = socket.socket.connect = lambda *_, **__: os._exit(3)\n"
        "import pip_backend.engine.runtimes.openvino_template\n"
        "assert 'openvino.tools.ovc' in sys.modules, 'what would report is no longer there; drop this test'\n"
        "assert sys.modules['openvino_telemetry'] is None\n"
    )
    homes = dict.fromkeys(("HOME", "USERPROFILE"), str(tmp_path))
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, **homes})
    assert list(tmp_path.rglob("*")) == []


def test_openvino_is_imported_by_the_runtimes_alone():
    """Their package keeps it from reporting."""
    runtimes = ROOT / "backend" / "pip_backend" / "engine" / "runtimes"
    folders = ("backend", "plugin", "ui")
    files = {path for folder in folders for path in (ROOT / folder).rglob("*.py") if imports(path, "openvino")}
    assert {path.parent for path in files} == {runtimes}


def imports(path, package):
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return package in {name.partition(".")[0] for name in names}


def test_nothing_here_can_download():
    """No module imports what fetches pages or files; sockets are the service's own."""
    fetching = {"urllib.request", "http", "http.client", "ftplib", "requests", "httpx", "aiohttp", "urllib3"}
    found = []
    for path in (file for folder in ("backend", "plugin", "ui") for file in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            found += [(str(path), name) for name in names if name in fetching]
    assert found == []
