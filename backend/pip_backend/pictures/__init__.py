"""Pictures: files ↔ strips of samples, their colours and their metadata, and writing that is whole or not at all.

No networks, no regions and no windows live here.
"""

from pip_backend.pictures.ahead import PicturesAhead
from pip_backend.pictures.changes import ChangeMap
from pip_backend.pictures.convert import WriteOptions
from pip_backend.pictures.formats import RAW_SUFFIXES, WRITTEN_SUFFIXES
from pip_backend.pictures.info import MAX_PIXELS, Bands, PictureInfo
from pip_backend.pictures.maps import MapSummary
from pip_backend.pictures.maskfile import read_mask, write_mask
from pip_backend.pictures.maskpng import decode_mask, encode_mask
from pip_backend.pictures.reader import DAMAGED, Picture, open_picture, read_info
from pip_backend.pictures.writer import PictureWriter, remove_spares, spare_path

__all__ = [
    "DAMAGED",
    "MAX_PIXELS",
    "RAW_SUFFIXES",
    "WRITTEN_SUFFIXES",
    "Bands",
    "ChangeMap",
    "MapSummary",
    "Picture",
    "PictureInfo",
    "PictureWriter",
    "PicturesAhead",
    "WriteOptions",
    "decode_mask",
    "encode_mask",
    "open_picture",
    "read_info",
    "read_mask",
    "remove_spares",
    "spare_path",
    "write_mask",
]
