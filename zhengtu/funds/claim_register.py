"""The register of claims: which household's payments claim which asset; the database takes each claim once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q

from zhengtu.accounts.sealing import search_index, unseal
from zhengtu.core.funds.asset_claims import Asset, Claim, EarlierPayment, claim_reasons, claims_of
from zhengtu.core.funds.payments import UNDER_WAY
from zhengtu.core.kernel.reasons import Reason
from zhengtu.funds.balances import PAYMENTS, money_facts
from zhengtu.funds.models import AssetClaim, LineState, PaymentLine
from zhengtu.funds.payees import account_index
from zhengtu.ledger.models import Milestones
from zhengtu.registry.models import Household


def key_of(claim: Claim) -> str:
    """The keyed hash under which a claim is kept."""
    return search_index(f"{claim.kind}:{claim.text}")


def assets_of(
    households: Sequence[Household], *, accounts: Mapping[str, str], other_property: Iterable[str] = ()
) -> dict[str, Asset]:
    """What each household claims.

    Args:
        accounts: household -> keyed hash of the account that is paid.
        other_property: households of which somebody confirmed that their owner is also paid for another one.
    """
    buildings = _counted("building", [one.building_id for one in households if one.building_id])
    parcels = _counted("parcel", [one.parcel_id for one in households if one.parcel_id])
    confirmed = set(other_property)
    return {
        one.code: Asset(
            household=one.code, building=one.building_id or "", room=one.room, parcel=one.parcel_id or "",
            is_sole_in_building=buildings[one.building_id or ""] == 1,
            is_sole_on_parcel=parcels[one.parcel_id or ""] == 1,
            address=one.address, identity_index=one.identity_index,
            account_index=accounts.get(one.code, ""), is_other_property=one.code in confirmed,
        )
        for one in households
    }


def _counted(field: str, codes: Sequence[str]) -> Counter[str]:
    rows = Household.objects.filter(**{f"{field}__in": set(codes)}).values_list(f"{field}_id", flat=True)
    return Counter(rows)


def claim(
    assets: Mapping[str, Asset], *, order: str, on: date
) -> dict[str, list[Reason]]:
    """Claim every asset for its household, inside an open deed; whoever claims first in time has it.

    Returns:
        household -> why it may not be paid, where another holds one of its claims; such a household claims nothing.
    """
    _claim_history(assets)
    wanted = {code: {key_of(one): one for one in claims_of(asset)} for code, asset in assets.items()}
    found: dict[str, list[Reason]] = {}
    # First what was claimed before, then one after the other what is new: two of the same order may clash as well.
    held = _held({key for keys in wanted.values() for key in keys})
    fresh: list[AssetClaim] = []
    for code in sorted(wanted):
        reasons = _clashes(code, wanted[code], held)
        if reasons:
            found[code] = reasons
            continue
        for key, one in wanted[code].items():
            if key not in held:
                held[key] = EarlierPayment(one.kind, code, order, on)
                fresh.append(
                    AssetClaim(key=key, kind=one.kind, household_id=code, order_id=order or None, claimed_on=on)
                )
    AssetClaim.objects.bulk_create(sorted(fresh, key=lambda one: one.key), ignore_conflicts=True, batch_size=2000)
    now = _held({one.key for one in fresh})
    for code in {one.household_id for one in fresh}:
        reasons = _clashes(code, wanted[code], now)
        if reasons:
            found[code] = reasons
    return found


def _clashes(code: str, wanted: Mapping[str, Claim], held: Mapping[str, EarlierPayment]) -> list[Reason]:
    by_claim = {one: held[key] for key, one in wanted.items() if key in held}
    return claim_reasons(code, claims=wanted.values(), held=by_claim)


def _held(keys: Iterable[str]) -> dict[str, EarlierPayment]:
    rows = AssetClaim.objects.filter(key__in=list(keys))
    return {
        row.key: EarlierPayment(row.kind, row.household_id, row.order_id or "", row.claimed_on)  # type: ignore[arg-type]
        for row in rows
    }


def _claim_history(assets: Mapping[str, Asset]) -> None:
    """Enter claims of what was paid before orders were kept, to owners who are paid again now."""
    indexes = {asset.identity_index for asset in assets.values() if asset.identity_index}
    paid = Milestones.objects.filter(paid_on__isnull=False).values("subject")
    twins = list(
        Household.objects.filter(Q(identity_index__in=indexes), code__in=paid)
        .exclude(code__in=list(assets)).exclude(asset_claims__isnull=False)
    )
    if not twins:
        return
    accounts = {one.code: account_index(str(unseal(one.personal_sealed).get("account", ""))) for one in twins}
    dates = dict(Milestones.objects.filter(subject__in=accounts).values_list("subject", "paid_on"))
    rows = [
        AssetClaim(key=key_of(one), kind=one.kind, household_id=code, order=None, claimed_on=dates[code])
        for code, asset in assets_of(twins, accounts=accounts).items()
        for one in claims_of(asset)
    ]
    AssetClaim.objects.bulk_create(sorted(rows, key=lambda one: one.key), ignore_conflicts=True, batch_size=2000)


def release(households: Iterable[str]) -> None:
    """Give back the claims of households of which nothing is paid and nothing is under way any more."""
    codes = set(households)
    alive = set(
        PaymentLine.objects.filter(household__in=codes)
        .filter(Q(state=LineState.PAID) | Q(state=LineState.PENDING, order__state__in=UNDER_WAY))
        .values_list("household_id", flat=True)
    )
    facts = money_facts(sorted(codes - alive))
    paid = {code for code, held in facts.items() if any(fact.kind in PAYMENTS for fact in held)}
    AssetClaim.objects.filter(household__in=codes - alive - paid).delete()
