"""What a page says after something was done, by the word in its address."""

DONE = {
    "resent": "已重新排队，将很快发出；结果会在这里更新。",
    "noted": "已记下确未发出；这个条目后来有更正、撤回或已到期，不再重发。",
    "confirmed": "已确认送达。",
    "corrected": "更正已下达。",
    "withdrawn": "撤回已下达；下面列出还有哪里看得到。",
    "paused": "渠道已暂停。",
    "resumed": "渠道已恢复。",
    "tried": "已发给测试接收人。",
    "imported": "订户已导入。",
    "stopped": "已停发。",
    "added": "已添加。",
    "changed": "已修改。",
    "ended": "已结束。",
    "password": "密码已修改；在别处的登录都已退出。",
    "revoked": "令牌已作废。",
    "left": "已退出。",
    "again": "已安排马上重试。",
    "stopped_user": "已停用，登录都已退出。",
    "tested": "测试送到了，对方收下了。",
    "deleted": "已删去。",
}
