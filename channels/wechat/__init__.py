"""WeChat Official Account: approved items become one draft of up to eight articles, published
without a push (freepublish). Accepted when WeChat takes it; delivered when it says so later.
"""

from channels.wechat.adapter import Options, WeChatChannel, build

__all__ = ["Options", "WeChatChannel", "build"]
