"""``tiffin catalog lineage``, ``impact`` and ``traces``: where assets come from, and what an edit touches."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType

from tiffin.capabilities.catalog.service.lineage import estate_of, impact
from tiffin.capabilities.catalog.service.lineage_plain import impact_as_plain, walk_as_plain
from tiffin.capabilities.catalog.service.lineage_traces import traces_of
from tiffin.capabilities.catalog.service.lineage_walks import Way, walk
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

AssetArgument = Annotated[str, typer.Argument(help="Asset, such as metric:late_share or column:orders.placed_at.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the catalog's."""
    app.command("lineage")(lineage)
    app.command("impact")(show_impact)
    app.command("traces")(traces)


def lineage(
    asset: AssetArgument,
    *,
    up: Annotated[bool, typer.Option("--up", help="Only what it stands on.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Only what stands on it.")] = False,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where an asset comes from and where it goes to, through every step.

    JSON: {"asset", "up": [{"asset", "label", "steps", "through"}], "down": [...], "links": [{"earlier", "later",
    "how"}]}.
    """
    if up and down:
        raise WrongUse(Message("--up and --down exclude each other. Leave both out to see both directions."))
    way = Way.UP if up else Way.DOWN if down else Way.BOTH
    with open_context(workspace, user=user) as context:
        payload = walk_as_plain(walk(context, AssetId.parse(asset), way), context.locale)
    emit(payload, as_json=as_json, human=_walked)


def show_impact(
    asset: AssetArgument,
    *,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what an edit of an asset touches, before it is made: certified metrics and people first.

    JSON: {"asset", "count", "hidden", "certified": [asset], "people": [text], "touched": {kind: [{"asset", "steps"}]}}.
    """
    with open_context(workspace, user=user) as context:
        payload = impact_as_plain(impact(context, AssetId.parse(asset)))
    emit(payload, as_json=as_json, human=_touched)


def traces(
    kind: Annotated[AssetKind, typer.Option(help="Kind of asset to trace.")] = AssetKind.TILE,
    *,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Trace every tile to the columns of files behind it, and name what comes from elsewhere.

    JSON: {"kind", "assets", "traced", "wholly", "traces": [{"asset", "feeds", "columns", "elsewhere": {column:
    [source]}}]}.
    """
    with open_context(workspace, user=user) as context:
        found = traces_of(estate_of(context).graph, kind)
    payload = {
        "kind": kind.value,
        "assets": len(found),
        "traced": sum(one.is_traced for one in found),
        "wholly": sum(one.is_from_files for one in found),
        "traces": [
            {
                "asset": one.asset.text,
                "feeds": [feed.text for feed in one.feeds],
                "columns": [column.text for column in one.columns],
                "elsewhere": {key.text: [value.text for value in values] for key, values in one.elsewhere.items()},
            }
            for one in found
        ],
    }
    emit(payload, as_json=as_json, human=_traced)


def _walked(payload: Mapping[str, Any]) -> RenderableType:
    rows = [
        (direction, one["asset"], one["steps"], one["through"])
        for direction in ("up", "down")
        for one in payload[direction]
    ]
    return table_of(("direction", "asset", "steps", "through"), rows, title=payload["asset"])


def _touched(payload: Mapping[str, Any]) -> RenderableType:
    certified = set(payload["certified"])
    rows = [
        (kind, one["asset"], one["steps"], "certified" if one["asset"] in certified else "")
        for kind, reached in payload["touched"].items()
        for one in reached
    ]
    head = f"An edit of {payload['asset']} touches {payload['count']} assets, {len(certified)} of them certified."
    hidden = f" {payload['hidden']} more are not yours to see." if payload["hidden"] else ""
    people = f"Tell: {', '.join(payload['people'])}." if payload["people"] else "Nobody is known to answer for them."
    return Group(head + hidden, people, table_of(("kind", "asset", "steps", ""), rows))


def _traced(payload: Mapping[str, Any]) -> RenderableType:
    rows = [
        (
            one["asset"],
            len(one["columns"]),
            len(one["feeds"]),
            "; ".join(f"{column}: {', '.join(sources)}" for column, sources in one["elsewhere"].items()),
        )
        for one in payload["traces"]
    ]
    head = (
        f"{payload['traced']} of {payload['assets']} are traced to their sources; "
        f"for {payload['wholly']} every column that they read is filled by files."
    )
    return Group(head, table_of(("asset", "file columns", "feeds", "from elsewhere only"), rows))
