"""What 云MAS's answers to a submit mean: a literal table from its words to our three failures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from publisher.channel import DeliveryError, OutcomeUnknown, PermanentError, TemporaryError
from publisher.model import ReasonClass

SUCCESS = "success"


@dataclass(frozen=True, slots=True)
class Refusal:
    failure: type[DeliveryError]
    kind: ReasonClass
    reason: str

    def error(self, code: str) -> DeliveryError:
        return self.failure(f"云MAS：{self.reason}", self.kind, code)


def _account(reason: str) -> Refusal:
    return Refusal(PermanentError, ReasonClass.PERMISSION, reason)


def _content(reason: str) -> Refusal:
    return Refusal(PermanentError, ReasonClass.CONTENT, reason)


def _numbers(reason: str) -> Refusal:
    return Refusal(PermanentError, ReasonClass.ADDRESS, reason)


def _quota(reason: str) -> Refusal:
    return Refusal(TemporaryError, ReasonClass.QUOTA, reason)


def _ours(reason: str) -> Refusal:
    return Refusal(PermanentError, ReasonClass.INTERNAL, reason)


_BLACKLISTED = _numbers("这一批里有黑名单号码，平台整批拒收：请停用该订户后重发")
_SENSITIVE = _content("内容含平台的敏感词：请修改标题（title）或短标题（short_title）")
_TEMPLATE = _account("平台要求按模板发送：请客户经理开通普通短信")

REFUSALS: Mapping[str, Refusal] = {
    "IllegalMac": _account("校验码不符：请核对 ec_name、ap_id 和 secret_key"),
    "IllegalSignId": _account("签名编码不对：请核对 sign_code"),
    "NoSignId": _account("没有签名编码：请填写 sign_code"),
    "InvalidMessage": _ours("平台看不懂请求：请核对 base_url、submit_path 与接口协议"),
    "InvalidUsrOrPwd": _account("企业名称或接口账号不对：请核对 ec_name、ap_id 和 secret_key"),
    "TooManyMobiles": _ours("一次的号码太多：请把 max_numbers 调小"),
    "NoMobile": _ours("平台没有收到号码"),
    "NoMobiles": _ours("平台没有收到号码"),
    "DupMobile": _ours("这一批里有重复号码"),
    "InvalidMobile": _numbers("这一批里有不能用的号码，平台整批拒收：请核对订户号码"),
    "NoContent": _ours("平台没有收到内容"),
    "ExceedMaxContentLength": _content("内容太长：请缩短标题，或请客户经理开通长短信"),
    "ContainSensitiveWord": _SENSITIVE,
    "ContainLabsSensitiveWord": _SENSITIVE,
    "ContainBlackList": _BLACKLISTED,
    "ErrGlobalBlackList": _BLACKLISTED,
    "ErrEcBlackList": _BLACKLISTED,
    "IllegalTemplateId": _TEMPLATE,
    "ParamsAndTemplateDoesNotMatch": _TEMPLATE,
    "dailyMaxNumZero": _quota("今天的发送条数已用完：请等到明天，或请客户经理提高日限"),
    "PrepayBalanceZero": _quota("预付费余额不足：请充值"),
    "PrepayOperErr": _quota("预付费扣费失败：请向客户经理核实余额"),
    "RouteNotFound": _account("没有到号码所在网络的路由：请客户经理核实三网开通情况"),
    "NoOtSign": _account("没有登记异网签名：请客户经理为联通、电信号码登记签名"),
    "SenderNotStarted": Refusal(
        TemporaryError, ReasonClass.PROVIDER, "平台的发送程序还没有启动，稍后再试"
    ),
    "IllegalAp": _account("接口账号不合法：请核对 ap_id"),
    "ConflictSignId": _account("签名编码与账号不匹配：请核对 sign_code"),
    "LMSDisabled": _account("没有开通长短信：请客户经理开通，或把 max_parts 设为 1"),
    "IllegalLMS": _account("长短信不合平台要求：请客户经理核实，或把 max_parts 设为 1"),
    "InvalidIP": _account("本机的出口 IP 不在平台白名单里：请客户经理登记"),
    "NoRegister": _account("账号没有登记短信业务：请客户经理核实"),
    # It says that the numbers have this text already: then an earlier call did go out.
    "SameNumberAndContent": Refusal(
        OutcomeUnknown,
        ReasonClass.PROVIDER,
        "平台说这些号码已收过同样的内容：上一次很可能已发出，请核对回执后再定",
    ),
}

_UNLISTED = Refusal(
    PermanentError, ReasonClass.PROVIDER, "拒绝了这一批，代码未收录：请向客户经理核实"
)


def word(value: object) -> str:
    """The other side's own word, if it looks like a code: whatever else it is may name a person."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_:.\-]{1,40}", value):
        return ""
    return "" if re.search(r"\d{7}", value) else value


def group_of(answer: object) -> str:
    """The platform's name for the batch it took (22 digits); raises what anything else means."""
    if not isinstance(answer, dict):
        raise OutcomeUnknown("云MAS的答复看不懂，短信可能已经发出")
    code = word(answer.get("rspcod"))
    accepted = answer.get("success")
    if code == SUCCESS and accepted is True:
        return _group(answer)
    if (refusal := REFUSALS.get(code)) and accepted is not True:
        raise refusal.error(code)
    if accepted is False and code != SUCCESS:
        raise _UNLISTED.error(code)
    raise OutcomeUnknown("云MAS的答复自相矛盾，短信可能已经发出", raw=code)


def _group(answer: Mapping[str, object]) -> str:
    """The key is spelt differently in the two documents of the platform."""
    for key in ("msgGroup", "mgsGroup"):
        group = answer.get(key)
        if isinstance(group, str) and re.fullmatch(r"[0-9A-Za-z]{1,64}", group):
            return group
    raise OutcomeUnknown("云MAS收下了这一批，但没有给出批次号，无法对应回执", raw=SUCCESS)
