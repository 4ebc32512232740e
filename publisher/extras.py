"""Packages that only some forms of running need: what is said where one is missing."""


def how_to_install(missing: str) -> str:
    """The lock file has every extra, so one command mends whatever is missing."""
    return (
        f"缺少 Python 软件包 {missing}，请在程序所在的文件夹运行 "
        ".venv/bin/pip install --require-hashes -r requirements-distributed.lock"
    )
