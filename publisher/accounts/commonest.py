"""What is guessed first: the words most passwords are made of, and the ways along the keyboard.

Figures and signs around such a word, or in the place of its letters, make it no better.
"""

_WORDS = """
admin administrator manager master operator root superadmin superuser sysadmin system test
tester testtest user username guest default changeme login temp temporary demo public
password passwords mypassword yourpassword newpassword adminpassword passwordpassword passw
passwd pass secret letmein welcome welcomeback hello helloworld iloveyou loveyou football
baseball dragon monkey sunshine princess superman batman computer internet windows microsoft
server database office company china beijing hebei shanghai guangdong zhongguo huawei tencent
wechat weixin alibaba taobao xiaomi qwerty qwertyuiop qwer qwert asdf asdfgh asdfghjkl zxcv
zxcvbn zxcvbnm qaz qazwsx qazwsxedc qweasd qweasdzxc qwaszx abc abcd abcde abcdef aa aaa aaaa
woaini woaiwojia woaizhongguo woshishui wangluo mima mimamima dianhua denglu guanliyuan
guanli yonghu xitong zhengfu zhengwu zhengwugongkai gongkai bangongshi xinxi xinxigongkai
shizhengfu xianzhengfu wangzhan fabu publish publisher editor caozuoyuan
密码 我的密码 管理员 我爱你 我爱中国 中国 政务公开 政府 办公室 你好
"""
CORES = frozenset(_WORDS.split())
WALKS = (
    "01234567890",
    "1234567890",
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
)
