"""What the package says of itself to who opens it."""

APPROVED = "1-批准的内容"
WALK = "2-发布经过"
RENDITIONS = "3-各渠道成稿"
PROOFS = "4-证明文件"
EXPOSED = "5-撤回和可见情况"
REFUSED = "6-退回记录"
DEEDS = "7-操作记录"

README = f"""{{title}}
信息编号：{{item}}
索引号：{{number}}
网页：{{url}}

这是{{city}}信息发布系统为上述信息出具的证据包，反映 {{as_of}} 时的情况。

一、各文件夹

{APPROVED}　每个版本一个文件夹：
　　content.json　审批时计算哈希所用的原始字节，一个字节也不能改
　　approval.json　审批记录：内容哈希，谁、以什么身份、何时审批
　　正文.html、正文.txt　同一内容，供阅读
　　附件、图片　随这一版提交的文件
{WALK}　发布单、投递、尝试、回执、批次；CSV 供人阅读，JSON 供程序读取
{RENDITIONS}　每个渠道、每个批次实际发出（或将要发出）的文件，原样保存；
　　一个批次里可能还有同时发出的其他信息
{PROOFS}　确认播出、张贴等情况时交来的照片、播出单；谁、何时交来见 manifest.json
{EXPOSED}　还有哪里能看到、听到这条信息，撤回办到哪一步
{REFUSED}　用这个编号提交而被退回的记录，只存原因，不存内容
{DEEDS}　谁在何时对这条信息做了什么

收件人只记人数，不含任何手机号码；文字中的个人号码已经遮盖。

二、怎样核对

1. 文件没有被改动：解压后在本文件夹运行
　　　sha256sum -c SHA256SUMS
　　每一行都应是 OK（或“成功”）。
2. 内容就是审批的内容：每个版本 content.json 的 SHA-256 应与同一文件夹 approval.json
　　里的 content_hash 相同：
　　　sha256sum {APPROVED}/第1版/content.json
　　算法见 RFC 8785（规范化 JSON）；附件和图片在 content.json 里以各自的 SHA-256 出现。
3. 证据包本身没有被换过：取出证据包时，它的 SHA-256 已记入系统的操作记录，可向系统管理员核对。

manifest.json 列出每个文件的位置、用途（role）、来历（origin）和时间（at）。
"""
