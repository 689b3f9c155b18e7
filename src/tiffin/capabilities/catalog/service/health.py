"""The health of assets, and of what teams and areas of the business answer for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.health import Health, HealthRules, Sight, health_of
from tiffin.capabilities.catalog.domain.standards import Compliance, Finding
from tiffin.capabilities.catalog.domain.standing import Standing
from tiffin.capabilities.catalog.service.health_rules import read_health_rules
from tiffin.capabilities.catalog.service.standards import compliance_of
from tiffin.capabilities.catalog.service.standing import standings_of
from tiffin.kernel.assets import AssetId
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Examined:
    """Assets with how they stand, what is found against them, and how healthy they are."""

    assets: tuple[Asset, ...]
    standings: Mapping[AssetId, Standing]
    compliance: Compliance
    findings: Mapping[AssetId, tuple[Finding, ...]]
    healths: Mapping[AssetId, Health]
    rules: HealthRules

    def score(self, asset: Asset) -> float | None:
        """Give an asset's score."""
        return self.healths[asset.id].score

    def band(self, asset: Asset) -> str:
        """Name an asset's health: ``good``, ``fair``, ``poor``; empty where nothing is known."""
        score = self.score(asset)
        if score is None:
            return ""
        return "good" if score >= self.rules.good else "fair" if score >= self.rules.fair else "poor"


def examine(
    context: Context, assets: Sequence[Asset], *, country: str | None = None, known: Compliance | None = None
) -> Examined:
    """Look at assets from every side, in what the actor may see or in one country of it.

    Parameters
    ----------
    known : Compliance or None
        How they keep the standards, where that was looked at already.
    """
    listed = tuple(assets)
    standings = standings_of(context, listed, country=country)
    compliance = known or compliance_of(context, listed)
    findings: dict[AssetId, tuple[Finding, ...]] = {}
    for one in compliance.findings:
        findings[one.asset] = (*findings.get(one.asset, ()), one)
    rules = read_health_rules(context.workspace, context.now.date())
    healths = {
        asset.id: health_of(Sight(asset, standings[asset.id], findings.get(asset.id, ()), rules)) for asset in listed
    }
    return Examined(listed, standings, compliance, findings, healths, rules)
