"""YouTube Data v3: the person's own channel, its uploads, its playlists.

A persona's words: `channel` with `title`, `videos` and `playlists`; each of these has `title`, `privacy`, `published`.
A video that is `left_out` is missing from the list of uploads, as happens at YouTube. Without `channel` there is none.
"""

from typing import Any

from google_sandbox.errors import api_error, bad_parameter
from google_sandbox.personas import Persona

from .base import Api, Call, Endpoint
from .drive.resource import opaque
from .page import page_of

Json = dict[str, Any]

PARTS = frozenset({"snippet", "contentDetails", "status", "statistics"})  # shown only when asked for


def channels_listed(call: Call) -> Json:
    """Without a channel the answer has no `items` at all."""
    if not call["mine"]:
        raise bad_parameter("No filter selected. Expected one of: mine", "parameters", "missingRequiredParameter")
    rows = [_channel(call.persona, call.persona.channel)] if call.persona.channel else []
    answer = _list(call, "channel", rows)
    return answer if rows else {name: value for name, value in answer.items() if name != "items"}


def _channel(persona: Persona, words: Json) -> Json:
    public = [video for video in words["videos"] if video["privacy"] == "public"]
    return {
        "kind": "youtube#channel",
        "etag": "sandbox",
        "id": f"UC{_tail(persona)}",
        "snippet": {"title": words["title"], "description": "", "publishedAt": "2019-04-02T10:00:00Z"},
        "contentDetails": {"relatedPlaylists": {"likes": "LL", "uploads": uploads_of(persona)}},
        "statistics": {"viewCount": "40", "videoCount": str(len(public)), "hiddenSubscriberCount": False},
        "status": {"privacyStatus": "public", "isLinked": True, "longUploadsStatus": "eligible"},
    }


def _tail(persona: Persona) -> str:
    return opaque(persona.account.email + "/channel")[:22]


def uploads_of(persona: Persona) -> str:
    return f"UU{_tail(persona)}"


def playlist_items_listed(call: Call) -> Json:
    """Only the uploads. A channel that has uploaded nothing has no such list (404 playlistNotFound)."""
    channel = call.persona.channel
    videos = [video for video in channel["videos"] if not video.get("left_out")] if channel else []
    if not videos or call["playlistId"] != uploads_of(call.persona):
        message = "The playlist identified with the request's <code>playlistId</code> parameter cannot be found."
        where = ("playlistId", "parameter")
        raise api_error(404, message, "playlistNotFound", domain="youtube.playlistItem", where=where)
    return _list(call, "playlistItem", [_playlist_item(video) for video in videos])


def _playlist_item(video: Json) -> Json:
    return {
        "kind": "youtube#playlistItem",
        "etag": "sandbox",
        "id": f"VVV{video_id(video)}",
        "contentDetails": {"videoId": video_id(video), "videoPublishedAt": _time(video)},
        "status": {"privacyStatus": video["privacy"]},
    }


def video_id(video: Json) -> str:
    return opaque(video["title"])[:11]


def videos_listed(call: Call) -> Json:
    """By ids. What is not there, or is another's, is left out of the answer."""
    wanted = (call["id"] or "").split(",")
    if not call["id"] or len(wanted) > 50:
        raise bad_parameter("Invalid value for parameter: id", "id", "invalidFilters")
    channel = call.persona.channel or {"videos": []}
    by_id = {video_id(video): video for video in channel["videos"]}
    return _list(call, "video", [_video(call.persona, by_id[one]) for one in wanted if one in by_id], paged=False)


def _video(persona: Persona, video: Json) -> Json:
    return {
        "kind": "youtube#video",
        "etag": "sandbox",
        "id": video_id(video),
        "snippet": _snippet(persona, video),
        "status": {"uploadStatus": "processed", "privacyStatus": video["privacy"], "embeddable": True},
    }


def _snippet(persona: Persona, words: Json) -> Json:
    title = words["title"]
    return {"publishedAt": _time(words), "channelId": f"UC{_tail(persona)}", "title": title, "description": ""}


def _time(words: Json) -> str:
    return f"{words['published']}T18:20:00Z"


def playlists_listed(call: Call) -> Json:
    if call.persona.channel is None:
        message = "Channel not found."
        raise api_error(404, message, "channelNotFound", domain="youtube.playlist", where=("channelId", "parameter"))
    return _list(call, "playlist", [_playlist(call.persona, one) for one in call.persona.channel.get("playlists", ())])


def _playlist(persona: Persona, words: Json) -> Json:
    return {
        "kind": "youtube#playlist",
        "etag": "sandbox",
        "id": f"PL{opaque(words['title'])[:32]}",
        "snippet": _snippet(persona, words),
        "status": {"privacyStatus": words["privacy"]},
    }


def _list(call: Call, kind: str, rows: list[Json], *, paged: bool = True) -> Json:
    """Of each row only the parts that were asked for."""
    unasked = PARTS - set(call["part"].split(","))
    unknown = sorted(set(call["part"].split(",")) - PARTS - {"id"})
    if unknown:
        raise bad_parameter(f"'{unknown[0][:40]}'", "part", "unknownPart")
    size = call["maxResults"] if paged else 50
    page, token = page_of(call, rows, size, call["pageToken"] if paged else None, call["playlistId"] or "")
    shown = [{name: value for name, value in row.items() if name not in unasked} for row in page]
    answer: Json = {"kind": f"youtube#{kind}ListResponse", "etag": "sandbox", "items": shown}
    answer["pageInfo"] = {"totalResults": len(rows), "resultsPerPage": size}
    return answer | ({"nextPageToken": token} if token else {})


API = Api(
    "youtube.v3",
    "youtube.googleapis.com",
    {
        "youtube.channels.list": Endpoint(channels_listed),
        "youtube.playlistItems.list": Endpoint(playlist_items_listed),
        "youtube.videos.list": Endpoint(videos_listed),
        "youtube.playlists.list": Endpoint(playlists_listed),
    },
    batch_calls=50,
)
