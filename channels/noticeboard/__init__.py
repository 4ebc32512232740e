"""公示栏: a sheet to print and hang up, and the same file for the archive (PDF/A-2a, PDF/UA-1).

Putting it out means putting the file where the clerk prints from; that it hangs, a person confirms.
"""

from channels.noticeboard.adapter import NoticeBoard, Options, build

__all__ = ["NoticeBoard", "Options", "build"]
