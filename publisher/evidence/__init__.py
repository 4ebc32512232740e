"""Evidence: one ZIP that proves what was approved of an item, what went out, and what became of it.

take    for somebody: written to a file of its own, and told in the audit
write   the same bytes for the same moment, whoever asks
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from publisher.evidence.contents import Contents
from publisher.evidence.package import Package
from publisher.evidence.words import README
from publisher.exposure import exposure_of, out_on_sight
from publisher.intake import shown
from publisher.operations import NotPossible, need
from publisher.route import Route
from publisher.spreadsheet import local
from publisher.store import Store

__all__ = ["Evidence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where the evidence of items is taken. `scratch`: where there is room for it."""

    store: Store
    routes: Mapping[str, Route]
    city: str
    zone: tzinfo
    scratch: Path

    def take(self, item_id: str, *, by: str, now: datetime) -> IO[bytes]:
        """A file of no name with the package, at its beginning; it is gone when it is closed.

        Raises NotPossible.
        """
        need(by=by)
        self.scratch.mkdir(parents=True, exist_ok=True)
        file = TemporaryFile(dir=self.scratch)  # noqa: SIM115 - whoever asked closes it
        try:
            self.write(item_id, file, now)
            size = file.tell()
            file.seek(0)
            digest = file_digest(file, "sha256").hexdigest()
            file.seek(0)
            self.store.audit.add(
                at=now,
                actor=by,
                act="evidence_taken",
                detail=f"{size:,} 字节，SHA-256：{digest}",
                item_id=item_id,
            )
        except BaseException:
            file.close()
            raise
        return file

    def write(self, item_id: str, out: IO[bytes], now: datetime) -> None:
        """Write the package of one moment. Raises NotPossible."""
        with self.store.evidence.moment(item_id, out_on_sight(self.routes)) as moment:
            if moment is None:
                raise NotPossible(f"没有编号为「{shown(item_id)}」的信息条目，请核对编号")
            item = moment.item
            of = {
                "item": item["id"],
                "title": item["title"],
                "number": item["number"],
                "url": item["url"],
            }
            package = Package(out, self.zone, now)
            contents = Contents(package=package, moment=moment, zone=self.zone, as_of=now)
            as_of = local(now, self.zone)
            contents.write(
                exposure_of(moment.past, self.routes),
                README.format(city=self.city, as_of=as_of, **of),
            )
            package.finish(of)
