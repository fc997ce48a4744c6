"""The ruler: known pictures have known figures, and the Gaussian protocol is the same every time."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import pyvips
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from pip_backend.errors import PipEditorError, RegionError
from pip_backend.models import save_model
from pip_backend.restorer import Restorer
from pip_backend.training.evaluate import compare, edge_lead, evaluate
from tests.models.samples import tiny_descriptor, tiny_network
from tests.pictures import icc_samples

from .samples import picture, refused, write_set

DARKER_BY_10 = 28.1308
"""PSNR, dB, of a picture that is darker by 10 of 255."""


class Returns:
    """A restorer that gives back what it gets, changed by `lift`, and notes what it was asked for."""

    network = SimpleNamespace(multiple_of=4, overlap_under=lambda _: 8)

    def __init__(self, lift=0):
        self.lift, self.asked = lift, []

    def restore_picture(self, picture, mix):
        native = picture.native(0, picture.height)
        self.asked.append((str(mix), native.copy()))
        if native.dtype.kind == "f":
            return native
        return np.clip(native.astype(int) + self.lift, 0, np.iinfo(native.dtype).max).astype(native.dtype)

    def strips(self, picture, mix, *, tile):
        assert tile % 4 == 0 or tile >= 24
        source = picture.working(0, picture.height)
        yield SimpleNamespace(pixels=source, source=source)


@pytest.fixture
def folder(tmp_path):
    """Give a set whose inputs are darker by 10."""
    return write_set(tmp_path / "set", count=3)


def test_psnr_and_ssim_are_those_of_scikit_image():
    target = picture(40, 50, 0)
    noise = np.random.default_rng(0).normal(0, 12, target.shape)
    result = np.clip(target + noise, 0, 255).astype(np.uint8)
    psnr, ssim = compare(result, target)
    assert psnr == pytest.approx(peak_signal_noise_ratio(target, result, data_range=255), abs=1e-9)
    assert ssim == pytest.approx(structural_similarity(target, result, channel_axis=2), abs=1e-9)


def test_psnr_of_a_known_difference_is_known():
    target = picture(40, 50, 0)
    assert compare(target - 10, target)[0] == pytest.approx(DARKER_BY_10, abs=1e-4)
    assert compare(target, target) == (100.0, 1.0)


def test_psnr_does_not_depend_on_the_order():
    # Differences of uint8 would wrap around.
    first, second = picture(30, 30, 0), picture(30, 30, 1)
    assert compare(first, second)[0] == compare(second, first)[0]


def test_who_returns_the_input_has_the_inputs_figures(folder):
    scores = evaluate(Returns(), folder, "derain")
    assert scores.psnr == scores.input_psnr == pytest.approx(DARKER_BY_10, abs=1e-4)
    assert scores.ssim == scores.input_ssim
    assert scores.worst_gain == 0
    assert scores.seam_score is None  # nothing was changed
    assert (scores.count, scores.set, scores.degradation, scores.sigma) == (3, "set", "derain", None)


def test_who_undoes_the_damage_has_the_highest_figures(folder):
    scores = evaluate(Returns(lift=10), folder, "derain")
    assert (scores.psnr, scores.ssim) == (100.0, 1.0)
    assert scores.worst_gain == pytest.approx(100 - DARKER_BY_10, abs=1e-4)


def test_the_worst_gain_is_that_of_the_worst_picture(folder):
    Image.fromarray(picture(48, 56, 1)).save(folder / "input" / "1.png")  # already perfect
    scores = evaluate(Returns(lift=10), folder, "derain")
    assert scores.worst_gain == pytest.approx(DARKER_BY_10 - 100, abs=1e-4)


def test_a_network_that_fails_at_the_edges_is_told_from_one_that_does_not(folder):
    class SparesEdges(Returns):
        def restore_picture(self, picture, mix):
            result, source = super().restore_picture(picture, mix), picture.native(0, picture.height)
            for edge in (slice(None, 8), slice(-8, None)):
                result[edge], result[:, edge] = source[edge], source[:, edge]
            return result

    assert evaluate(Returns(lift=5), folder, "derain").edge_gain == pytest.approx(0, abs=1e-9)
    # In the middle the error becomes a half, 6 dB; at the edges nothing is gained.
    assert evaluate(SparesEdges(lift=5), folder, "derain").edge_gain == pytest.approx(-20 * np.log10(2), abs=1e-4)


def test_a_picture_that_is_all_edge_has_no_middle_to_compare_with():
    assert edge_lead(picture(16, 40, 0), picture(16, 40, 1)) == 0


def test_the_prompt_names_the_degradation_in_full(folder):
    restorer = Returns()
    evaluate(restorer, folder, "dehaze", seams=0)
    assert {mix for mix, _ in restorer.asked} == {"dehaze 1"}


def test_the_gaussian_protocol_is_the_documented_one(folder):
    restorer = Returns()
    scores = evaluate(restorer, folder, "denoise", sigma=25, seams=0)
    random = np.random.default_rng(0)
    figures = []
    for seed, (_, seen) in enumerate(restorer.asked):
        target = picture(48, 56, seed)
        noisy = np.clip(np.round(target + random.normal(0, 25, target.shape)), 0, 255).astype(np.uint8)
        assert np.array_equal(seen, noisy)
        figures.append(peak_signal_noise_ratio(target, noisy, data_range=255))
    assert scores.psnr == scores.input_psnr == pytest.approx(np.mean(figures), abs=1e-4)
    assert scores.sigma == 25


def test_the_gaussian_protocol_is_the_same_every_time(folder):
    first, second = (evaluate(Returns(), folder, "denoise", sigma=15) for _ in range(2))
    assert (first.psnr, first.ssim) == (second.psnr, second.ssim)
    other = evaluate(Returns(), folder, "denoise", sigma=50)
    assert other.psnr < first.psnr


def test_the_gaussian_protocol_needs_no_inputs(folder):
    with_inputs = evaluate(Returns(), folder, "denoise", sigma=15).psnr
    for path in (folder / "input").iterdir():
        path.unlink()
    assert evaluate(Returns(), folder, "denoise", sigma=15).psnr == with_inputs


def test_pictures_in_gray_and_of_16_bits_are_measured_as_rgb_of_8(tmp_path):
    for role in ("input", "target"):
        (tmp_path / role).mkdir()
    gray = picture(32, 40, 0)[..., 0]
    Image.fromarray(gray).save(tmp_path / "target" / "a.png")
    Image.fromarray(gray.astype(np.uint16) * 257).save(tmp_path / "input" / "a.png")
    assert evaluate(Returns(), tmp_path, "denoise").psnr == 100.0


def save_cmyk(path, pixels):
    Image.fromarray(pixels).convert("CMYK").save(path)


def save_turned(path, pixels):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(path, exif=exif)


def save_wide(path, pixels, **settings):
    """Write samples of two bytes that 8 bits do not hold."""
    values = np.clip(pixels.astype(np.uint16) * 257 + 120, 0, 65535)
    pyvips.Image.new_from_array(values).copy(interpretation="rgb16").write_to_file(str(path), **settings)


def save_wide_gray(path, pixels):
    Image.fromarray(np.clip(pixels[..., 0].astype(np.uint16) * 257 + 120, 0, 65535)).save(path)


def save_floats(path, pixels):
    pyvips.Image.new_from_array((pixels / 255).astype(np.float32)).copy(interpretation="scrgb").write_to_file(str(path))


@pytest.mark.parametrize(
    ("name", "save"),
    [
        ("a.tif", save_cmyk),
        ("a.jpg", save_cmyk),
        ("a.jpg", save_turned),
        ("a.png", save_wide),
        ("a.tif", save_wide),
        ("a.png", save_wide_gray),
        ("a.tif", save_floats),
        ("a.jpg", lambda path, pixels: Image.fromarray(pixels).save(path)),
    ],
)
@pytest.mark.parametrize("size", [(40, 40), (32, 48)])
def test_a_file_beside_itself_has_no_error_of_whatever_kind_it_is(tmp_path, name, save, size):
    for role in ("input", "target"):
        (tmp_path / role).mkdir()
        save(tmp_path / role / name, picture(*size, 0))
    scores = evaluate(Returns(), tmp_path, "denoise", seams=0)
    assert (scores.psnr, scores.input_psnr) == (100.0, 100.0)


def test_colours_are_measured_as_the_profile_means_them(tmp_path):
    for role in ("input", "target"):
        (tmp_path / role).mkdir()
    pixels = picture(40, 40, 0)
    Image.fromarray(pixels).save(tmp_path / "target" / "a.png")
    Image.fromarray(pixels).save(tmp_path / "input" / "a.png", icc_profile=icc_samples.DISPLAY_P3)
    assert evaluate(Returns(), tmp_path, "denoise", seams=0).input_psnr < 40


def test_a_pair_is_found_by_one_name_alone(folder):
    Image.fromarray(picture(48, 56, 1)).save(folder / "input" / "1.jpg")
    sentence = refused(evaluate, Returns(), folder, "denoise")
    assert "“1.jpg” and “1.png”" in sentence
    assert evaluate(Returns(), folder, "denoise", sigma=15, seams=0).count == 3  # inputs are not asked for


def test_a_target_of_which_a_part_is_missing_measures_nothing(folder):
    path = folder / "target" / "0.jpg"
    Image.fromarray(picture(48, 56, 1)).save(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(PipEditorError, match="0.jpg"):
        evaluate(Returns(), folder, "denoise", sigma=15)


def test_a_bmp_has_noise_made_on_it(tmp_path):
    (tmp_path / "target").mkdir()
    Image.fromarray(picture(48, 56, 1)).save(tmp_path / "target" / "a.bmp")
    assert evaluate(Returns(), tmp_path, "denoise", sigma=15, seams=0).count == 1


def test_sets_that_cannot_be_measured_are_refused(folder, tmp_path):
    with pytest.raises(RegionError, match="“polish”"):
        evaluate(Returns(), folder, "polish")
    assert "no pictures" in refused(evaluate, Returns(), tmp_path / "none", "denoise")
    Image.fromarray(picture(20, 20, 0)).save(folder / "input" / "1.png")
    assert "size" in refused(evaluate, Returns(), folder, "denoise")
    (folder / "input" / "1.png").unlink()
    assert "no partner" in refused(evaluate, Returns(), folder, "denoise")


def test_a_model_file_is_measured_the_way_a_users_pixel_goes(folder, tmp_path):
    network = tiny_network()
    for parameter in network.parameters():
        parameter.mul_(0.2)
    path = save_model(tmp_path / "tiny.safetensors", network, tiny_descriptor(overlap=8)).path
    scores = evaluate(Restorer(str(path), device="cpu", precision="fp32"), folder, "denoise", sigma=25, seams=1)
    assert scores.count == 3
    assert scores.psnr != scores.input_psnr
    assert scores.seam_score is not None
    assert scores.seconds_per_megapixel > 0
