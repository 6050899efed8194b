"""What can go wrong with chunks, segments and their names.

PackagingError
├── NameForged            a segment's name was not made under this key, or was changed
├── IndexCorrupt          a rendition's index cannot be read
└── RenditionIncomplete   packets given to a writer do not make up the rendition
"""


class PackagingError(Exception):
    """Anything wrong with chunks, segments or their names."""


class NameForged(PackagingError):
    """A segment's name was not made under this key, or was changed."""


class IndexCorrupt(PackagingError):
    """A rendition's index cannot be read."""


class RenditionIncomplete(PackagingError):
    """The packets given to a writer do not make up the rendition."""
