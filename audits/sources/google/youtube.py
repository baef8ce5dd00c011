"""Videos and playlists of the Person's own YouTube channel that others can see. Private ones are not kept.

The list of uploads is known to leave out videos at times, so it is held against the channel's own count of public
videos: where that is higher, the list was not whole. https://github.com/youtube/api-samples/issues/231
Every call costs one unit of a quota that all people of this installation share, so the pages are few.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from audits.facts import Video
from audits.sources.google import call, values
from audits.sources.google.documents import YOUTUBE, JsonObject, service
from audits.sources.google.errors import IncompleteList, NotFound, Unreadable
from audits.sources.google.scopes import YOUTUBE as YOUTUBE_READ
from audits.sources.google.source import GoogleSource, Reading
from audits.sources.google.values import Record

PAGE_SIZE = 50  # Google's largest, and the most videos one call may name
MOST_UPLOAD_PAGES = 40
MOST_PLAYLIST_PAGES = 10
_PRIVACY = frozenset({"public", "unlisted", "private"})


def read(reading: Reading) -> None:
    channels = _channels(reading)
    counted = sum(_read_uploads(reading, values.record(channel)) for channel in channels)
    if counted > sum(isinstance(fact, Video) and fact.privacy == "public" for fact in reading.facts.values()):
        reading.falls_short(IncompleteList("fewer public videos than the channel counts"))
    if channels:
        _read_playlists(reading)


def _client(reading: Reading) -> Any:
    return service(YOUTUBE, reading.session.root(YOUTUBE))


def _channels(reading: Reading) -> list[Any]:
    """An account without a channel gets no list at all, and a count that says 0."""
    fields = (
        "kind,nextPageToken,pageInfo/totalResults,"
        "items(id,contentDetails/relatedPlaylists/uploads,statistics/videoCount)"
    )
    request = _client(reading).channels().list(mine=True, part="id,contentDetails,statistics", fields=fields)
    answer = call.fetch(reading.session, request, "youtube#channelListResponse")
    if "items" not in answer and values.whole_number(values.record(answer.get("pageInfo")), "totalResults") == 0:
        reading.answered = True
        return []
    return reading.whole_list(answer, "items")


def _read_uploads(reading: Reading, channel: Record) -> int:
    """How many public videos the channel itself counts."""
    uploads = values.record(values.record(channel.get("contentDetails")).get("relatedPlaylists"))
    count = values.whole_number(values.record(channel.get("statistics")), "videoCount")
    playlist_id = values.identity(uploads, "uploads")
    try:
        for page in _upload_pages(reading, playlist_id):
            _read_videos(reading, values.records(page, "items"))
    except NotFound as fault:
        if fault.reason != "playlistNotFound":  # a channel that has uploaded nothing has no such list
            raise
    return count


def _upload_pages(reading: Reading, playlist_id: str) -> Iterator[JsonObject]:
    items = _client(reading).playlistItems()

    def request(token: str | None) -> Any:
        fields = "kind,nextPageToken,items(contentDetails/videoId)"
        return items.list(
            playlistId=playlist_id, part="contentDetails", maxResults=PAGE_SIZE, pageToken=token, fields=fields
        )

    return call.pages(reading.session, request, "youtube#playlistItemListResponse", most=MOST_UPLOAD_PAGES)


def _read_videos(reading: Reading, items: list[Any]) -> None:
    wanted = set()
    for item in items:
        try:
            wanted.add(values.identity(values.record(values.record(item).get("contentDetails")), "videoId"))
        except Unreadable as fault:
            reading.falls_short(fault)
    if not wanted:
        return
    fields = "kind,items(id,snippet(title,publishedAt),status/privacyStatus)"
    request = (
        _client(reading)
        .videos()
        .list(id=",".join(sorted(wanted)), part="snippet,status", maxResults=PAGE_SIZE, fields=fields)
    )
    answer = call.fetch(reading.session, request, "youtube#videoListResponse")
    found = reading.whole_list(answer, "items")
    for one in found:
        _take(reading, one, playlist=False)
    if len(found) < len(wanted):
        reading.falls_short(IncompleteList("videos that Google does not describe"))


def _read_playlists(reading: Reading) -> None:
    playlists = _client(reading).playlists()

    def request(token: str | None) -> Any:
        fields = "kind,nextPageToken,items(id,snippet(title,publishedAt),status/privacyStatus)"
        return playlists.list(mine=True, part="snippet,status", maxResults=PAGE_SIZE, pageToken=token, fields=fields)

    for page in call.pages(reading.session, request, "youtube#playlistListResponse", most=MOST_PLAYLIST_PAGES):
        for one in values.records(page, "items"):
            _take(reading, one, playlist=True)


def _take(reading: Reading, found: object, *, playlist: bool) -> None:
    try:
        record = values.record(found)
        privacy = values.word(values.record(record.get("status")), "privacyStatus", _PRIVACY)
    except Unreadable as fault:
        reading.falls_short(fault)
        return
    if privacy != "private":
        reading.take(partial(_fact, reading, record, privacy, playlist))


def _fact(reading: Reading, record: Record, privacy: str, playlist: bool) -> tuple[str, Video]:
    snippet = values.record(record.get("snippet"))
    fact = Video(
        **reading.stamp,
        video_id=values.identity(record, "id"),
        title=values.name(snippet, "title"),
        playlist=playlist,
        privacy=privacy,
        published_at=values.moment(snippet, "publishedAt"),
    )
    return fact.video_id, fact


SOURCE = GoogleSource(
    name="youtube",
    scopes=(YOUTUBE_READ,),
    calls=(
        "youtube.channels.list",
        "youtube.playlistItems.list",
        "youtube.videos.list",
        "youtube.playlists.list",
    ),
    read=read,
)
