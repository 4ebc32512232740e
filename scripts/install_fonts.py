"""Put the print fonts into a folder:  python scripts/install_fonts.py var/fonts

The faces come out of Debian packages, which are downloaded and unpacked but not installed; so it
needs no root, and the fonts are the same on every machine of one Debian release. A finished folder
holds SHA256SUMS; it is written last, so an interrupted run is seen as unfinished and done again.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from fontTools.ttLib import TTFont

NOTO = "usr/share/fonts/opentype/noto"
FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
DOC = "usr/share/doc"
SUMS = "SHA256SUMS"

NOTE = """\
本文件夹的字体由 scripts/install_fonts.py 从 Debian 软件包中取出，未作修改：
Noto Serif/Sans CJK SC  软件包 fonts-noto-cjk，SIL Open Font License 1.1；
    TTC 合集中只取出简体中文字面，字形与版式特性完整保留。
FandolFang、FandolKai、FandolHei  软件包 texlive-lang-chinese，GPL 附字体例外条款：
    嵌入文档不使文档受 GPL 约束。
许可证原文见 licences 文件夹。
本市已购买授权的字体请按用途放进 site 下的文件夹，排版时优先使用，重新运行安装脚本不会改动它们：
site/小标宋（如方正小标宋）、site/仿宋（如仿宋_GB2312）、site/楷体、site/黑体。
"""


class InstallError(Exception):
    """Why the fonts are not there, in one sentence a person can act on."""


@dataclass(frozen=True)
class Face:
    """One file of the finished folder and where it comes from."""

    package: str
    source: str
    target: str
    family: str = ""
    """For a collection of faces: the family to take out of it."""


FACES = (
    Face("texlive-lang-chinese", f"{FANDOL}/FandolFang-Regular.otf", "FandolFang-Regular.otf"),
    Face("texlive-lang-chinese", f"{FANDOL}/FandolKai-Regular.otf", "FandolKai-Regular.otf"),
    Face("texlive-lang-chinese", f"{FANDOL}/FandolHei-Regular.otf", "FandolHei-Regular.otf"),
    Face(
        "fonts-noto-cjk",
        f"{NOTO}/NotoSerifCJK-Regular.ttc",
        "NotoSerifCJKsc-Regular.otf",
        "Noto Serif CJK SC",
    ),
    Face(
        "fonts-noto-cjk",
        f"{NOTO}/NotoSerifCJK-Bold.ttc",
        "NotoSerifCJKsc-Bold.otf",
        "Noto Serif CJK SC",
    ),
    Face(
        "fonts-noto-cjk",
        f"{NOTO}/NotoSansCJK-Regular.ttc",
        "NotoSansCJKsc-Regular.otf",
        "Noto Sans CJK SC",
    ),
)
LICENCES = (
    Face("fonts-noto-cjk", f"{DOC}/fonts-noto-cjk/copyright", "licences/noto-cjk.txt"),
    Face("texlive-lang-chinese", f"{DOC}/texlive-doc/fonts/fandol/README", "licences/fandol.txt"),
    Face(
        "texlive-lang-chinese",
        f"{DOC}/texlive-doc/fonts/fandol/COPYING.gz",
        "licences/fandol-gpl.txt.gz",
    ),
)
SITE_FACES = ("小标宋", "仿宋", "楷体", "黑体")
"""What the print templates ask the city's own fonts for; see templates/print/lib.typ."""
PACKAGES = tuple(dict.fromkeys(face.package for face in FACES))


def main() -> int:
    parser = argparse.ArgumentParser(description="安装排版用字体（已齐全时立即结束）")
    parser.add_argument("folder", type=Path, help="字体文件夹，例如 var/fonts")
    folder: Path = parser.parse_args().folder.absolute()
    try:
        if is_complete(folder):
            print(f"字体已齐全：{folder}")
        else:
            install(folder)
    except InstallError as error:
        print(f"字体未安装：{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"字体未安装：{error.strerror}（{error.filename}）", file=sys.stderr)
        return 1
    return 0


def is_complete(folder: Path) -> bool:
    """Whether every file of this version of the list is there with the bytes that were written."""
    sums = folder / SUMS
    if not sums.is_file():
        return False
    lines = (line.partition("  ") for line in sums.read_text("utf-8").splitlines())
    listed = {name: hexadecimal for hexadecimal, _, name in lines}
    wanted = {face.target for face in FACES + LICENCES}
    return listed.keys() == wanted and all(
        (folder / name).is_file() and digest(folder / name) == listed[name] for name in wanted
    )


def install(folder: Path) -> None:
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    # Beside the folder, not in it: Typst looks for fonts in all that lies below.
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        work = Path(temporary)
        staged = work / "staged"
        for package in fetch(PACKAGES, work):
            print(f"解包 {package.name.split('_')[0]}", flush=True)
            run(["dpkg-deb", "-x", str(package), str(work / "unpacked")], "软件包无法解开")
            package.unlink()
        for face in FACES + LICENCES:
            take(face, work / "unpacked", staged)
        put_in_place(staged, folder)
    for name in SITE_FACES:
        (folder / "site" / name).mkdir(parents=True, exist_ok=True)
    size = sum((folder / face.target).stat().st_size for face in FACES) / 1e6
    print(f"完成：{len(FACES)} 个字体，{size:.0f} MB，用时 {time.monotonic() - began:.0f} 秒")


def sweep(folder: Path) -> None:
    """Remove what a killed run left behind; a run of this hour may still be under way."""
    for left in folder.parent.glob(f".{folder.name}-*"):
        if time.time() - left.stat().st_mtime > 3600:
            shutil.rmtree(left)


def put_in_place(staged: Path, folder: Path) -> None:
    lines = [f"{digest(staged / face.target)}  {face.target}\n" for face in FACES + LICENCES]
    (staged / "README.txt").write_text(NOTE, "utf-8")
    (staged / SUMS).write_text("".join(lines), "utf-8")
    (folder / SUMS).unlink(missing_ok=True)
    (folder / "licences").mkdir(exist_ok=True)
    for target in [*(face.target for face in FACES + LICENCES), "README.txt", SUMS]:
        (staged / target).replace(folder / target)


def take(face: Face, unpacked: Path, staged: Path) -> None:
    """Copy one file, or the wanted face of a collection; its tables go over as they are."""
    source, target = unpacked / face.source, staged / face.target
    if not source.is_file():
        raise InstallError(
            f"软件包 {face.package} 里没有 {Path(face.source).name}，请换用 Debian 12"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    if not face.family:
        shutil.copyfile(source, target)
        return
    print(f"取出 {face.family}（{target.name}）", flush=True)
    number = 0
    while (font := TTFont(source, fontNumber=number, lazy=True))["name"].getDebugName(
        1
    ) != face.family:
        number += 1
        if number >= font.reader.numFonts:
            raise InstallError(f"{source.name} 里没有 {face.family}")
    font.recalcTimestamp = False  # same package, same bytes
    font.save(target)


# --- Debian packages -------------------------------------------------------------------------


def fetch(packages: Sequence[str], work: Path) -> list[Path]:
    """Download the packages: by the machine's package lists, or by private ones if those fail."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise InstallError("这台机器没有 apt-get，请在 Debian 12 上运行后把整个文件夹复制过来")
    downloads = work / "downloads"
    downloads.mkdir()
    options = ["-q", "-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=20"]
    if os.geteuid() == 0:
        options += ["-o", "APT::Sandbox::User=root"]
    if not download(packages, downloads, options):
        options += private_lists(work / "apt")
        print("更新软件包目录（只用于本次安装，不改动系统）", flush=True)
        failed = "连不上 Debian 软件源，请检查网络或 /etc/apt/sources.list 后重试"
        run(["apt-get", *options, "-o", "APT::Update::Error-Mode=any", "update"], failed)
        if not download(packages, downloads, options):
            raise InstallError(failed)
    return sorted(downloads.glob("*.deb"))


def private_lists(folder: Path) -> list[str]:
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    return ["-o", f"Dir::State::lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}"]


def download(packages: Sequence[str], folder: Path, options: Sequence[str]) -> bool:
    command = ["apt-get", *options, "download", *packages]
    asked = subprocess.run(
        [*command, "--print-uris"], capture_output=True, text=True, cwd=folder, check=False
    )
    if asked.returncode != 0:
        return False
    total = sum(int(line.split()[2]) for line in asked.stdout.splitlines() if line)
    print(f"下载 {'、'.join(packages)}，共 {total / 1e6:.0f} MB", flush=True)
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as apt:
        while apt.poll() is None:
            show_progress(folder, total)
            time.sleep(0.2)
    return apt.returncode == 0


def show_progress(folder: Path, total: int) -> None:
    if not sys.stdout.isatty():
        return
    with suppress(FileNotFoundError):  # apt renames its files meanwhile: the next look will do
        done = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"  {done * 100 // total:3d}%", end="\r", flush=True)


def run(command: Sequence[str], failed: str) -> None:
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        raise InstallError(failed)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, sha256).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
