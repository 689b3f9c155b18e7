"""Policies that decide cases as assets: the library of decision tables, with the tables from which their cases come."""

from collections.abc import Collection, Iterable, Iterator

from tiffin.capabilities.catalog.domain.assets import Asset, LifeCycle
from tiffin.capabilities.catalog.domain.searching import ANSWERS
from tiffin.capabilities.policies.service.ledger_stated import StatedPolicy
from tiffin.engines.lineage.links import How, Link
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import Classification


def policy_id(policy: StatedPolicy) -> AssetId:
    """Give the one name of a policy."""
    return AssetId(AssetKind.POLICY, policy.name)


def policy_assets(policies: Iterable[StatedPolicy]) -> Iterator[Asset]:
    """Give policies as assets; the day from which what holds today began is their version."""
    for policy in policies:
        yield Asset(
            id=policy_id(policy),
            label=policy.title,
            meaning=policy.question,
            owner=policy.owner,
            classification=Classification.INTERNAL,
            life_cycle=LifeCycle.PROPOSED if policy.is_coming else LifeCycle.ACTIVE,
            contract=policy.since.isoformat(),
            address=f"/policies/{policy.name}",
            file=policy.file,
            tables=policy.tables,
            traits={ANSWERS: True},
        )


def policy_links(policies: Iterable[StatedPolicy], known: Collection[AssetId]) -> Iterator[Link]:
    """Link the tables from which cases come to the policies that decide them; of those that are there."""
    for policy in policies:
        for name in policy.tables:
            table = AssetId(AssetKind.TABLE, name)
            if table in known:
                yield Link(table, policy_id(policy), How.COMPUTED_FROM)
