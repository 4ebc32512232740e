"""What goes into the package, folder by folder, out of one moment of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from publisher.evidence import tables, words
from publisher.evidence.discreet import discreet
from publisher.evidence.names import safe, safe_path
from publisher.evidence.package import Package, Thing, to_json
from publisher.evidence.readable import readable
from publisher.orders import Exposure
from publisher.store.evidence import EVIDENCE, Moment

_ROLES = {"attachment": "附件", "image": "图片"}


@dataclass(frozen=True, kw_only=True)
class Contents:
    """One item's evidence, being written. Files are read and written one by one."""

    package: Package
    moment: Moment
    zone: tzinfo
    as_of: datetime

    def write(self, exposed: Mapping[str, Exposure], readme: str) -> None:
        made = Thing(role="readme", origin="本证据包的说明", at=self.as_of, facts={})
        self.package.add(["README.txt"], readme.encode("utf-8-sig"), made)
        for version in self.moment.versions:
            self._version(version)
        self._walk()
        self._renditions()
        self._proofs()
        self._exposed(exposed)
        moment = self.moment
        self._table(words.REFUSED, tables.REFUSALS, moment.refusals, "系统的退回记录")
        self._table(words.DEEDS, tables.AUDIT, moment.audit, "系统的操作记录，只增不改")

    def _version(self, version: Mapping[str, Any]) -> None:
        number, at = version["number"], version["received_at"]
        place = [words.APPROVED, f"第{number}版"]
        facts = {"version": number, "content_hash": version["content_hash"]}
        assets = [one for one in self.moment.assets if one["version"] == number]
        by = version["received_by"]

        def put(name: str, data: bytes, role: str, origin: str) -> None:
            thing = Thing(role=role, origin=origin, at=at, facts=facts)
            self.package.add([*place, name], data, thing)

        put("content.json", version["content"].encode(), "content", f"{by}提交，经审批的原始字节")
        put("approval.json", to_json(version["approval"]), "approval", f"{by}提交的审批记录")
        paths = {one["name"]: self._asset(one, place, facts) for one in assets}
        beside = {name: path.removeprefix("/".join(place) + "/") for name, path in paths.items()}
        html, text = readable(version, assets, beside, self.zone)
        put("正文.html", html.encode(), "readable", "由 content.json 生成，供阅读")
        put("正文.txt", text.encode("utf-8-sig"), "readable", "由 content.json 生成，供阅读")

    def _asset(self, one: Mapping[str, Any], place: Sequence[str], facts: Mapping[str, Any]) -> str:
        word = _ROLES[one["role"]]
        thing = Thing(
            role=one["role"],
            origin=f"随第{one['version']}版提交的{word}：{one['title']}",
            at=one["received_at"],
            facts={**facts, "name": one["name"], "media_type": one["media_type"]},
        )
        return self.package.add(
            [*place, word, safe(one["name"])], self.moment.read(one["sha256"]), thing
        )

    def _walk(self) -> None:
        moment = self.moment
        counts: dict[int, dict[str, int]] = {}
        for row in moment.people:
            counts.setdefault(row["batch_id"], {})[row["status"]] = row["people"]
        batches = [{**row, "recipients": counts.get(row["id"], {})} for row in moment.batches]
        receipts = [
            {**row, "reference": discreet(row["reference"])} if row["kind"] == EVIDENCE else row
            for row in moment.receipts
        ]
        attempts = tables.renamed(moment.attempts, kind="attempt")
        origin = "系统的发布记录"
        self._table(words.WALK, tables.ORDERS, moment.orders, origin)
        self._table(words.WALK, tables.DELIVERIES, moment.deliveries, origin)
        self._table(words.WALK, tables.ATTEMPTS, attempts, f"{origin}，只增不改")
        named = tables.renamed(receipts, kind="receipt")
        self._table(words.WALK, tables.RECEIPTS, named, f"{origin}，只增不改")
        self._table(words.WALK, tables.BATCHES, batches, origin)

    def _renditions(self) -> None:
        for one in self.moment.files:
            frozen = one["frozen_at"].astimezone(self.zone)
            folder = f"{frozen:%Y%m%d-%H%M%S}-{one['key'][:8]}"
            thing = Thing(
                role="rendition",
                origin=f"渠道 {one['channel']} 批次 {one['key']} 的成稿，原样保存",
                at=one["frozen_at"],
                facts={
                    "channel": one["channel"],
                    "batch": one["key"],
                    "name": one["name"],
                    "media_type": one["media_type"],
                },
            )
            place = [words.RENDITIONS, safe(one["channel"]), folder, *safe_path(one["name"])]
            self.package.add(place, self.moment.read(one["sha256"]), thing)

    def _proofs(self) -> None:
        for one in self.moment.receipts:
            if one["kind"] != EVIDENCE:
                continue
            name = discreet(one["reference"])
            thing = Thing(
                role="evidence",
                origin=f"{one['observed_by']}确认投递 {one['delivery_id']} 时交来的文件",
                at=one["observed_at"],
                facts={
                    "channel": one["channel"],
                    "delivery": one["delivery_id"],
                    "by": one["observed_by"],
                    "name": name,
                },
            )
            place = [words.PROOFS, safe(one["channel"]), safe(name)]
            self.package.add(place, self.moment.read(one["sha256"]), thing)

    def _exposed(self, exposed: Mapping[str, Exposure]) -> None:
        rows = [
            {
                "channel": name,
                "seen": one.seen,
                "since": one.since,
                "where": one.where,
                "people": one.people,
                "recall": one.recall,
            }
            for name, one in exposed.items()
        ]
        self._table(words.EXPOSED, tables.EXPOSURE, rows, "按全部投递推算，反映出具时的情况")
        taking_back = [row for row in self.moment.orders if row["action"] == "withdraw"]
        self._table(words.EXPOSED, tables.WITHDRAWALS, taking_back, "系统的发布记录")
        steps = [row for row in self.moment.deliveries if row["action"] == "withdraw"]
        self._table(words.EXPOSED, tables.RECALLS, steps, "系统的发布记录")

    def _table(
        self, folder: str, table: tables.Table, rows: Sequence[Mapping[str, Any]], origin: str
    ) -> None:
        thing = Thing(role=table.name, origin=origin, at=self.as_of, facts={"rows": len(rows)})
        for name, data in tables.files_of(table, rows, self.zone):
            self.package.add([folder, name], data, thing)
