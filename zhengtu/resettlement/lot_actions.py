"""Drawing lots for homes: commit to a seed, close the list, draw; anybody draws again (``algorithms/lots.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.draw import commitment_of, digest_of_list
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.resettlement.lot_replay import LotDocument, fingerprint
from zhengtu.core.resettlement.lots import drawn_lots
from zhengtu.ledger.act import act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.resettlement import writes
from zhengtu.resettlement.choosing_order import who_choose
from zhengtu.resettlement.models import LotDraw, Site
from zhengtu.resettlement.recording import new_fact, reason

DRAW: Final = "lot.draw"
ANNOUNCED: Final = "lots_announced"
DRAWN: Final = "lots_drawn"


def prepare_lots(*, actor: Actor, site: Site, title: str, now: datetime) -> str:
    """Commit to a seed that the machine drew: its fingerprint is in the ledger before any list is closed.

    Returns:
        the code of the drawing.

    Raises:
        Refused: no right, or no title.
    """
    division = site.code[:6]
    with act(actor, DRAW, on=Subject(code=division), at=now) as deed:
        if not title.strip():
            raise Refused(reason("title", N_("A drawing needs a title."), N_("Say for which homes it is.")))
        code, seed = writes.next_lot_code(division), writes.new_seed()
        deed.record(because=[reason(
            "committed", N_("Drawing %(draw)s: fingerprint of the seed %(commitment)s."), draw=code,
            commitment=commitment_of(seed),
        )])
        writes.insert_lot_draw(
            code=code, site=site, title=title.strip(), seed=seed, commitment=commitment_of(seed)
        )
        return code


def close_list(
    *, actor: Actor, draw: str, households: Sequence[str], files: Sequence[OfferedFile], now: datetime
) -> str:
    """Close and publish the list of a drawing; returns the deed's key.

    Raises:
        Refused: no right, closed already, nobody or somebody twice in the list, a family that does not choose here, or
            no announcement attached.
    """
    with act(actor, DRAW, on=Subject(code=draw), at=now) as deed:
        row = _locked(draw)
        reasons: list[Reason] = []
        if row.list_digest:
            reasons.append(reason("closed", N_("The list of this drawing is closed."), N_("Prepare a new drawing.")))
        if not households or len(set(households)) != len(households):
            reasons.append(reason(
                "list", N_("The list is empty, or a family stands in it twice."), N_("Correct the list."),
            ))
        choosing = who_choose(row.site_id, on=deed.recorded_on)
        reasons += [
            reason(
                "not_choosing", N_("Household %(household)s does not choose a home of this site."),
                N_("Strike it: it waits for another site, has a home, or chose another way."), household=one,
            )
            for one in sorted(set(households) - set(choosing))[:20]
        ]
        digest = digest_of_list(dict.fromkeys(households))
        given = {"commitment": row.commitment, "list_digest": digest}
        fact = new_fact(
            ANNOUNCED, draw, deed.recorded_on, given, today=deed.recorded_on, files=files, reasons=reasons
        )
        key = deed.record(facts=[fact], evidence=kept_files(files, reasons))
        writes.close_lot_list(row, households=sorted(households), list_digest=digest)
        return key


def draw_lots(*, actor: Actor, draw: str, now: datetime) -> str:
    """Draw: the seed is revealed with the order that it makes of the closed list; returns the deed's key.

    Raises:
        Refused: no right, a list that is not closed, or a drawing that was held.
    """
    with act(actor, DRAW, on=Subject(code=draw), at=now) as deed:
        row = _locked(draw)
        if not row.list_digest:
            raise Refused(reason("open_list", N_("The list is not closed."), N_("Close and publish the list first.")))
        if row.drawn_on is not None:
            raise Refused(reason("drawn", N_("This drawing was held; nothing is drawn a second time.")))
        order = list(drawn_lots(row.households, seed=row.seed).order)
        told = {"seed": row.seed, "order_sha256": fingerprint(_document(row, order=order, on=deed.recorded_on))}
        reasons: list[Reason] = []
        fact = new_fact(DRAWN, draw, deed.recorded_on, told, today=deed.recorded_on, files=(), reasons=reasons)
        if reasons:
            raise Refused(*reasons)
        key = deed.record(facts=[fact])
        writes.keep_lot_order(row, order=order, drawn_on=deed.recorded_on)
        return key


def published(row: LotDraw) -> LotDocument:
    """What everybody may hold of a drawing that was held.

    Raises:
        ValueError: when it was not held yet; the seed is then nobody's.
    """
    if row.drawn_on is None:
        raise ValueError(f"the drawing {row.code} has not been held")
    return _document(row, order=row.order, on=row.drawn_on)


def _document(row: LotDraw, *, order: Sequence[str], on: date) -> LotDocument:
    return LotDocument(
        draw=row.code, site=row.site_id, title=row.title, drawn_on=on, commitment=row.commitment,
        list_digest=row.list_digest, households=tuple(row.households), seed=row.seed, order=tuple(order),
    )


def _locked(draw: str) -> LotDraw:
    row = LotDraw.objects.select_for_update().filter(pk=draw).first()
    if row is None:
        raise Refused(reason("no_draw", N_("There is no drawing %(draw)s."), draw=draw))
    return row
