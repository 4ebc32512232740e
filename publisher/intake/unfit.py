"""Why a file is not taken, in the words that all kinds of files share."""

BROKEN = "打不开，可能在传输中损坏或被截断，请重新导出后再传"
NOT_THIS = "内容和后缀不符，请用原来的文件，不要改后缀"
HIDDEN = "里面夹带了网页、脚本或压缩包，不能收，请重新拍照或重新导出"
MACROS = "里面带有宏或程序，不能收，请另存为不带宏的文件"


class Unfit(Exception):
    """A file that is not taken; one Chinese sentence says why, without the name of a field."""
