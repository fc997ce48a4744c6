"""Photos in memory: folders and packs hold the same, crops lie where they say, odd files are named."""

from __future__ import annotations

import errno
import zipfile
from pathlib import PurePosixPath

import numpy as np
import pytest
import torch
from PIL import Image

from pip_backend.training.pack import write_pack
from pip_backend.training.photos import Pair, list_photos, load_photos, match_pairs, take_crops

from .samples import as_tensor, picture, reduced, refused, rng, write_photos


def load(source, **settings):
    return load_photos(source, **{"thumbnail": 32, "smallest": 80, **settings})


def psnr(first, second):
    return float(-10 * torch.log10(((first.float() - second.float()) / 255).square().mean().clamp_min(1e-10)))


def test_a_folder_is_loaded_with_its_pixels(data):
    photos = load(data)
    assert len(photos.clean) == 3
    for seed, photo in enumerate(photos.clean):
        assert torch.equal(photo.clean, as_tensor(picture(120, 128 + 8 * seed, seed)))
        assert photo.damaged is photo.clean
    assert photos.megapixels == pytest.approx(120 * (128 + 136 + 144) / 1e6)


def test_thumbnails_are_area_means(data):
    photo = load(data).clean[0]
    assert torch.equal(photo.clean_thumbnail, reduced(photo.clean))
    assert photo.clean_thumbnail.mean() == pytest.approx(float(photo.clean.float().mean()) / 255, abs=1e-4)


def test_pairs_are_matched_by_stem_and_known_by_degradation(data):
    photos = load(data)
    assert set(photos.pairs) == {"denoise", "derain"}
    (pair,) = photos.pairs["denoise"]
    assert torch.equal(pair.damaged, as_tensor(picture(112, 120, 7)))
    assert torch.equal(pair.clean, as_tensor(picture(112, 120, 8)))


def test_matching_leaves_out_what_has_no_partner():
    names = [
        PurePosixPath(name)
        for name in (
            "pairs/derain/input/a.png",
            "pairs/derain/target/a.jpg",
            "pairs/derain/input/b.png",
            "pairs/derain/target/c.png",
            "pairs/polish/input/a.png",
            "pairs/polish/target/a.png",
            "pairs/lowlight/input/a.png",
            "pairs/lowlight/target/a.png",
            "pairs/a.png",
            "clean/a.png",
        )
    ]
    matched = match_pairs(names)
    assert set(matched) == {"derain", "brighten"}
    assert matched["derain"] == [(names[0], names[1])]


def test_a_pack_agrees_with_its_folder(data, tmp_path):
    pack = tmp_path / "pack.zip"
    assert write_pack(data, pack) == 3 + 4
    folder, packed = load(data), load(pack)
    assert len(packed.clean) == len(folder.clean)
    for one, other in zip(folder.clean, packed.clean, strict=True):
        assert one.clean.shape == other.clean.shape
        assert psnr(one.clean, other.clean) > 30  # coded as WebP of quality 90
    assert set(packed.pairs) == set(folder.pairs)
    for name, pairs in folder.pairs.items():
        for one, other in zip(pairs, packed.pairs[name], strict=True):
            assert torch.equal(one.damaged, other.damaged)
            assert torch.equal(one.clean, other.clean)


@pytest.mark.parametrize("limit", [60_000, 12_000])
def test_a_pack_fits_its_limit(data, tmp_path, limit):
    write_pack(data, tmp_path / "small.zip", limit_mb=limit / 1e6)
    with zipfile.ZipFile(tmp_path / "small.zip") as archive:
        assert sum(entry.file_size for entry in archive.infolist()) <= limit
    photos = load(tmp_path / "small.zip", smallest=64)
    assert len(photos.clean) == 3
    assert len(photos.pairs) < 2  # both do not fit half of it


def test_a_pack_keeps_photos_of_one_stem_apart(tmp_path):
    data = write_photos(tmp_path / "data", count=1)
    Image.fromarray(picture(100, 100, 50)).save(data / "clean" / "photo_0.bmp")
    write_pack(data, tmp_path / "pack.zip")
    sizes = {tuple(photo.clean.shape[1:]) for photo in load(tmp_path / "pack.zip").clean}
    assert sizes == {(120, 128), (100, 100)}


def test_nothing_but_the_pack_is_left(data, tmp_path):
    write_pack(data, tmp_path / "pack.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]


@pytest.mark.parametrize("limit", [float("nan"), float("inf"), 0, -1])
def test_a_limit_that_holds_nothing_is_refused(data, tmp_path, limit):
    assert "holds nothing" in refused(write_pack, data, tmp_path / "pack.zip", limit_mb=limit)


def test_a_pack_replaces_what_is_there_only_when_told_so(data, tmp_path):
    pack = tmp_path / "pack.zip"
    pack.write_bytes(b"mine")
    assert "pack.zip exists already." in refused(write_pack, data, pack)
    assert pack.read_bytes() == b"mine"
    write_pack(data, pack, overwrite=True)
    assert len(load(pack).clean) == 3


def test_a_pack_that_cannot_be_placed_leaves_nothing(data, tmp_path, monkeypatch):
    assert "is a folder" in refused(write_pack, data, tmp_path)
    assert "does not exist" in refused(write_pack, data, tmp_path / "none" / "pack.zip")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    assert "cannot be written: No space left" in refused(write_pack, data, tmp_path / "pack.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_photo_is_not_packed_but_named(tmp_path):
    path = write_photos(tmp_path / "data") / "clean" / "photo_1.png"
    path.write_bytes(path.read_bytes()[:2000])
    assert "photo_1.png" in refused(write_pack, tmp_path / "data", tmp_path / "pack.zip")
    assert not (tmp_path / "pack.zip").exists()


def test_a_photo_longer_than_webp_holds_is_cut(tmp_path):
    (tmp_path / "data" / "clean").mkdir(parents=True)
    Image.new("RGB", (17000, 8)).save(tmp_path / "data" / "clean" / "long.png")
    assert write_pack(tmp_path / "data", tmp_path / "pack.zip") == 1
    assert load(tmp_path / "pack.zip").clean[0].clean.shape[2] == 16383


def test_excluded_names_are_not_loaded_and_not_packed(data, tmp_path):
    assert len(load(data, exclude=["photo_1*"]).clean) == 2
    assert load(data, exclude=["one.*"]).pairs == {}
    write_pack(data, tmp_path / "pack.zip", exclude=["photo_1*", "one.*"])
    packed = load(tmp_path / "pack.zip")
    assert len(packed.clean) == 2
    assert packed.pairs == {}
    write_pack(data, tmp_path / "all.zip")
    assert len(load(tmp_path / "all.zip", exclude=["photo_1*"]).clean) == 2


def test_a_limit_takes_photos_from_all_over_the_list(data):
    assert len(load(data, limit=2).clean) == 2
    assert torch.equal(load(data, limit=1).clean[0].clean, load(data).clean[0].clean)


@pytest.mark.parametrize("size", [(30, 200), (200, 30), (79, 80), (1, 90), (90, 1), (1, 1), (2, 2)])
def test_small_photos_are_enlarged_by_their_own_pixels(tmp_path, size):
    (tmp_path / "clean").mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "clean" / "small.png")
    found = load(tmp_path).clean[0].clean
    assert found.shape == (3, max(80, size[0]), max(80, size[1]))
    assert torch.equal(found[:, : size[0], : size[1]], as_tensor(pixels))
    assert set(found[0].flatten().tolist()) <= set(pixels[..., 0].flatten().tolist())


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_photos_of_other_modes_are_read_as_rgb(tmp_path, mode):
    (tmp_path / "clean").mkdir()
    suffix = "tif" if mode == "CMYK" else "png"
    Image.fromarray(picture(80, 90, 0)).convert(mode).save(tmp_path / "clean" / f"photo.{suffix}")
    assert load(tmp_path).clean[0].clean.shape == (3, 80, 90)


def test_sources_without_photos_are_refused(tmp_path):
    assert "neither" in refused(load, tmp_path / "none")
    assert "no photos" in refused(load, tmp_path)
    assert "no photos to pack" in refused(write_pack, tmp_path, tmp_path / "pack.zip")
    (tmp_path / "text.zip").write_text("no zip")
    assert "neither" in refused(load, tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert "no photos" in refused(load, tmp_path / "empty.zip")


@pytest.mark.parametrize("content", [b"", b"no photo", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_a_damaged_photo_is_named(tmp_path, content):
    (write_photos(tmp_path / "data") / "clean" / "broken.png").write_bytes(content)
    assert "broken.png" in refused(load, tmp_path / "data")


def test_a_truncated_photo_is_named(tmp_path):
    path = write_photos(tmp_path / "data") / "clean" / "photo_1.png"
    path.write_bytes(path.read_bytes()[:2000])
    assert "photo_1.png" in refused(load, tmp_path / "data")


def test_a_pair_of_two_sizes_is_named(tmp_path):
    data = write_photos(tmp_path / "data")
    Image.fromarray(picture(112, 121, 8)).save(data / "pairs" / "derain" / "target" / "one.png")
    assert "pairs/derain/input/one.jpg" in refused(load, data)


def test_other_files_are_left_alone(tmp_path):
    data = write_photos(tmp_path / "data")
    (data / "clean" / "LICENCE.txt").write_text("free")
    (data / "readme.md").write_text("data")
    assert len(load(data).clean) == 3


def test_listing_is_sorted_and_reads_what_it_lists(data, tmp_path):
    names, read = list_photos(data)
    assert names == sorted(names)
    assert read(names[0]) == (data / names[0]).read_bytes()
    write_pack(data, tmp_path / "pack.zip")
    names, read = list_photos(tmp_path / "pack.zip")
    assert names == sorted(names)
    assert read(names[0])


@pytest.mark.parametrize("seed", range(3))
def test_crops_lie_where_their_rectangle_says(seed):
    # Every pixel of this photo knows its row and column; so a crop knows where it is from, however it is turned.
    height, width, size = 90, 120, 40
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    pixels = torch.stack([rows, columns, torch.zeros_like(rows)]).byte()
    place = torch.stack([rows / (height - 1), columns / (width - 1), torch.zeros(height, width)])
    thumbnail = torch.nn.functional.interpolate(place[None], size=(32, 32), mode="bilinear", align_corners=True)[0]
    crops = take_crops([Pair(pixels, pixels, thumbnail, thumbnail)] * 30, size, rng(seed))
    assert crops.clean.shape == (30, 3, size, size)
    for crop, small, box in zip(crops.clean * 255, crops.clean_thumbnail, crops.rectangle, strict=True):
        # The corner of the crop in the photo as it was turned, from the rectangle and the turned thumbnail's corners.
        turned = small[0, 0, -1] != small[0, 0, 0]
        along_rows, along_columns = (1, 0) if turned else (0, 1)
        top, left = float(box[0]), float(box[1])
        sides = (width, height) if turned else (height, width)
        mirrored_rows = small[along_rows, 0, 0] > small[along_rows, -1, 0]
        mirrored_columns = small[along_columns, 0, 0] > small[along_columns, 0, -1]
        first_row = sides[0] * (1 - top) - 1 if mirrored_rows else sides[0] * top
        first_column = sides[1] * (1 - left) - 1 if mirrored_columns else sides[1] * left
        assert float(crop[along_rows, 0, 0]) == pytest.approx(first_row, abs=0.01)
        assert float(crop[along_columns, 0, 0]) == pytest.approx(first_column, abs=0.01)
        assert float(crop[along_rows, -1, 0] - crop[along_rows, 0, 0]) == pytest.approx(
            -(size - 1) if mirrored_rows else size - 1
        )


def test_crops_are_turned_and_mirrored_in_every_way():
    pixels = as_tensor(picture(64, 64, 0))
    crops = take_crops([Pair(pixels, pixels, reduced(pixels), reduced(pixels))] * 200, 64, rng())
    assert len({crop.numpy().tobytes() for crop in crops.clean}) == 8


def test_both_sides_of_a_pair_are_cut_at_one_place():
    pixels = as_tensor(picture(90, 120, 0))
    crops = take_crops([Pair(pixels + 20, pixels, reduced(pixels), reduced(pixels))] * 10, 32, rng())
    assert torch.allclose(crops.damaged - crops.clean, torch.tensor(20 / 255).expand_as(crops.clean), atol=1e-6)


def test_scale_is_photo_pixels_a_thumbnail_pixel():
    pixels = as_tensor(picture(64, 144, 0))
    crops = take_crops([Pair(pixels, pixels, reduced(pixels), reduced(pixels))], 32, rng())
    assert float(crops.scale[0]) == pytest.approx((64 * 144) ** 0.5 / 32)


def test_squares_reach_beyond_a_photo_that_is_reflected_there_and_their_middles_lie_at_its_edges_too():
    pixels, margin, size = as_tensor(picture(70, 60, 3)), 12, 48
    small = reduced(pixels)
    crops = take_crops([Pair(pixels, pixels, small, small)] * 300, size, rng(), margin=margin)
    around = np.pad(pixels.numpy(), ((0, 0), (margin, margin), (margin, margin)), mode="reflect")
    ways = {}
    for top in range(70 + 2 * margin - size + 1):
        for left in range(60 + 2 * margin - size + 1):
            square = around[:, top : top + size, left : left + size]
            for turned in (square, square.swapaxes(1, 2)):
                for flipped in (turned, turned[:, ::-1], turned[:, :, ::-1], turned[:, ::-1, ::-1]):
                    ways[np.ascontiguousarray(flipped).tobytes()] = (top, left)
    places = [ways[(crop * 255).round().byte().numpy().tobytes()] for crop in crops.clean]
    tops, lefts = np.array(places).T
    # What is left without the margin begins at the photo's edge where the square began `margin` px before it.
    assert {tops.min(), tops.max()} == {0, 70 + 2 * margin - size}
    assert {lefts.min(), lefts.max()} == {0, 60 + 2 * margin - size}
    inner = crops.rectangle[:, 2:] - crops.rectangle[:, :2]
    assert (crops.rectangle[:, :2] + inner * margin / size).min() == pytest.approx(0, abs=1e-6)
