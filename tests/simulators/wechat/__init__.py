"""A stand-in for the WeChat Official Account interface: tokens, pictures, drafts, publishing."""

from tests.simulators.wechat.simulator import Account, WeChatSimulator

__all__ = ["Account", "WeChatSimulator"]
