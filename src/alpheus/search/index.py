"""Puts documents into the index and takes them out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alpheus.search.engine import engine
from alpheus.search.models import Document
from alpheus.search.tokens import VERSION, document_tokens, folded
from alpheus.search.vocabulary import meet

_ID_BITS = 40  # of a rank; the popularity class stands above them
_NAME_MAX = 400
_BATCH = 500  # documents written at once


@dataclass(frozen=True)
class Entry:
    """What is to be found: its own names (the first is the one shown), texts beside it, such as its artist, its lines.

    What is `explicit` is not found by those who hide that.
    """

    kind: str
    gid: UUID
    names: Sequence[str]
    beside: Sequence[str] = ()
    popularity: int = 0
    lines: Sequence[str] = ()
    explicit: bool = False


def put(
    kind: str, gid: UUID, names: Sequence[str], *, beside: Sequence[str] = (), popularity: int = 0
) -> None:
    """Put one document into the index, in the place of what stood there under its kind and gid."""
    put_many([Entry(kind, gid, names, beside, popularity)])


def put_many(entries: Iterable[Entry]) -> None:
    """Put documents into the index; what is unchanged is not written again."""
    waiting = iter(entries)
    while some := list(islice(waiting, _BATCH)):
        wanted = {(entry.kind, entry.gid): entry for entry in some}
        for kind in {kind for kind, _ in wanted}:
            of_kind = {gid: entry for (other, gid), entry in wanted.items() if other == kind}
            with transaction.atomic():
                _put_kind(kind, of_kind)


def remove(kind: str, gids: Iterable[UUID]) -> None:
    """Take documents out of the index; those that are not there are passed over."""
    with transaction.atomic():
        documents = list(_locked(kind).filter(gid__in=list(gids)))
        engine().remove((document.rank, document.tokens) for document in documents)
        Document.objects.filter(pk__in=[document.pk for document in documents]).delete()


def outdated() -> bool:
    """Tell whether there are documents that other rules have made: what names them puts them in anew."""
    return Document.objects.filter(made_by__lt=VERSION).exists()


def set_popularity(kind: str, gid: UUID, popularity: int) -> None:
    """Say how popular a document is; the index is touched only when its class (a power of two) changes."""
    with transaction.atomic():
        document = _locked(kind).filter(gid=gid).first()
        if document is None or document.popularity == popularity:
            return
        document.popularity = popularity
        rank = _rank(document.pk, popularity)
        if rank != document.rank:
            engine().remove([(document.rank, document.tokens)])
            engine().insert([(rank, document.tokens)])
            document.rank = rank
        document.save(update_fields=["popularity", "rank"])


def kind_token(kind: str, *, explicit: bool = True) -> str:
    """Name the token that every document of a kind holds, or every one that is not explicit.

    No name can make it, since it has an underscore.
    """
    return f"kind_{kind}" if explicit else f"clean_{kind}"


def _rank(pk: int, popularity: int) -> int:
    return (min(popularity.bit_length(), 22) << _ID_BITS) | pk


def _put_kind(kind: str, entries: dict[UUID, Entry]) -> None:
    meet(entry.names for entry in entries.values())
    present = _present(kind, entries)
    new = [_document(entry) for gid, entry in entries.items() if gid not in present]
    others = _insert(kind, new)
    for document in [*present.values(), *others]:
        _replace(document, _document(entries[document.gid]))


def _document(entry: Entry) -> Document:
    """Make what an entry is found by; it has no id yet."""
    found_by = document_tokens(entry.names, beside=entry.beside, lines=entry.lines)
    return Document(
        kind=entry.kind,
        gid=entry.gid,
        name=folded(entry.names[0])[:_NAME_MAX] if entry.names else "",
        tokens=" ".join(sorted(_kinds(entry) | found_by)),
        popularity=entry.popularity,
        rank=0,
        made_by=VERSION,
    )


def _kinds(entry: Entry) -> set[str]:
    return {kind_token(entry.kind)} | (set() if entry.explicit else {kind_token(entry.kind, explicit=False)})


def _insert(kind: str, new: list[Document]) -> list[Document]:
    """Insert documents; returns those that another was quicker to insert."""
    for pk, document in zip(engine().next_ids(len(new)), new, strict=True):
        document.pk, document.rank = pk, _rank(pk, document.popularity)
    Document.objects.bulk_create(new, ignore_conflicts=True, batch_size=_BATCH)
    rows = _present(kind, [document.gid for document in new])
    ours = [document for document in new if rows[document.gid].pk == document.pk]
    engine().insert((document.rank, document.tokens) for document in ours)
    return [rows[document.gid] for document in new if rows[document.gid].pk != document.pk]


def _present(kind: str, gids: Collection[UUID]) -> dict[UUID, Document]:
    return {document.gid: document for document in _locked(kind).filter(gid__in=gids)}


def _replace(old: Document, new: Document) -> None:
    if _said(old) == _said(new):
        return
    engine().remove([(old.rank, old.tokens)])
    old.name, old.tokens, old.popularity, old.made_by = _said(new)
    old.rank = _rank(old.pk, new.popularity)
    old.save()
    engine().insert([(old.rank, old.tokens)])


def _said(document: Document) -> tuple[str, str, int, int]:
    return document.name, document.tokens, document.popularity, document.made_by


def _locked(kind: str) -> QuerySet[Document]:
    """Documents that stay as they are read until the transaction ends; in one order, so that no two wait for each other."""
    return Document.objects.filter(kind=kind).order_by("pk").select_for_update()
