"""What tests of ingest share: a store, a run, a rendition put together again."""

from pathlib import Path

from alpheus.ingest.ingest import ingest
from alpheus.packaging.rendition import read_index
from alpheus.storage import keys
from alpheus.storage.blobs import Blobs

KEK = bytes(range(32))


def store(folder):
    return Blobs.open((Path(folder) / "objects").as_uri())


def bring(source, folder, **more):
    """Ingest into `folder`, with its decoded samples in a folder of its own beside it."""
    return ingest(
        Path(source), blobs=store(folder), kek=KEK, scratch=Path(folder) / "scratch",
        **{"on_progress": lambda _: None, "on_ready": lambda _: None, **more},
    )  # fmt: skip


def left_behind(folder):
    """Names of blobs and of temporary files."""
    names = [name for name, _ in store(folder).listing("")]
    return names + [str(path) for path in (Path(folder) / "scratch").rglob("*")]


def chunks(blobs, asset, name, variants):
    """A rendition's init and its chunks in the clear, of variant A where `variants` gives 0 and B where 1."""
    index = read_index(blobs, asset, name)
    key = keys.unwrap(KEK, index.wrapped_key, context=index.context)
    out = []
    for number in range(index.chunks):
        variant = variants(number)
        sizes = index.chunk_bytes(variant)
        sealed = blobs.get_range(index.pack_path(variant), sum(sizes[:number]), sizes[number])
        out.append(keys.unseal(key, sealed, variant=variant, chunk=number, context=index.context))
    return index, out


def whole(blobs, asset, name, variants=lambda _: 0):
    """A rendition as a file that FFmpeg decodes, encoder's delay included."""
    index, plain = chunks(blobs, asset, name, variants)
    return index, index.init + b"".join(plain)
