"""Role x visibility x action, by the rule and by what the queries and verbs do."""

import pytest

from alpheus.listening.library import queries
from alpheus.listening.library.add_to_playlist import add_to_playlist
from alpheus.listening.library.delete_playlist import delete_playlist
from alpheus.listening.library.describe_playlist import Description, describe_playlist
from alpheus.listening.library.errors import NotYours, PlaylistUnknown
from alpheus.listening.library.models import Playlist
from alpheus.listening.library.rules import Action, Role, may
from alpheus.listening.library.share_playlist import invite
from alpheus.listening.models import Listener
from alpheus.search.find import search

SEE, FIND, EDIT, DESCRIBE, SHARE, DELETE = Action
#                        private                        unlisted                       public
TABLE = {
    Role.OWNER: ([SEE, EDIT, DESCRIBE, SHARE, DELETE], [SEE, EDIT, DESCRIBE, SHARE, DELETE], list(Action)),
    Role.EDITOR: ([SEE, EDIT], [SEE, EDIT], [SEE, FIND, EDIT]),
    Role.OTHER: ([], [SEE], [SEE, FIND]),
}
CASES = [
    pytest.param(role, visibility, action, action in allowed, id=f"{role}-{visibility}-{action}")
    for role, row in TABLE.items()
    for visibility, allowed in zip(("private", "unlisted", "public"), row, strict=True)
    for action in Action
]


@pytest.mark.parametrize(("role", "visibility", "action", "allowed"), CASES)
def test_the_rule(role, visibility, action, allowed):
    assert may(action, role=role, visibility=visibility) is allowed


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "visibility", "action", "allowed"), CASES)
def test_what_is_done(role, visibility, action, allowed, playlist, owner, editor, recordings, now):
    who = {Role.OWNER: owner, Role.EDITOR: editor, Role.OTHER: Listener.objects.create()}[role]
    if visibility != "private":
        describe_playlist(
            listener=owner, gid=playlist.gid, described=Description(visibility=visibility), now=now
        )
    assert attempted(action, who, playlist, recordings, now) is allowed


def attempted(action, who, playlist, recordings, now):
    """Whether it was done; what is refused says that it is not there to who may not even see it."""
    gid = playlist.gid
    if action is SEE:
        return queries.seen_by(who).filter(gid=gid).exists()
    if action is FIND:
        return queries.found_playlists(search("late tram", ("playlist",), 5).gids["playlist"]) == [playlist]
    verbs = {
        EDIT: lambda: add_to_playlist(listener=who, gid=gid, recordings=[recordings[0].gid], now=now),
        DESCRIBE: lambda: describe_playlist(listener=who, gid=gid, described=Description("New"), now=now),
        SHARE: lambda: invite(listener=who, gid=gid, now=now),
        DELETE: lambda: delete_playlist(listener=who, gid=gid, now=now),
    }
    before = Playlist.objects.get(gid=gid).version
    refusal = NotYours if queries.seen_by(who).filter(gid=gid).exists() else PlaylistUnknown
    try:
        verbs[action]()
    except refusal:
        return Playlist.objects.get(gid=gid).version != before
    return True


@pytest.mark.django_db
def test_nobody_at_all_sees_what_others_may(playlist, owner, now):
    assert not queries.seen_by(None).exists()
    with pytest.raises(PlaylistUnknown):
        queries.playlist_seen_by(None, playlist.gid)
    describe_playlist(listener=owner, gid=playlist.gid, described=Description(visibility="unlisted"), now=now)
    assert queries.playlist_seen_by(None, playlist.gid) == playlist
    delete_playlist(listener=owner, gid=playlist.gid, now=now)
    assert not queries.seen_by(owner).exists()
    assert not queries.seen_by(None).exists()
