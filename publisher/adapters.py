"""Adapters: found by their dotted names and given their options. The only importer of channels/.

What is wrong with a name or an option is a ConfigError with the path of the key.
"""

import importlib
from importlib.metadata import entry_points
from types import ModuleType

from pydantic import ValidationError

from config.console import SignInRule, WebhookRules
from config.settings import AlertRule, ChannelRules, ConfigError, describe
from publisher.alert import Hook
from publisher.channel import Channel, House
from publisher.postman import Postman
from publisher.signin import SignIn


def find_channel(name: str, rules: ChannelRules, house: House) -> Channel:
    """The channel that a stanza of the settings describes."""
    module = _adapter(name, rules.adapter)
    try:
        options = module.Options.model_validate(rules.options)
    except ValidationError as error:
        raise ConfigError(describe(error, f"channels.{name}.options")) from None
    try:
        channel: Channel = module.build(name, options, house)
    except ValueError as error:
        raise ConfigError(f"channels.{name}.options：{error}") from None
    return channel


def find_hook(rule: AlertRule) -> Hook:
    """The hook that tells staff, by the dotted name of its module."""
    try:
        module = importlib.import_module(rule.adapter)
    except ModuleNotFoundError:
        raise ConfigError(f"alerts.adapter：找不到提醒方式 {rule.adapter}") from None
    try:
        options = module.Options.model_validate(rule.options)
    except ValidationError as error:
        raise ConfigError(describe(error, "alerts.options")) from None
    hook: Hook = module.build(options)
    return hook


def find_sign_in(rule: SignInRule) -> SignIn | None:
    """The city's own account system, by the dotted name of its module; None: passwords only."""
    if not rule.adapter:
        return None
    try:
        module = importlib.import_module(rule.adapter)
    except ModuleNotFoundError:
        raise ConfigError(f"sign_in.adapter：找不到登录方式 {rule.adapter}") from None
    try:
        options = module.Options.model_validate(rule.options)
    except ValidationError as error:
        raise ConfigError(describe(error, "sign_in.options")) from None
    found: SignIn = module.build(options)
    return found


def find_postman(rules: WebhookRules) -> Postman:
    """What calls the addresses of webhooks."""
    module = importlib.import_module("channels._webhooks")
    try:
        options = module.Options(
            networks=rules.networks,
            connect_timeout=rules.connect_timeout,
            read_timeout=rules.read_timeout,
        )
    except ValidationError as error:
        raise ConfigError(describe(error, "webhooks")) from None
    found: Postman = module.build(options)
    return found


def _adapter(name: str, adapter: str) -> ModuleType:
    """The adapter's module: by dotted name, or of an installed package by its entry point."""
    for entry in entry_points(group="publisher.channels", name=adapter):
        found: ModuleType = entry.load()
        return found
    try:
        return importlib.import_module(adapter)
    except ModuleNotFoundError:
        raise ConfigError(f"channels.{name}.adapter：找不到适配器 {adapter}") from None
